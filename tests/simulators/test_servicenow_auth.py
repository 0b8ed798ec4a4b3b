import uuid
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from simulators.servicenow import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME
from simulators.servicenow.auth.oauth import JWT_BEARER
from simulators.servicenow.behaviour import OAuthClient
from tests.simulators.snow import NOBODY, TABLE, TOKEN, Snow

KEY = RSAKey.generate_key(2048, private=True)
OTHER = RSAKey.generate_key(2048, private=True)
PEOPLE = f"{TABLE}/sys_user"


def client(**options: Any) -> dict[str, OAuthClient]:
    return {CLIENT_ID: OAuthClient(public_key=KEY.as_pem(private=False).decode(), **options)}


def assertion(snow: Snow, key: RSAKey = KEY, *, kid: str = "k1", **changed: Any) -> str:
    now = int(snow.clock())
    claims = {
        "iss": CLIENT_ID,
        "aud": CLIENT_ID,
        "sub": "netops",
        "iat": now,
        "exp": now + 300,
        "jti": uuid.uuid4().hex,
    } | changed
    return jwt.encode({"alg": "RS256", "kid": kid}, {k: v for k, v in claims.items() if v is not None}, key)


async def bearer(snow: Snow, **changed: Any) -> httpx2.Response:
    return await snow.token(JWT_BEARER, assertion=assertion(snow, **changed))


async def who(snow: Snow, token: str) -> str:
    (row,) = (await snow.with_token(token)).json()["result"]
    return str(row["user_name"])


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic Og==", "Bearer abc", "Basic bWNwLXBsYXRmb3JtOng="])
async def test_nobody_comes_in_without_credentials(snow: Snow, header: str) -> None:
    answer = await snow.http.get(PEOPLE, headers={"Authorization": header}, auth=NOBODY)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'BASIC realm="Service-now"'
    assert answer.json() == {
        "error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"},
        "status": "failure",
    }


async def test_a_401_may_be_a_page() -> None:
    async with Snow.with_behaviour(html_unauthorized=True) as snow:
        answer = await snow.http.get(PEOPLE, auth=httpx2.BasicAuth(USERNAME, "wrong"))
        assert answer.status_code == 401
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("column", [{"active": "false"}, {"locked_out": "true"}])
async def test_a_closed_account_and_its_tokens_are_good_for_nothing(snow: Snow, column: dict[str, str]) -> None:
    token = (await snow.token("client_credentials")).json()["access_token"]
    assert await who(snow, token) == USERNAME
    snow.instance.tables["sys_user"][snow.ids.person(USERNAME)].update(column)
    snow.http.cookies.clear()
    assert (await snow.http.get(PEOPLE)).status_code == 401
    assert (await snow.with_token(token)).status_code == 401
    assert (await snow.token("client_credentials")).status_code == 401


async def test_client_credentials_act_as_the_applications_user_and_cannot_be_refreshed() -> None:
    async with Snow.with_behaviour(clients={CLIENT_ID: OAuthClient(runs_as="developer")}) as snow:
        answer = (await snow.token("client_credentials")).json()
        token = answer.pop("access_token")
        assert answer == {"scope": "useraccount", "token_type": "Bearer", "expires_in": 1799}
        assert await who(snow, token) == "developer"


async def test_a_password_brings_a_refresh_token_that_outlives_the_access_token(snow: Snow) -> None:
    answer = (await snow.token("password", username="netops", password="netops-demo")).json()
    assert answer["expires_in"] == 1799
    assert await who(snow, answer["access_token"]) == "netops"
    snow.clock.advance(1799)
    refused = await snow.with_token(answer["access_token"])
    assert refused.status_code == 401
    assert refused.json()["error"]["message"] == "User Not Authenticated"
    newer = (await snow.token("refresh_token", refresh_token=answer["refresh_token"])).json()
    assert newer["access_token"] != answer["access_token"]
    assert newer["refresh_token"] == answer["refresh_token"]
    assert await who(snow, newer["access_token"]) == "netops"
    snow.clock.advance(8_640_000)
    assert (await snow.token("refresh_token", refresh_token=answer["refresh_token"])).status_code == 401


async def test_asking_again_gives_the_same_token_with_what_is_left_of_it(snow: Snow) -> None:
    first = (await snow.token("client_credentials")).json()
    snow.clock.advance(1700)
    again = (await snow.token("client_credentials")).json()
    assert again == first | {"expires_in": 99}


async def test_a_signed_assertion_makes_the_application_somebody_else() -> None:
    async with Snow.with_behaviour(clients=client()) as snow:
        answer = await bearer(snow)
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"access_token", "scope", "token_type", "expires_in"}
        assert await who(snow, answer.json()["access_token"]) == "netops"
        assert (await bearer(snow, aud=f"http://snow{TOKEN}")).status_code == 200
    async with Snow.with_behaviour(clients=client(subject="email", audience="https://x", key_id="k1")) as snow:
        good: dict[str, Any] = {"sub": "jonas.brandt@nordhaven.example", "aud": ["https://x"]}
        assert await who(snow, (await bearer(snow, **good)).json()["access_token"]) == "netops"
        assert (await bearer(snow, **good, kid="k2")).status_code == 401
        assert (await bearer(snow, **good | {"aud": CLIENT_ID})).status_code == 401
        assert (await bearer(snow, **good | {"sub": "netops"})).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"key": OTHER},
        {"iss": "somebody"},
        {"aud": "somewhere"},
        {"sub": "nobody-knows"},
        {"jti": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"exp": 1},
        {"exp": "soon"},
        {"iat": 9_999_999_999},
        {"nbf": 9_999_999_999},
    ],
)
async def test_an_assertion_with_anything_wrong_is_refused_without_a_reason(changed: dict[str, Any]) -> None:
    async with Snow.with_behaviour(clients=client()) as snow:
        answer = await bearer(snow, **changed)
        assert answer.status_code == 401
        assert answer.json() == {"error_description": "access_denied", "error": "server_error"}


async def test_an_assertion_is_good_once_and_clocks_may_differ_a_little() -> None:
    async with Snow.with_behaviour(clients=client()) as snow:
        signed = assertion(snow)
        answers = [await snow.token(JWT_BEARER, assertion=signed) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 401]
        late = assertion(snow)
        snow.clock.advance(599)
        assert (await snow.token(JWT_BEARER, assertion=late)).status_code == 200
        snow.clock.advance(2)
        assert (await snow.token(JWT_BEARER, assertion=late)).status_code == 401


async def test_assertions_are_refused_where_no_key_is_registered(snow: Snow) -> None:
    assert (await snow.token(JWT_BEARER, assertion=assertion(snow))).status_code == 401


async def test_a_text_that_is_no_assertion_is_refused() -> None:
    async with Snow.with_behaviour(clients=client()) as snow:
        for text in ("", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."):
            assert (await snow.token(JWT_BEARER, assertion=text)).status_code == 401


async def test_only_a_form_with_the_applications_secret_is_taken(snow: Snow) -> None:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    wrong = await snow.token("client_credentials", client_secret="wrong")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (await snow.http.post(TOKEN, params=form, auth=NOBODY)).status_code == 401
    assert (await snow.http.post(TOKEN, json=form, auth=NOBODY)).status_code == 401
    assert (await snow.token("implicit")).status_code == 400
    assert (await snow.token("password", username="netops", password="wrong")).status_code == 401
    assert (await snow.http.get(TOKEN, auth=NOBODY)).status_code == 405


async def test_a_shared_cookie_jar_makes_everybody_the_first_one(snow: Snow) -> None:
    mine = (await snow.token("password", username="netops", password="netops-demo")).json()["access_token"]
    yours = (await snow.token("password", username="aperez", password="aperez-demo")).json()["access_token"]
    assert await who(snow, mine) == "netops"
    assert {"JSESSIONID", "glide_user_route"} <= set(snow.http.cookies)
    query = {"sysparm_query": "user_name=javascript:gs.getUserName()", "sysparm_fields": "user_name"}
    mixed = await snow.http.get(PEOPLE, params=query, headers={"Authorization": f"Bearer {yours}"}, auth=NOBODY)
    assert mixed.json()["result"] == [{"user_name": "netops"}]
    assert await who(snow, yours) == "aperez"


async def test_a_session_ends_and_alone_it_does_not_write(snow: Snow) -> None:
    await snow.http.get(PEOPLE, params={"sysparm_limit": 1})
    body = {"short_description": "x", "caller_id": snow.ids.person("lchen")}
    assert (await snow.http.get(PEOPLE, auth=NOBODY)).status_code == 200
    assert (await snow.http.post(f"{TABLE}/incident", json=body, auth=NOBODY)).status_code == 401
    snow.clock.advance(1800)
    assert (await snow.http.get(PEOPLE, auth=NOBODY)).status_code == 401


async def test_an_api_key_is_its_users_where_there_is_one() -> None:
    async with Snow.with_behaviour(api_keys={"k3y": "developer"}) as snow:
        header = {"x-sn-apikey": "k3y"}
        query = {"sysparm_query": "user_name=javascript:gs.getUserName()"}
        (row,) = (await snow.http.get(PEOPLE, params=query, headers=header, auth=NOBODY)).json()["result"]
        assert row["user_name"] == "developer"
        snow.http.cookies.clear()
        assert (await snow.http.get(PEOPLE, headers={"x-sn-apikey": "no"}, auth=NOBODY)).status_code == 401


async def test_an_operator_voids_tokens(snow: Snow) -> None:
    answer = (await snow.token("password", username=USERNAME, password=PASSWORD)).json()
    assert (await snow.http.delete("/__sim/tokens", params={"refresh": "keep"})).status_code == 204
    assert (await snow.with_token(answer["access_token"])).status_code == 401
    assert (await snow.token("refresh_token", refresh_token=answer["refresh_token"])).status_code == 200
    assert (await snow.http.delete("/__sim/tokens")).status_code == 204
    assert (await snow.token("refresh_token", refresh_token=answer["refresh_token"])).status_code == 401
    assert (await snow.http.get("/__sim/requests")).json()["logins"] == 2
