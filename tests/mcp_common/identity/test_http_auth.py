"""What a client of a protected path sees, and what the application behind it is given."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from mcp_common.identity.http_auth import BearerAuth, protected_resource_metadata
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.principal import Principal, current_principal
from mcp_common.testing.issuer import SigningIssuer, signing_key

METADATA = "https://mcp.test/.well-known/oauth-protected-resource/mcp"
URL = "https://mcp.test/mcp"


class Behind:
    """The application behind the door: notes what it is given."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.principals: list[Principal | None] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await asyncio.sleep(0)
        self.principals.append(current_principal.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def failures() -> list[str]:
    return []


@pytest.fixture
def door(behind: Behind, verifier: OidcVerifier, failures: list[str]) -> BearerAuth:
    return BearerAuth(
        behind,
        identity=verifier,
        protected=lambda path: path.startswith("/mcp"),
        resource_metadata_url=METADATA,
        on_failure=lambda reason, _: failures.append(reason),
    )


@pytest.fixture
async def client(door: BearerAuth) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(door)) as client:
        yield client


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_good_token_lets_the_caller_in_and_is_nowhere_but_in_the_state(
    issuer: SigningIssuer, client: httpx2.AsyncClient, behind: Behind, failures: list[str]
) -> None:
    token = issuer.token()
    response = await client.get(URL, headers=_bearer(token))
    assert (response.status_code, failures) == (200, [])
    state = behind.scopes[0]["state"]
    assert (state["principal"].subject, state["token"]) == ("alice", token)
    assert 0 < state["auth_seconds"] < 5
    assert behind.principals == [state["principal"]]
    assert current_principal.get() is None
    assert b"authorization" not in dict(behind.scopes[0]["headers"])


async def test_callers_at_the_same_time_keep_their_own_identity(
    issuer: SigningIssuer, client: httpx2.AsyncClient, behind: Behind
) -> None:
    names = [f"user-{number}" for number in range(50)]
    await asyncio.gather(*(client.get(URL, headers=_bearer(issuer.token(name))) for name in names))
    seen = [principal.subject for principal in behind.principals if principal]
    assert sorted(seen) == sorted(names)


async def test_open_paths_need_no_token(client: httpx2.AsyncClient, behind: Behind) -> None:
    assert (await client.get("https://mcp.test/healthz")).status_code == 200
    assert behind.principals == [None]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
async def test_without_a_token_the_challenge_says_where_to_log_in_and_nothing_more(
    headers: dict[str, str], client: httpx2.AsyncClient, behind: Behind, failures: list[str]
) -> None:
    response = await client.post(URL, headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == f'Bearer resource_metadata="{METADATA}"'
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not authenticated",
        "status": 401,
        "detail": "Send an access token in the Authorization header: 'Authorization: Bearer <token>'.",
        "code": "unauthenticated",
    }
    assert (behind.scopes, failures) == ([], ["no_credentials"])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda issuer: issuer.token(exp=1), "expired"),
        (lambda issuer: issuer.token(aud="another"), "claim_aud"),
        (lambda issuer: issuer.token(key=signing_key("RS256", 99)), "unknown_key"),
        (lambda _: "a.b.c", "malformed"),
        (lambda _: "x" * 9000, "oversized"),
        (lambda _: "two words", "malformed"),
    ],
)
async def test_a_token_that_does_not_hold_is_challenged_as_invalid(
    make: Callable[[SigningIssuer], str],
    reason: str,
    issuer: SigningIssuer,
    client: httpx2.AsyncClient,
    behind: Behind,
    failures: list[str],
) -> None:
    response = await client.get(URL, headers=_bearer(make(issuer)))
    assert response.status_code == 401
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer error="invalid_token", error_description="')
    assert challenge.endswith(f'resource_metadata="{METADATA}"')
    assert response.json()["detail"] in challenge
    assert (behind.scopes, failures) == ([], [reason])


async def test_two_authorization_headers_are_refused_even_when_one_is_good(
    issuer: SigningIssuer, client: httpx2.AsyncClient, behind: Behind, failures: list[str]
) -> None:
    both = [("Authorization", f"Bearer {issuer.token()}"), ("Authorization", "Bearer x.y.z")]
    response = await client.get(URL, headers=both)
    assert response.status_code == 400
    assert 'error="invalid_request"' in response.headers["WWW-Authenticate"]
    assert response.json()["code"] == "invalid_request"
    assert (behind.scopes, failures) == ([], ["invalid_request"])


@pytest.mark.parametrize("with_header", [True, False])
async def test_a_token_in_the_address_is_refused(
    with_header: bool, issuer: SigningIssuer, client: httpx2.AsyncClient, behind: Behind
) -> None:
    headers = _bearer(issuer.token()) if with_header else {}
    response = await client.get(URL, params={"access_token": issuer.token()}, headers=headers)
    assert response.status_code == 400
    assert 'error="invalid_request"' in response.headers["WWW-Authenticate"]
    assert behind.scopes == []


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
async def test_the_scheme_may_be_written_in_any_case(
    scheme: str, issuer: SigningIssuer, client: httpx2.AsyncClient
) -> None:
    response = await client.get(URL, headers={"Authorization": f"{scheme} {issuer.token()}"})
    assert response.status_code == 200


async def test_a_provider_that_is_down_is_not_the_callers_fault(
    issuer: SigningIssuer, client: httpx2.AsyncClient, behind: Behind, failures: list[str]
) -> None:
    issuer.down = True
    response = await client.get(URL, headers=_bearer(issuer.token()))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert "WWW-Authenticate" not in response.headers
    assert response.json()["code"] == "unavailable"
    assert "issuer.test" not in response.text
    assert (behind.scopes, failures) == ([], ["unavailable"])


async def test_the_metadata_address_may_depend_on_the_request(behind: Behind, verifier: OidcVerifier) -> None:
    door = BearerAuth(
        behind,
        identity=verifier,
        protected=lambda _: True,
        resource_metadata_url=lambda scope: f'https://m.test{scope["path"]}"\r\nX: y',
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(door)) as client:
        response = await client.get(URL)
    assert response.headers["WWW-Authenticate"] == 'Bearer resource_metadata="https://m.test/mcpX: y"'


async def test_a_websocket_without_a_token_is_closed_before_it_opens(door: BearerAuth, behind: Behind) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    await door({"type": "websocket", "path": "/mcp", "headers": [], "query_string": b""}, receive, send)
    assert [(message["type"], message["code"]) for message in sent] == [("websocket.close", 1008)]
    assert behind.scopes == []


@pytest.mark.parametrize("scopes", [[], ["mcp:use"]])
def test_the_metadata_says_where_to_log_in_and_how_to_send_the_token(scopes: list[str]) -> None:
    expected: dict[str, Any] = {
        "resource": URL,
        "authorization_servers": ["https://issuer.test"],
        "bearer_methods_supported": ["header"],
        "resource_name": "catalyst-center",
    } | ({"scopes_supported": scopes} if scopes else {})
    assert protected_resource_metadata(URL, ["https://issuer.test"], scopes, "catalyst-center") == expected
