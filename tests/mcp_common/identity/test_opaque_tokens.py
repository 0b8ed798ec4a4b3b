"""Opaque tokens: asked once, cached within bounds, and never accepted without proof of their audience."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_common.errors import Unauthenticated, Unavailable
from mcp_common.identity.opaque_tokens import _MAX_QUESTIONS
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.testing.issuer import HandClock, SigningIssuer

Trusting = Callable[..., OidcVerifier]


@pytest.fixture
def by_userinfo(trusting: Trusting) -> OidcVerifier:
    return trusting(userinfo_audience_claim="aud")


def _userinfo(issuer: SigningIssuer, **claims: Any) -> None:
    issuer.answers["/userinfo"] = lambda _: httpx2.Response(200, json={"sub": "alice", **claims})


async def test_introspection_tells_whose_token_it_is(issuer: SigningIssuer, introspecting: OidcVerifier) -> None:
    principal = await introspecting.verify(issuer.opaque_token("bob", ["service-desk"]))
    assert (principal.subject, principal.groups, principal.client_id) == ("bob", ("service-desk",), "mcp-client")


async def test_fifty_callers_with_one_token_cost_one_question(
    issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    token = issuer.opaque_token()
    await asyncio.gather(*(introspecting.verify(token) for _ in range(50)))
    await introspecting.verify(token)
    assert issuer.asked("/introspect") == 1


async def test_fifty_callers_with_one_bad_token_cost_one_question(
    issuer: SigningIssuer, introspecting: OidcVerifier, clock: HandClock
) -> None:
    answers = await asyncio.gather(*(introspecting.verify("made-up") for _ in range(50)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unauthenticated}
    with pytest.raises(Unauthenticated):
        await introspecting.verify("made-up")
    assert issuer.asked("/introspect") == 1
    clock.wait(5)
    with pytest.raises(Unauthenticated):
        await introspecting.verify("made-up")
    assert issuer.asked("/introspect") == 2


async def test_a_revoked_token_is_refused_within_a_minute(
    issuer: SigningIssuer, introspecting: OidcVerifier, clock: HandClock
) -> None:
    token = issuer.opaque_token()
    await introspecting.verify(token)
    issuer.revoke(token)
    clock.wait(60)
    with pytest.raises(Unauthenticated) as refused:
        await introspecting.verify(token)
    assert refused.value.detail == "inactive"


async def test_a_verified_token_is_not_believed_past_its_expiry(
    issuer: SigningIssuer, introspecting: OidcVerifier, clock: HandClock
) -> None:
    token = issuer.opaque_token(exp=int(clock()) + 10)
    await introspecting.verify(token)
    clock.wait(10)
    await introspecting.verify(token)
    assert issuer.asked("/introspect") == 2
    clock.wait(31)
    with pytest.raises(Unauthenticated) as refused:
        await introspecting.verify(token)
    assert refused.value.detail == "expired"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": None}, "missing_claim"),
        ({"aud": "another-service"}, "claim_aud"),
        ({"iss": "https://attacker.test"}, "claim_iss"),
        ({"nbf": 1_900_000_000}, "claim_nbf"),
        ({"sub": None, "client_id": None}, "missing_claim"),
        ({"active": "true"}, "inactive"),
        ({"token_type": "DPoP"}, "sender_constrained"),
        ({"cnf": {"jkt": "x"}}, "sender_constrained"),
    ],
)
async def test_an_introspection_answer_that_does_not_fit_is_refused(
    claims: dict[str, Any], reason: str, issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await introspecting.verify(issuer.opaque_token(**claims))
    assert refused.value.detail == reason


async def test_a_client_without_a_user_is_its_own_subject(issuer: SigningIssuer, introspecting: OidcVerifier) -> None:
    assert (await introspecting.verify(issuer.opaque_token(sub=None))).subject == "mcp-client"


async def test_groups_that_introspection_leaves_out_come_from_userinfo_of_the_same_subject(
    issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    _userinfo(issuer, groups=["admin"], aud="ignored")
    alice = await introspecting.verify(issuer.opaque_token(groups=None))
    assert alice.groups == ("admin",)
    issuer.answers["/introspect"] = lambda _: httpx2.Response(
        200, json={"active": True, "sub": "mallory", "aud": "mcp-platform"}
    )
    assert (await introspecting.verify("token-of-mallory")).groups == ()


async def test_a_client_that_userinfo_does_not_know_has_no_groups(
    issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    issuer.answers["/userinfo"] = lambda _: httpx2.Response(403)
    assert (await introspecting.verify(issuer.opaque_token(groups=None))).groups == ()


async def test_userinfo_alone_proves_no_audience(issuer: SigningIssuer, verifier: OidcVerifier) -> None:
    with pytest.raises(Unauthenticated, match="userinfo_audience_claim"):
        await verifier.verify(issuer.opaque_token())
    assert issuer.requests == []


@pytest.mark.parametrize("audience", ["mcp-platform", ["x", "mcp-platform"], "https://mcp.test/mcp"])
async def test_userinfo_that_names_this_audience_is_accepted(
    audience: object, issuer: SigningIssuer, by_userinfo: OidcVerifier
) -> None:
    _userinfo(issuer, aud=audience, groups="admin")
    assert (await by_userinfo.verify("opaque")).groups == ("admin",)


@pytest.mark.parametrize("audience", [None, "another-service", [], 5, {"mcp-platform": 1}])
async def test_userinfo_without_this_audience_is_refused(
    audience: object, issuer: SigningIssuer, by_userinfo: OidcVerifier
) -> None:
    _userinfo(issuer, aud=audience)
    with pytest.raises(Unauthenticated):
        await by_userinfo.verify("opaque")


async def test_the_client_a_token_was_issued_to_may_be_the_proof(issuer: SigningIssuer, trusting: Trusting) -> None:
    verifier = trusting(userinfo_audience_claim="azp")
    _userinfo(issuer, azp="mcp-client")
    assert (await verifier.verify("opaque")).subject == "alice"
    _userinfo(issuer, azp="another-client")
    with pytest.raises(Unauthenticated):
        await verifier.verify("opaque-2")


async def test_a_token_userinfo_does_not_know_is_refused(issuer: SigningIssuer, by_userinfo: OidcVerifier) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await by_userinfo.verify("made-up")
    assert refused.value.detail == "inactive"


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
async def test_an_introspection_that_fails_is_our_trouble_not_the_callers(
    status: int, issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    issuer.status = status
    with pytest.raises(Unavailable):
        await introspecting.verify("opaque")
    issuer.status = None
    assert (await introspecting.verify(issuer.opaque_token())).subject == "alice"


async def test_a_provider_that_is_down_makes_opaque_tokens_uncheckable_but_cached_ones_hold(
    issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    token = issuer.opaque_token()
    await introspecting.verify(token)
    issuer.down = True
    assert (await introspecting.verify(token)).subject == "alice"
    with pytest.raises(Unavailable):
        await introspecting.verify("opaque")


async def test_a_flood_of_unknown_tokens_does_not_become_a_flood_of_questions(
    issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    issuer.gate = asyncio.Event()
    calls = [asyncio.create_task(introspecting.verify(f"made-up-{number}")) for number in range(200)]
    await issuer.until_asked(_MAX_QUESTIONS)
    assert sum(call.done() for call in calls) == 200 - _MAX_QUESTIONS
    issuer.gate.set()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 200 - _MAX_QUESTIONS
    assert issuer.asked("/introspect") == _MAX_QUESTIONS


async def test_the_client_logs_in_with_both_halves_encoded(issuer: SigningIssuer, trusting: Trusting) -> None:
    sent: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers["Authorization"])
        return httpx2.Response(200, json={"active": False})

    issuer.answers["/introspect"] = answer
    verifier = trusting(introspection_endpoint=f"{issuer.issuer}/introspect", client_id="a:b", client_secret="c d")
    with pytest.raises(Unauthenticated):
        await verifier.verify("opaque")
    assert sent == [
        next(httpx2.BasicAuth("a%3Ab", "c%20d").auth_flow(httpx2.Request("GET", "http://x"))).headers["Authorization"]
    ]
