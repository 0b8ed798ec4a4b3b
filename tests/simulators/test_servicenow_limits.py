import pytest

from simulators.servicenow import create_app
from simulators.servicenow.behaviour import RateRule
from tests.simulators.snow import TABLE, Snow

INCIDENTS = f"{TABLE}/incident"


async def test_a_new_instance_says_nothing_of_limits(snow: Snow) -> None:
    answer = await snow.http.get(INCIDENTS)
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


async def test_beyond_the_hours_number_there_is_429_until_the_next_hour() -> None:
    async with Snow.with_behaviour(rate_rules=(RateRule(2),)) as snow:
        snow.clock.advance(600)
        answers = [await snow.http.get(INCIDENTS) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].headers["x-ratelimit-limit"] == "2"
        assert answers[0].headers["x-ratelimit-reset"] == str(int(snow.clock()) + 3000)
        assert len(answers[0].headers["x-ratelimit-rule"]) == 32
        assert "retry-after" not in answers[1].headers
        assert answers[2].headers["retry-after"] == "3000"
        assert answers[2].json() == {
            "error": {
                "message": "Rate limit exceeded",
                "detail": "Rate limit of 2 requests per hour for Table API exceeded",
            },
            "status": "failure",
        }
        snow.clock.advance(3000)
        assert (await snow.http.get(INCIDENTS)).status_code == 200


@pytest.mark.parametrize(
    ("account", "limit"), [("netops", "200"), ("aperez", "100"), ("changemanager", "50"), ("developer", "500")]
)
async def test_a_rule_for_the_user_beats_one_for_a_role_and_that_one_for_all(account: str, limit: str) -> None:
    """Of two roles' rules the lower number counts."""
    rules = (
        RateRule(500),
        RateRule(200, user="netops"),
        RateRule(100, role="itil"),
        RateRule(50, role="change_manager"),
        RateRule(1, method="DELETE"),
        RateRule(1, path="/api/now/attachment*"),
    )
    async with Snow.with_behaviour(rate_rules=rules) as snow:
        snow.become(account)
        assert (await snow.http.get(INCIDENTS)).headers["x-ratelimit-limit"] == limit


async def test_users_do_not_use_up_each_others_hour() -> None:
    async with Snow.with_behaviour(rate_rules=(RateRule(1),)) as snow:
        assert (await snow.http.get(INCIDENTS)).status_code == 200
        assert (await snow.http.get(INCIDENTS)).status_code == 429
        snow.become("netops")
        assert (await snow.http.get(INCIDENTS)).status_code == 200


async def test_a_sleeping_instance_answers_everything_with_200_and_a_page() -> None:
    async with Snow.with_behaviour(hibernating=True) as snow:
        for answer in (await snow.http.get(INCIDENTS), await snow.token("client_credentials")):
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/html")
            assert "hibernating" in answer.text


async def test_a_gateway_in_front_may_spoil_a_request(snow: Snow) -> None:
    snow.faults.add("html", "*/incident", status=503, times=1)
    assert (await snow.http.get(INCIDENTS)).status_code == 503
    assert (await snow.http.get(INCIDENTS)).status_code == 200


async def test_the_controls_are_not_there_unless_asked_for() -> None:
    async with Snow.over(create_app()) as snow:
        for path in ("faults", "clock", "requests", "scripts", "tokens"):
            assert (await snow.http.get(f"/__sim/{path}")).status_code == 400


async def test_an_operator_lets_time_pass_and_sets_faults_over_http(snow: Snow) -> None:
    before = snow.clock()
    assert (await snow.http.put("/__sim/clock", json={"advance": 60})).json()["now"] == before + 60
    refused = await snow.http.put("/__sim/clock", json={"advance": -1})
    assert (refused.status_code, refused.json()["status"]) == (400, "failure")
    await snow.http.put("/__sim/faults", json={"kind": "status", "status": 500, "times": 1})
    assert (await snow.http.get(INCIDENTS)).status_code == 500
    seen = (await snow.http.get("/__sim/requests")).json()
    assert [request["status"] for request in seen["requests"]] == []
