import pytest

from simulators.github import INSTALLATION_ID, PAT, create_app
from tests.simulators.hub import CONFIG, TOOLS, GitHub, app_jwt

TOKENS = f"/app/installations/{INSTALLATION_ID}/access_tokens"


async def test_a_request_without_user_agent_is_stopped_before_the_api(github: GitHub) -> None:
    answer = await github.http.get(CONFIG, headers={"User-Agent": ""})
    assert answer.status_code == 403
    assert "User-Agent" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_version_there_is_none_of_is_refused(github: GitHub) -> None:
    assert (await github.http.get(CONFIG, headers={"X-GitHub-Api-Version": "2022-11-28"})).status_code == 200
    assert (await github.http.get(CONFIG, headers={"X-GitHub-Api-Version": "2021-01-01"})).status_code == 400


async def test_what_one_may_not_see_is_not_there(github: GitHub) -> None:
    for account, path, status in [
        ("", CONFIG, 404), ("", TOOLS, 200), ("nobody", CONFIG, 404), ("developer", "/repos/nordhaven/payroll", 404),
        ("mrossi", CONFIG, 200), ("wanderer-7", TOOLS, 200),
    ]:  # fmt: skip
        github.become(account)
        assert (await github.http.get(path)).status_code == status


async def test_who_may_only_read_is_refused_a_write(github: GitHub) -> None:
    github.become("mrossi")
    write = {"message": "m", "content": "eA=="}
    assert (await github.refused("PUT", f"{CONFIG}/contents/x.txt", write))[0] == 403
    await github.send("POST", f"{CONFIG}/issues", {"title": "Whoever reads may ask"})


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "1"}, {"iss": None}, {"exp": None}, {"exp": 1}, {"exp": 9_999_999_999}, {"iat": 9_999_999_999},
        {"iat": None},
    ],
)  # fmt: skip
async def test_a_jwt_with_a_wrong_claim_proves_nothing(github: GitHub, claims: dict[str, object]) -> None:
    github.bear(app_jwt(github.clock(), **claims))
    assert (await github.refused("POST", TOKENS))[0] == 401


async def test_the_client_id_may_issue_a_jwt_too_and_a_forged_one_proves_nothing(github: GitHub) -> None:
    good = app_jwt(github.clock(), iss="Iv1.nordhaven")
    github.bear(good)
    assert (await github.http.post(TOKENS)).status_code == 201
    github.bear(good[:-8] + "AAAAAAAA")
    assert await github.refused("POST", TOKENS) == (401, "A JSON web token could not be decoded")


async def test_an_installation_token_does_what_it_was_narrowed_to(github: GitHub) -> None:
    issued = await github.install(repositories=["network-config"], permissions={"contents": "read"})
    assert issued["permissions"] == {"contents": "read", "metadata": "read"}
    assert [each["name"] for each in issued["repositories"]] == ["network-config"]
    github.bear(issued["token"])
    assert (await github.http.get(f"{CONFIG}/contents/README.md")).status_code == 200
    assert (await github.http.get("/repos/nordhaven/network-docs")).status_code == 404
    assert await github.refused("GET", f"{CONFIG}/issues") == (403, "Resource not accessible by integration")
    answer = await github.http.post(f"{CONFIG}/issues", json={"title": "x"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")
    assert answer.headers["x-accepted-github-permissions"] == "issues=write"


async def test_nobody_gets_more_than_the_installation_has(github: GitHub) -> None:
    for body in ({"permissions": {"members": "write"}}, {"repositories": ["payroll"]}, {"repository_ids": [1]}):
        await github.install(status=422, **body)


async def test_an_installation_token_ends_after_an_hour_or_when_revoked(github: GitHub) -> None:
    await github.be_installation()
    github.clock.advance(3599)
    assert (await github.http.get(CONFIG)).status_code == 200
    github.clock.advance(1)
    assert await github.refused("GET", CONFIG) == (401, "Bad credentials")
    await github.be_installation()
    assert (await github.http.delete("/installation/token")).status_code == 204
    assert await github.refused("GET", CONFIG) == (401, "Bad credentials")


async def test_a_classic_token_says_its_scopes(github: GitHub) -> None:
    github.bear(PAT)
    assert (await github.http.get(CONFIG)).headers["x-oauth-scopes"] == "repo, workflow, read:org"
    assert (await github.get("/user"))["login"] == "nordhaven-ci"


async def test_a_renamed_repository_leads_on_with_301_and_307(github: GitHub) -> None:
    answer = await github.http.get("/repos/nordhaven/netconf/issues/4", params={"x": "y"})
    assert (answer.status_code, answer.headers["location"]) == (301, "http://github/repositories/880001/issues/4?x=y")
    assert (await github.get(answer.headers["location"]))["number"] == 4
    assert (await github.http.post("/repos/nordhaven/netconf/issues", json={"title": "x"})).status_code == 307


async def test_an_enterprise_server_has_the_api_below_a_path_and_no_limits() -> None:
    async with GitHub.with_behaviour(enterprise_version="3.19.0") as github:
        answer = await github.http.get(f"/api/v3{CONFIG}/commits", params={"per_page": 1})
        assert answer.headers["x-github-enterprise-version"] == "3.19.0"
        assert "x-ratelimit-limit" not in answer.headers
        assert "<http://github/api/v3/repos/" in answer.headers["link"]
        assert answer.json()[0]["url"].startswith("http://github/api/v3/repos/")


async def test_the_controls_are_not_there_unless_asked_for() -> None:
    async with GitHub.over(create_app()) as github:
        for path in ("faults", "clock", "requests", "tokens", "limits"):
            assert (await github.http.get(f"/__sim/{path}")).status_code == 404
