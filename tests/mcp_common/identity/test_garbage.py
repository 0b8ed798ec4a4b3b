"""Whatever is sent as a token: refused, and nothing else happens."""

import json

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_common.errors import Unauthenticated
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.testing.issuer import SigningIssuer, forged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["RS256", "ES256", "HS256", "none"]) | JSON,
        "kid": st.sampled_from(["RS256-1"]) | JSON,
        "typ": st.sampled_from(["JWT", "at+jwt"]) | JSON,
        "jwk": JSON,
        "x5c": JSON,
        "crit": JSON,
        "zip": JSON,
    },
)
SEGMENT = st.text("ABCabc019-_=.+/ ", max_size=30)
SIGNED_CLAIMS = st.dictionaries(
    st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "act", "groups", "amr", "scope", "cnf", "auth_time"]),
    JSON,
    min_size=1,
)

ISSUER = SigningIssuer()


async def _refused(token: str) -> None:
    async with httpx2.AsyncClient(transport=ISSUER.transport) as http:
        verifier = OidcVerifier(ISSUER.config(introspection_endpoint=f"{ISSUER.issuer}/introspect"), http=http)
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)
        await verifier.aclose()


@given(st.text(max_size=60) | SEGMENT | st.tuples(SEGMENT, SEGMENT, SEGMENT).map(".".join))
@settings(deadline=None, max_examples=150)
async def test_garbage_is_refused(token: str) -> None:
    await _refused(token)


@given(HEADERS, JSON, st.binary(max_size=300))
@settings(deadline=None, max_examples=150)
async def test_a_well_formed_token_with_anything_in_it_is_refused(
    header: dict[str, object], claims: object, signature: bytes
) -> None:
    await _refused(forged(header, claims, lambda _: signature))


@given(SIGNED_CLAIMS)
@settings(deadline=None, max_examples=150)
async def test_signed_claims_of_any_form_are_refused_or_make_a_loggable_principal(claims: dict[str, object]) -> None:
    async with httpx2.AsyncClient(transport=ISSUER.transport) as http:
        verifier = OidcVerifier(ISSUER.config(), http=http)
        try:
            principal = await verifier.verify(ISSUER.token(**(ISSUER.claims() | claims)))
        except Unauthenticated:
            return
        finally:
            await verifier.aclose()
        assert principal.subject
        json.dumps([principal.groups, principal.actors, principal.amr, principal.scopes, principal.auth_time])


@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(deadline=None, max_examples=100)
async def test_no_changed_byte_goes_unnoticed(position: int, change: int) -> None:
    token = bytearray(ISSUER.token(), "ascii")
    token[position % len(token)] ^= change
    await _refused(token.decode("latin-1"))
