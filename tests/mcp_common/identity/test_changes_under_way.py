"""What happens to callers who wait while something changes: the configuration, the caches, the service itself."""

import asyncio
import json

import httpx2
import pytest

from mcp_common import oidc_auth
from mcp_common.errors import Unauthenticated
from mcp_common.identity import jwks, opaque_tokens
from mcp_common.oidc_auth import OidcVerifier, VaultVerifier
from mcp_common.secret_store.secret_cache import Secret
from mcp_common.testing.issuer import HandClock, SigningIssuer


async def test_a_caller_who_waits_is_judged_by_the_configuration_of_the_answer_not_of_the_question(
    issuer: SigningIssuer, introspecting: OidcVerifier
) -> None:
    issuer.gate = asyncio.Event()
    waiting = asyncio.create_task(introspecting.verify(issuer.opaque_token()))
    await issuer.until_asked(1)
    await introspecting.update(
        issuer.config(introspection_endpoint=f"{issuer.issuer}/introspect", audience="another-service")
    )
    issuer.gate.set()
    with pytest.raises(Unauthenticated, match="audience"):
        await waiting
    assert issuer.asked("/introspect") == 2


async def test_a_changed_configuration_does_not_cancel_who_waits_for_keys(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    issuer.gate = asyncio.Event()
    waiting = asyncio.create_task(verifier.verify(issuer.token()))
    await issuer.until_asked(1)
    await verifier.update(issuer.config(groups_claim="roles"))
    issuer.gate.set()
    assert (await waiting).groups == ()


async def test_closing_ends_what_is_under_way(issuer: SigningIssuer, introspecting: OidcVerifier) -> None:
    issuer.gate = asyncio.Event()
    calls = [introspecting.verify(issuer.opaque_token()), introspecting.verify(issuer.token())]
    waiting = [asyncio.create_task(call) for call in calls]
    await issuer.until_asked(2)
    await introspecting.aclose()
    assert [type(answer) for answer in await asyncio.gather(*waiting, return_exceptions=True)] == [
        asyncio.CancelledError,
        asyncio.CancelledError,
    ]


async def test_the_cache_of_verified_tokens_is_bounded(
    issuer: SigningIssuer, introspecting: OidcVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_auth, "CACHE_SIZE", 2)
    first, *others = [issuer.opaque_token() for _ in range(3)]
    for token in (first, *others, first):
        await introspecting.verify(token)
    assert issuer.asked("/introspect") == 4
    await introspecting.verify(others[-1])
    assert issuer.asked("/introspect") == 4


async def test_the_caches_of_refusals_are_bounded(
    issuer: SigningIssuer, introspecting: OidcVerifier, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opaque_tokens, "_MAX_REFUSED", 2)
    monkeypatch.setattr(jwks, "_MAX_UNKNOWN", 2)
    await introspecting.verify(issuer.token())
    for name in ("one", "two", "three", "one"):
        clock.wait(1)
        for token in (name, issuer.token(header={"kid": name})):
            with pytest.raises(Unauthenticated):
                await introspecting.verify(token)
    assert (issuer.asked("/introspect"), issuer.asked("/jwks")) == (4, 5)


async def test_a_verifier_on_a_store_of_the_callers_leaves_the_store_open() -> None:
    issuer = SigningIssuer()

    class Store:
        async def get_secret(self, path: str) -> Secret:
            return Secret(json.loads(json.dumps({**_secret(issuer), "path": path})), version=1)

    verifier = VaultVerifier(Store())
    with issuer.serve(), pytest.raises(Unauthenticated):
        await verifier.verify("not-a-token")
    await verifier.aclose()
    with issuer.serve():
        assert (await verifier.verify(issuer.token())).subject == "alice"
        await verifier.aclose()


async def test_an_entry_that_claims_to_be_a_large_key_and_is_none_is_left_out(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    padded = {"kty": "RSA", "kid": "x", "n": "A" * 342, "e": "AQAB"}
    keys = [padded, issuer.key.as_dict(private=False)]
    issuer.answers["/jwks"] = lambda _: httpx2.Response(200, json={"keys": keys})
    assert (await verifier.verify(issuer.token())).subject == "alice"


def _secret(issuer: SigningIssuer) -> dict[str, str]:
    return {
        "issuer": issuer.issuer,
        "client_id": "platform",
        "audience": "mcp-platform",
        "user_info_endpoint": f"{issuer.issuer}/userinfo",
    }
