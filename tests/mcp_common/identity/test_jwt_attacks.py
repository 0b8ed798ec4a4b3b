"""Tokens that must not pass, each with the reason an operator finds in the log."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest

from mcp_common.errors import Unauthenticated
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.testing.issuer import SigningIssuer, forged, signing_key

Attack = Callable[[SigningIssuer], str]


def _none_algorithm(issuer: SigningIssuer) -> str:
    return forged({"alg": "none", "typ": "at+jwt"}, issuer.claims())


def _signed_with_the_public_key(issuer: SigningIssuer) -> str:
    """Algorithm confusion: the public key as an HMAC secret."""
    public = issuer.key.as_pem(private=False)
    header = {"alg": "HS256", "typ": "at+jwt", "kid": issuer.key.kid}
    return forged(header, issuer.claims(), lambda text: hmac.digest(public, text, hashlib.sha256))


def _tampered(issuer: SigningIssuer) -> str:
    header, payload, signature = issuer.token(groups=[]).split(".")
    claims = json.loads(urlsafe_b64decode(payload + "=="))
    changed = urlsafe_b64encode(json.dumps(claims | {"groups": ["admin"]}).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


def _stripped(issuer: SigningIssuer) -> str:
    return issuer.token().rsplit(".", 1)[0] + "."


def _header_key(issuer: SigningIssuer) -> str:
    """Signed with the attacker's key, which the header brings along under the id of a real one."""
    own = signing_key("RS256", 99)
    return issuer.token(key=own, header={"jwk": own.as_dict(private=False), "kid": issuer.key.kid})


def _key_address(issuer: SigningIssuer) -> str:
    return issuer.token(key=signing_key("RS256", 99), header={"jku": "https://attacker.test/jwks"})


def _elliptic(issuer: SigningIssuer) -> str:
    return issuer.token(key=signing_key("ES256"), header={"kid": issuer.key.kid})


def _probabilistic(issuer: SigningIssuer) -> str:
    """The right key, used with another family than the one it is published for."""
    return issuer.token(header={"alg": "PS256"}, key=signing_key("PS256"))


ATTACKS: dict[str, tuple[Attack, str]] = {
    "expired": (lambda i: i.token(exp=int(i.clock()) - 31), "expired"),
    "expires now with nothing to spare": (lambda i: i.token(exp=int(i.clock()) - 30), "expired"),
    "never expires": (lambda i: i.token(exp=None), "missing_claim"),
    "expiry is no number": (lambda i: i.token(exp="9999999999"), "claim_exp"),
    "not valid yet": (lambda i: i.token(nbf=int(i.clock()) + 31), "claim_nbf"),
    "issued in the future": (lambda i: i.token(iat=int(i.clock()) + 31), "claim_iat"),
    "other issuer": (lambda i: i.token(iss="https://attacker.test"), "claim_iss"),
    "issuer with a slash more": (lambda i: i.token(iss=i.issuer + "/"), "claim_iss"),
    "no issuer": (lambda i: i.token(iss=None), "missing_claim"),
    "other audience": (lambda i: i.token(aud="another-service"), "claim_aud"),
    "other audiences": (lambda i: i.token(aud=["a", "b"]), "claim_aud"),
    "no audience": (lambda i: i.token(aud=None), "missing_claim"),
    "no subject": (lambda i: i.token(sub=None), "missing_claim"),
    "subject is a number": (lambda i: i.token(sub=7), "claim_sub"),
    "algorithm none": (_none_algorithm, "algorithm"),
    "HMAC with the public key": (_signed_with_the_public_key, "algorithm"),
    "unknown key": (lambda i: i.token(key=signing_key("RS256", 99)), "unknown_key"),
    "unknown key under a known id": (
        lambda i: i.token(key=signing_key("RS256", 99), header={"kid": i.key.kid}),
        "signature",
    ),
    "key in the header": (_header_key, "signature"),
    "key address in the header": (_key_address, "unknown_key"),
    "elliptic signature, RSA keys": (_elliptic, "unknown_key"),
    "PSS signature, PKCS1 keys": (_probabilistic, "unknown_key"),
    "tampered payload": (_tampered, "signature"),
    "signature taken off": (_stripped, "signature"),
    "critical header": (lambda i: i.token(header={"crit": ["exp"], "exp": 1}), "critical_header"),
    "empty critical header": (lambda i: i.token(header={"crit": []}), "critical_header"),
    "unencoded payload": (
        lambda i: forged({"alg": "RS256", "b64": False, "crit": ["b64"]}, i.claims()),
        "critical_header",
    ),
    "logout token": (lambda i: i.token(header={"typ": "logout+jwt"}), "type"),
    "DPoP proof": (lambda i: i.token(header={"typ": "dpop+jwt"}), "type"),
    "ID token by its hash": (lambda i: i.token(header={"typ": "JWT"}, at_hash="x"), "not_an_access_token"),
    "ID token by its nonce": (lambda i: i.token(header={"typ": None}, nonce="x"), "not_an_access_token"),
    "ID token by Keycloak's word": (lambda i: i.token(header={"typ": "JWT"}, typ="ID"), "not_an_access_token"),
    "bound to a key": (lambda i: i.token(cnf={"jkt": "x"}), "sender_constrained"),
    "endless actor chain": (lambda i: i.token(act=_actors(11)), "actor_chain"),
    "actor without a name": (lambda i: i.token(act={"sub": ""}), "actor_chain"),
    "oversized": (lambda i: i.token(padding="x" * 8192), "oversized"),
    "header is a list": (lambda _: _encoded('["alg","b64"]') + ".e30.e30", "malformed"),
    "header is too deep": (lambda _: _encoded("[" * 3000) + ".e30.e30", "malformed"),
    "algorithm is a list": (lambda _: _encoded('{"alg":["RS256"]}') + ".e30.e30", "algorithm"),
    "claims are a list": (lambda i: i.signed({"alg": "RS256"}, ["admin"]), "malformed"),
    "claims hold a constant that is not JSON": (lambda i: i.token(weight=float("nan")), "malformed"),
    "key id is a number": (lambda i: i.token(header={"kid": 1}), "malformed"),
    "garbage": (lambda _: "not-a-token", "audience_unproven"),
    "garbage with dots": (lambda _: "a.b.c", "malformed"),
    "empty": (lambda _: "", "malformed"),
    "line break": (lambda i: i.token() + "\n", "malformed"),
    "not ASCII": (lambda _: "\u00fc.\ud800.x", "malformed"),
}


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _actors(length: int) -> dict[str, object]:
    chain: dict[str, object] = {"sub": "agent"}
    for _ in range(length - 1):
        chain = {"sub": "agent", "act": chain}
    return chain


@pytest.mark.parametrize("name", ATTACKS)
async def test_a_token_that_does_not_hold_is_refused_with_its_reason(
    name: str, issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    attack, reason = ATTACKS[name]
    token = attack(issuer)
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(token)
    assert refused.value.detail == reason
    assert token[:12] not in refused.value.message or not token


@pytest.mark.parametrize("name", ATTACKS)
async def test_a_refused_token_is_refused_again(name: str, issuer: SigningIssuer, verifier: OidcVerifier) -> None:
    await verifier.verify(issuer.token())
    token = ATTACKS[name][0](issuer)
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)


async def test_infinite_and_unreadable_times_are_refused_even_when_signed(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    for exp in (float("inf"), float("nan"), True, [1]):
        with pytest.raises(Unauthenticated):
            await verifier.verify(issuer.token(exp=exp))


async def test_an_id_token_addressed_to_the_client_is_refused_without_any_mark(
    issuer: SigningIssuer, trusting: Callable[..., OidcVerifier]
) -> None:
    verifier = trusting(audience=issuer.client_id)
    bare = issuer.token(header={"typ": "JWT"}, aud=issuer.client_id, scope=None, client_id=None)
    with pytest.raises(Unauthenticated, match="ID token"):
        await verifier.verify(bare)
    access = issuer.token(header={"typ": "JWT"}, aud=issuer.client_id)
    assert (await verifier.verify(access)).subject == "alice"


async def test_keycloak_and_cognito_access_tokens_pass(
    issuer: SigningIssuer, trusting: Callable[..., OidcVerifier]
) -> None:
    verifier = trusting(audience=issuer.client_id)
    plain: dict[str, Any] = {"aud": issuer.client_id, "scope": None, "client_id": None, "header": {"typ": "JWT"}}
    assert (await verifier.verify(issuer.token(**plain, typ="Bearer", nonce="x"))).subject == "alice"
    assert (await verifier.verify(issuer.token(**plain, token_use="access"))).subject == "alice"
