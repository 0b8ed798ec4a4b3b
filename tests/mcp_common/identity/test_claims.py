"""What a verified token makes of its bearer."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_common.oidc_auth import OidcVerifier
from mcp_common.testing.issuer import SigningIssuer

Trusting = Callable[..., OidcVerifier]


async def test_a_token_becomes_a_principal_with_everything_the_platform_needs(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    token = issuer.token(
        "alice",
        ["network-engineers", "admin", "admin"],
        acr="urn:mfa",
        amr=["pwd", "hwk"],
        auth_time=1_799_999_990,
        scope="openid mcp:use",
        act={"sub": "agent-1", "act": {"client_id": "gateway"}},
    )
    alice = await verifier.verify(token)
    assert (alice.subject, alice.issuer, alice.label) == ("alice", issuer.issuer, "alice")
    assert alice.groups == ("admin", "network-engineers")
    assert alice.actors == ("agent-1", "gateway")
    assert (alice.acr, alice.amr, alice.auth_time) == ("urn:mfa", ("pwd", "hwk"), 1_799_999_990)
    assert (alice.client_id, alice.scopes) == ("mcp-client", ("openid", "mcp:use"))
    assert alice.expires_at == 1_800_003_600
    assert token not in repr(alice)


@pytest.mark.parametrize(
    ("claim", "value", "config", "groups"),
    [
        ("groups", None, {}, ()),
        ("groups", [], {}, ()),
        ("groups", {"admin": True}, {}, ()),
        ("groups", 7, {}, ()),
        ("groups", "admin", {}, ("admin",)),
        ("groups", ["b", "a", "", " ", 7, None, "b"], {}, ("a", "b")),
        ("groups", ["admin ", "\u2003admin"], {}, ("admin ", "\u2003admin")),
        ("groups", "Domain Users", {}, ("Domain Users",)),
        ("groups", "guests,admin", {}, ("guests,admin",)),
        ("groups", "guests, admin", {"groups_separator": ","}, ("admin", "guests")),
        ("groups", ["guests,admin"], {"groups_separator": ","}, ("guests,admin",)),
        ("realm_access", {"roles": ["admin"]}, {"groups_claim": "realm_access.roles"}, ("admin",)),
        ("realm_access", ["roles"], {"groups_claim": "realm_access.roles"}, ()),
        ("https://acme.test/groups", ["admin"], {"groups_claim": "https://acme.test/groups"}, ("admin",)),
    ],
)
async def test_groups_come_from_the_configured_claim(
    claim: str, value: Any, config: dict[str, str], groups: tuple[str, ...], issuer: SigningIssuer, trusting: Trusting
) -> None:
    token = issuer.token(**{"groups": None, claim: value})
    assert (await trusting(**config).verify(token)).groups == groups


@pytest.mark.parametrize(
    ("claims", "label"),
    [
        ({"preferred_username": "al", "email": "a@x.test", "name": "Alice"}, "al"),
        ({"preferred_username": None, "email": "a@x.test", "name": "Alice"}, "a@x.test"),
        ({"preferred_username": "", "name": "Alice"}, "Alice"),
        ({"preferred_username": ["al"]}, "alice"),
    ],
)
async def test_the_name_is_the_one_people_use(
    claims: dict[str, Any], label: str, issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    assert (await verifier.verify(issuer.token(**claims))).label == label


@pytest.mark.parametrize(
    ("claims", "username", "email"),
    [
        ({"preferred_username": "al", "email": "a@x.test", "name": "Alice"}, "al", "a@x.test"),
        ({"preferred_username": None, "name": "admin"}, "", ""),
        ({"preferred_username": "al", "email": "a@x.test", "email_verified": False}, "al", ""),
        ({"preferred_username": "al", "email": "a@x.test", "email_verified": "yes"}, "al", ""),
        ({"preferred_username": ["al"], "email": {"a": 1}}, "", ""),
    ],
)
async def test_an_account_is_what_the_provider_keeps_not_what_people_call_themselves(
    claims: dict[str, Any], username: str, email: str, issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    principal = await verifier.verify(issuer.token(**claims))
    assert (principal.username, principal.email) == (username, email)


@pytest.mark.parametrize("audience", ["mcp-platform", ["x", "mcp-platform"], "https://mcp.test/mcp"])
async def test_any_accepted_audience_will_do(audience: object, issuer: SigningIssuer, verifier: OidcVerifier) -> None:
    assert (await verifier.verify(issuer.token(aud=audience))).subject == "alice"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT", None])
async def test_the_types_access_tokens_go_by_are_accepted(
    typ: str | None, issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    assert (await verifier.verify(issuer.token(header={"typ": typ}))).subject == "alice"


@pytest.mark.parametrize("claims", [{"exp": -29}, {"nbf": 30}, {"iat": 30}])
async def test_clocks_may_differ_by_the_leeway(
    claims: dict[str, int], issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    times = {name: int(issuer.clock()) + seconds for name, seconds in claims.items()}
    assert (await verifier.verify(issuer.token(**times))).subject == "alice"  # type: ignore[arg-type]  # claims by name


@pytest.mark.parametrize(
    ("auth_time", "read"), [(float("inf"), None), ("yesterday", None), (True, None), (1_799_999_990.5, 1_799_999_990)]
)
async def test_only_a_number_is_a_login_time(
    auth_time: object, read: int | None, issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    # JSON has no infinity, but 1e400 becomes one.
    body = json.dumps({"active": True, **issuer.claims(auth_time=auth_time)}).replace("Infinity", "1e400")
    issuer.answers["/introspect"] = lambda _: httpx2.Response(200, content=body)
    assert (await introspecting.verify("opaque")).auth_time == read
