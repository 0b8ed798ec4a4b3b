"""In whose name GitHub is called: as the App, by a caller's own token, or with a token of an account."""

from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic_core import from_json

from mcp_common.callers import calling
from mcp_common.errors import Busy, Unavailable, UpstreamUnauthorized
from mcp_common.principal import Principal
from mcp_github.calls.repositories import list_page, repository
from mcp_github.client import GitHubClient
from tests.mcp_github.far_side import REPO, REPOSITORY, ScriptedHub, client_of, json, refused

KEY = RSAKey.generate_key(2048, private=True)
APP: dict[str, Any] = {
    "token": None,
    "client_id": "Iv1.nordhaven",
    "app_id": 4711,
    "installation_id": 9001,
    "private_key": KEY.as_pem(private=True).decode(),
}
INSTALLATION = "GET /app/installations/9001"
TOKENS = "POST /app/installations/9001/access_tokens"
EPOCH = 1_767_225_600


@pytest.fixture
def hub() -> ScriptedHub:
    hub = ScriptedHub()
    hub.on(INSTALLATION, json({"account": {"login": "nordhaven"}, "permissions": {"contents": "write"}}))
    hub.on(TOKENS, *(json({"token": f"ghs_{n}", "expires_at": f"2026-01-01T0{n}:00:00Z"}, 201) for n in range(1, 5)))
    return hub


def carried(hub: ScriptedHub) -> list[str]:
    return [request.headers["Authorization"] for request in hub.sent(f"GET {REPO}")]


async def test_the_app_proves_itself_and_gets_a_token_for_an_hour(hub: ScriptedHub) -> None:
    await repository(client_of(hub, **APP), REPOSITORY)
    asked = hub.sent(TOKENS)[0]
    claims = jwt.decode(asked.headers["Authorization"].removeprefix("Bearer "), KEY, algorithms=["RS256"]).claims
    assert claims == {"iss": "Iv1.nordhaven", "iat": EPOCH - 60, "exp": EPOCH + 540}
    assert claims["exp"] - claims["iat"] <= 600
    assert carried(hub) == ["Bearer ghs_1"]


async def test_every_request_says_what_it_is(hub: ScriptedHub) -> None:
    await repository(client_of(hub, **APP), REPOSITORY)
    for request in hub.requests:
        assert request.headers["Accept"] == "application/vnd.github+json"
        assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"
        assert request.headers["User-Agent"] == "mcp-platform-github"


async def test_a_token_is_renewed_five_minutes_early(hub: ScriptedHub) -> None:
    github = client_of(hub, **APP)
    for _ in range(4):
        await repository(github, REPOSITORY)
        await github.clock.sleep(1_000)
    assert carried(hub) == ["Bearer ghs_1"] * 4
    await repository(github, REPOSITORY)
    assert carried(hub)[-1] == "Bearer ghs_2"


async def test_a_revoked_token_is_replaced_once(hub: ScriptedHub) -> None:
    hub.on(f"GET {REPO}", refused(401, "Bad credentials"), json({"full_name": REPOSITORY}))
    await repository(client_of(hub, **APP), REPOSITORY)
    assert carried(hub) == ["Bearer ghs_1", "Bearer ghs_2"]


async def test_the_app_id_serves_where_there_is_no_client_id(hub: ScriptedHub) -> None:
    await repository(client_of(hub, **APP | {"client_id": None}), REPOSITORY)
    token = hub.sent(TOKENS)[0].headers["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, KEY, algorithms=["RS256"]).claims["iss"] == "4711"


async def test_calls_of_no_tool_get_a_token_that_may_next_to_nothing(hub: ScriptedHub) -> None:
    await repository(client_of(hub, **APP), REPOSITORY)
    assert from_json(hub.sent(TOKENS)[0].content) == {"permissions": {"metadata": "read"}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"private_key": "no key"}, "private_key"),
        ({"private_key": RSAKey.generate_key(2048).as_pem(private=False).decode()}, "private_key"),
        ({"installation_id": None}, "installation_id"),
        ({"installation_id": "../../x"}, "installation_id"),
        ({"client_id": None, "app_id": None}, "client_id"),
        ({"private_key": None}, "token"),
        ({"private_key": None, "token": "a\nb"}, "token"),
        ({"private_key": None, "token": 5}, "token"),
    ],
)
async def test_an_unusable_secret_says_what_is_wrong(changes: dict[str, Any], words: str, hub: ScriptedHub) -> None:
    with pytest.raises(Unavailable, match=words):
        await repository(client_of(hub, **APP | changes), REPOSITORY)
    assert not hub.requests


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(401, "A JSON web token could not be decoded"), UpstreamUnauthorized),
        (refused(404, "Integration not found"), Unavailable),
        (refused(422, "The permissions requested are not granted to this installation."), Unavailable),
        (refused(403, "This installation has been suspended"), UpstreamUnauthorized),
        (refused(403, "You have exceeded a secondary rate limit", **{"Retry-After": "30"}), Busy),
        (json({"token": ""}, 201), Unavailable),
        (httpx2.Response(500), Unavailable),
    ],
)
async def test_a_login_that_fails_is_not_taken_for_the_call(
    answer: httpx2.Response, error: type[Exception], hub: ScriptedHub
) -> None:
    hub.on(TOKENS, answer)
    with pytest.raises(error):
        await repository(client_of(hub, **APP), REPOSITORY)
    assert not carried(hub)


def caller(subject: str, **more: Any) -> Principal:
    return Principal(subject=subject, issuer="https://id.test", **more)


USERS = APP | {"user_tokens": {"kvisser": "ghu_k", "npatel": "ghu_n"}}


async def acting(github: GitHubClient, who: Principal) -> str | None:
    with calling(who):
        await repository(github, REPOSITORY)
        return await github.acting_as()


async def test_who_has_a_token_acts_with_it_and_the_app_for_the_others(hub: ScriptedHub) -> None:
    github = client_of(hub, **USERS)
    assert await acting(github, caller("kvisser")) == "kvisser"
    assert await acting(github, caller("somebody")) is None
    assert await acting(github, caller("id-7", username="npatel")) == "npatel"
    assert carried(hub) == ["Bearer ghu_k", "Bearer ghs_1", "Bearer ghu_n"]


async def test_a_name_people_choose_themselves_does_not_count(hub: ScriptedHub) -> None:
    github = client_of(hub, **USERS)
    assert await acting(github, caller("id-7", name="kvisser", email="kvisser")) is None
    assert await acting(github, caller("kvisser", username="mallory")) is None


async def test_a_users_refused_token_is_not_replaced_by_the_apps(hub: ScriptedHub) -> None:
    hub.on(f"GET {REPO}", refused(401, "Bad credentials"))
    with pytest.raises(UpstreamUnauthorized):
        await acting(client_of(hub, **USERS), caller("kvisser"))
    assert set(carried(hub)) == {"Bearer ghu_k"}


async def test_which_repositories_there_are_depends_on_who_asks(hub: ScriptedHub) -> None:
    shown = [{"full_name": REPOSITORY}]
    hub.on("GET /installation/repositories", json({"total_count": 1, "repositories": shown}))
    hub.on("GET /user/repos", json(shown))
    github = client_of(hub, **USERS)
    assert (await list_page(github, None, limit=5, cursor=None)).total == 1
    with calling(caller("kvisser")):
        assert len((await list_page(github, None, limit=5, cursor=None)).items) == 1
    assert len(hub.sent("GET /user/repos")) == len(hub.sent("GET /installation/repositories")) == 1


async def test_enterprise_server_has_its_api_below_a_path() -> None:
    hub = ScriptedHub()
    hub.on(f"GET /api/v3{REPO}", json({"full_name": REPOSITORY}))
    await repository(client_of(hub, base_url="https://ghe.example/api/v3"), REPOSITORY)
    assert str(hub.requests[0].url) == f"https://ghe.example/api/v3{REPO}"
    assert hub.requests[0].headers["Authorization"] == "Bearer ghp_x"


async def test_writes_of_an_account_keep_a_second_apart(hub: ScriptedHub) -> None:
    hub.on("POST /x", json({}, 201))
    github = client_of(hub)
    before = github.clock.now()
    for _ in range(3):
        await github.change(dict[str, Any], "POST", "/x")
    assert github.clock.now() - before == 2
    github._next_write = github.clock.now() + 60
    with pytest.raises(Busy):
        await github.change(dict[str, Any], "POST", "/x")
    assert len(hub.sent("POST /x")) == 3
