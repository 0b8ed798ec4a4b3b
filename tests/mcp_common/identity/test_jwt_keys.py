"""The provider's keys over time: rotation, one refresh for many callers, and what holds while the provider is down."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_common.errors import Unauthenticated, Unavailable
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.testing.issuer import Algorithm, HandClock, SigningIssuer, signing_key

Trusting = Callable[..., OidcVerifier]


def _publish(issuer: SigningIssuer, *keys: Any) -> None:
    issuer.answers["/jwks"] = lambda _: httpx2.Response(200, json={"keys": list(keys)})


async def test_many_first_callers_cost_one_discovery_and_one_key_request(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    await asyncio.gather(*(verifier.verify(issuer.token(jti=str(number))) for number in range(50)))
    assert [request.url.path for request in issuer.requests] == ["/.well-known/openid-configuration", "/jwks"]


async def test_a_configured_key_address_needs_no_discovery(issuer: SigningIssuer, trusting: Trusting) -> None:
    await trusting(jwks_uri=f"{issuer.issuer}/jwks").verify(issuer.token())
    assert [request.url.path for request in issuer.requests] == ["/jwks"]


async def test_a_rotated_key_is_found_with_one_refresh_for_all(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    await verifier.verify(issuer.token())
    issuer.rotate_keys()
    clock.wait(2)
    await asyncio.gather(*(verifier.verify(issuer.token(jti=str(number))) for number in range(50)))
    assert issuer.asked("/jwks") == 2


async def test_a_token_of_a_withdrawn_key_is_refused_although_it_was_cached(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    old = issuer.token()
    await verifier.verify(old)
    issuer.rotate_keys()
    clock.wait(2)
    await verifier.verify(issuer.token(subject="bob"))
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(old)
    assert refused.value.detail == "unknown_key"


async def test_one_unknown_key_id_costs_one_refresh_in_ten_seconds(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    await verifier.verify(issuer.token())
    foreign = issuer.token(key=signing_key("RS256", 99))
    clock.wait(2)
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.verify(foreign)
        clock.wait(0.4)
    assert issuer.asked("/jwks") == 2
    clock.wait(10)
    with pytest.raises(Unauthenticated):
        await verifier.verify(foreign)
    assert issuer.asked("/jwks") == 3


async def test_ever_new_key_ids_cost_at_most_one_refresh_a_second(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    await verifier.verify(issuer.token())
    for number in range(100):
        clock.wait(0.05)
        with pytest.raises(Unauthenticated):
            await verifier.verify(issuer.token(header={"kid": f"made-up-{number}"}))
    assert issuer.asked("/jwks") <= 1 + 5


async def test_ageing_keys_are_refreshed_behind_the_callers(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    await verifier.verify(issuer.token())
    clock.wait(301)
    issuer.gate = asyncio.Event()
    await verifier.verify(issuer.token(jti="while the refresh hangs"))
    issuer.gate.set()
    await issuer.until_asked(2, "/jwks")


@pytest.mark.parametrize("fault", ["down", "status", "html", "list", "empty", "redirect", "forbidden", "huge"])
async def test_a_provider_that_gives_no_keys_makes_tokens_uncheckable_not_wrong(
    fault: str, issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    answers = {
        "html": httpx2.Response(200, html="<h1>Login</h1>"),
        "list": httpx2.Response(200, json=[]),
        "empty": httpx2.Response(200, json={"keys": []}),
        "redirect": httpx2.Response(302, headers={"Location": "https://attacker.test/jwks"}),
        "forbidden": httpx2.Response(403),
        "huge": httpx2.Response(200, content=b" " * 600_000),
    }
    issuer.down = fault == "down"
    issuer.status = 503 if fault == "status" else None
    if fault in answers:
        issuer.answers["/jwks"] = lambda _: answers[fault]
    with pytest.raises(Unavailable) as unavailable:
        await verifier.verify(issuer.token())
    assert unavailable.value.retry_after
    with pytest.raises(Unavailable, match="keys cannot be had"):
        await verifier.ready()


async def test_a_provider_that_comes_back_is_used_at_once_and_not_hammered_before(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    issuer.down = True
    for _ in range(10):
        with pytest.raises(Unavailable):
            await verifier.verify(issuer.token())
    assert len(issuer.requests) == 1
    issuer.down = False
    clock.wait(2)
    assert (await verifier.verify(issuer.token())).subject == "alice"
    await verifier.ready()


async def test_cached_keys_outlive_a_provider_outage_for_an_hour_and_no_longer(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    await verifier.verify(issuer.token())
    issuer.down = True
    clock.wait(3500)
    assert (await verifier.verify(issuer.token())).subject == "alice"
    await verifier.ready()
    clock.wait(100)
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


async def test_a_new_key_id_during_an_outage_is_uncheckable_not_wrong(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    await verifier.verify(issuer.token())
    issuer.rotate_keys()
    issuer.down = True
    clock.wait(2)
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


async def test_a_cancelled_first_caller_does_not_cost_the_others_their_refresh(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    issuer.gate = asyncio.Event()
    first = asyncio.create_task(verifier.verify(issuer.token()))
    others = [asyncio.create_task(verifier.verify(issuer.token(jti=str(number)))) for number in range(3)]
    await issuer.until_asked(1)
    first.cancel()
    issuer.gate.set()
    assert {principal.subject for principal in await asyncio.gather(*others)} == {"alice"}


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS256", "ES256", "ES384"])
async def test_each_algorithm_family_verifies(algorithm: Algorithm, clock: HandClock) -> None:
    issuer = SigningIssuer(algorithm=algorithm, clock=clock)
    async with httpx2.AsyncClient(transport=issuer.transport) as http:
        verifier = OidcVerifier(issuer.config(algorithms=algorithm[:2]), http=http, clock=clock)
        assert (await verifier.verify(issuer.token())).subject == "alice"


async def test_a_pinned_family_refuses_the_other_even_when_its_key_is_published(
    issuer: SigningIssuer, trusting: Trusting
) -> None:
    elliptic = signing_key("ES256")
    _publish(issuer, issuer.key.as_dict(private=False), elliptic.as_dict(private=False))
    pinned, unpinned = trusting(algorithms=["RS256"]), trusting()
    for verifier in (pinned, unpinned):
        assert (await verifier.verify(issuer.token())).subject == "alice"
        with pytest.raises(Unauthenticated):
            await verifier.verify(issuer.token(key=elliptic))


async def test_useless_entries_of_the_key_set_do_no_harm(issuer: SigningIssuer, verifier: OidcVerifier) -> None:
    good = issuer.key.as_dict(private=False)
    small = {"kty": "RSA", "kid": "small", "n": "AQAB", "e": "AQAB"}
    symmetric = {"kty": "oct", "kid": issuer.key.kid, "k": "c2VjcmV0"}
    _publish(issuer, 7, {}, small, symmetric, {**good, "use": "enc"}, {**good, "n": 5}, {**good, "key_ops": []}, good)
    assert (await verifier.verify(issuer.token())).subject == "alice"


async def test_a_key_set_of_secrets_alone_is_no_key_set(issuer: SigningIssuer, verifier: OidcVerifier) -> None:
    _publish(issuer, {"kty": "oct", "kid": "1", "k": "c2VjcmV0"})
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


async def test_a_token_without_key_id_needs_a_single_fitting_key(
    issuer: SigningIssuer, verifier: OidcVerifier, clock: HandClock
) -> None:
    assert (await verifier.verify(issuer.token(header={"kid": None}))).subject == "alice"
    issuer.rotate_keys(keep_old=True)
    clock.wait(301)
    await verifier.verify(issuer.token(header={"kid": None}, jti="before the refresh is back", key=issuer.keys[0]))
    await issuer.until_asked(2, "/jwks")
    with pytest.raises(Unauthenticated):
        await verifier.verify(issuer.token(header={"kid": None}))


@pytest.mark.parametrize(
    "document", [{"issuer": "https://attacker.test"}, {"jwks_uri": 5}, {"jwks_uri": "http://x.test/"}]
)
async def test_a_discovery_document_that_does_not_fit_is_not_followed(
    document: dict[str, object], issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    whole = {"issuer": issuer.issuer, "jwks_uri": f"{issuer.issuer}/jwks"} | document
    issuer.answers["/.well-known/openid-configuration"] = lambda _: httpx2.Response(200, json=whole)
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())
    assert issuer.asked("/jwks") == 0
