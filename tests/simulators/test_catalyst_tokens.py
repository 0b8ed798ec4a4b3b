import httpx2
import pytest

from simulators.catalyst_center import PASSWORD, USERNAME, Behaviour, create_app
from simulators.catalyst_center.behaviour import RateLimit
from tests.simulators.center import V1, Center

LOGIN = "/dna/system/api/v1/auth/token"
COUNT = f"{V1}/network-device/count"


async def test_a_login_answers_with_a_capital_token_and_no_expiry(center: Center) -> None:
    answer = await center.http.post(LOGIN, auth=(USERNAME, PASSWORD))
    assert answer.status_code == 200
    assert list(answer.json()) == ["Token"]


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic Og==", "Bearer abc", "Basic bWNwLXBsYXRmb3JtOng="])
async def test_a_login_without_the_right_account_is_refused(center: Center, header: str) -> None:
    answer = await center.http.post(LOGIN, headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_call_without_a_token_is_refused_outside_the_envelope(center: Center) -> None:
    answer = await center.http.get(COUNT, headers={"X-Auth-Token": "made-up"})
    assert answer.status_code == 401
    assert "response" not in answer.json()


async def test_a_token_is_good_for_an_hour_and_then_refused(center: Center) -> None:
    center.clock.advance(3599)
    assert (await center.http.get(COUNT)).status_code == 200
    center.clock.advance(1)
    assert (await center.http.get(COUNT)).status_code == 401
    await center.log_in()
    assert (await center.http.get(COUNT)).status_code == 200


async def test_a_controller_that_restarts_forgets_every_token(center: Center) -> None:
    assert (await center.http.delete("/__sim/tokens")).status_code == 204
    assert (await center.http.get(COUNT)).status_code == 401


@pytest.mark.parametrize("path", ["/", "/nowhere", f"{V1}/nowhere", f"{V1}/network-device/", "/dna/intent/api/v3/site"])
async def test_a_path_nobody_serves_gets_the_gateways_404(center: Center, path: str) -> None:
    answer = await center.http.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"message": "no Route matched with those values"}


@pytest.mark.parametrize("retry_after", [True, False])
async def test_more_than_so_many_calls_a_minute_get_429_with_or_without_retry_after(retry_after: bool) -> None:
    app = create_app(behaviour=Behaviour(rate_limit=RateLimit(2, retry_after=retry_after)))
    async with Center.over(app) as center:
        await center.log_in()
        answers = [await center.http.get(COUNT) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert ("retry-after" in answers[2].headers) is retry_after


async def test_the_controls_are_not_there_unless_asked_for() -> None:
    async with Center.over(create_app()) as center:
        for path in ("faults", "clock", "deployments", "requests", "tokens"):
            assert (await center.http.get(f"/__sim/{path}")).status_code == 404
            assert (await center.http.put(f"/__sim/{path}", json=[])).status_code == 404


async def test_what_was_asked_is_known_afterwards(center: Center) -> None:
    await center.http.get(COUNT, params={"hostname": "x"})
    await center.http.get(COUNT, headers={"X-Auth-Token": "made-up"})
    seen = (await center.http.get("/__sim/requests")).json()
    assert seen["logins"] == 1
    assert [(r["path"], r["query"], r["status"]) for r in seen["requests"][-2:]] == [
        (COUNT, "hostname=x", 200),
        (COUNT, "", 401),
    ]


async def test_an_accounts_name_is_on_what_it_does() -> None:
    app = create_app(behaviour=Behaviour(accounts={"observer": "secret"}))
    async with Center.over(app) as center:
        answer = await center.http.post(LOGIN, auth=httpx2.BasicAuth("observer", "secret"))
        assert answer.status_code == 200
        assert (await center.http.post(LOGIN, auth=(USERNAME, PASSWORD))).status_code == 401
