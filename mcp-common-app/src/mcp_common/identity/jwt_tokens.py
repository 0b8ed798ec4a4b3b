"""Signed tokens: header, signature and claims checked here, without asking anybody but for keys."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import json_b64decode

from mcp_common.identity.claims import check_claims, check_is_access_token, refuse
from mcp_common.identity.jwks import ProviderKeys, UnknownKey
from mcp_common.identity.oidc_config import OidcConfig

MAX_TOKEN_BYTES = 8 * 1024

_ALGORITHMS = frozenset(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512))
_TYPES = {None: None, "jwt": "jwt", "application/jwt": "jwt", "at+jwt": "at+jwt", "application/at+jwt": "at+jwt"}


class JwtTokens:
    """Checks signed tokens against the provider's keys."""

    def __init__(
        self, config: OidcConfig, keys: ProviderKeys, *, audiences: frozenset[str], clock: Callable[[], float]
    ) -> None:
        self._config, self._keys, self._audiences, self._clock = config, keys, audiences, clock
        # Unknown header members are to be ignored (RFC 7515 section 4); the known ones are checked for their form.
        self._registry = jws.JWSRegistry(algorithms=sorted(_ALGORITHMS), strict_check_header=False)
        self._registry.max_header_length = MAX_TOKEN_BYTES

    async def claims(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that holds here and now.

        Raises:
            Unauthenticated: when anything about it does not hold.
            Unavailable: when the provider's keys cannot be had.

        """
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in (self._config.algorithms or _ALGORITHMS):
            refuse("algorithm", "The token is not signed with an accepted algorithm.")
        if kid is not None and not isinstance(kid, str):
            malformed()
        try:
            key = await self._keys.find(kid, algorithm)
            signed = jws.deserialize_compact(token, key, registry=self._registry)
        except UnknownKey:
            refuse("unknown_key", "The token is signed with a key the identity provider does not publish.")
        except (JoseError, ValueError):
            refuse("signature", "The token's signature does not hold.")
        claims = _json_object(signed.payload)
        check_claims(
            claims,
            issuer=self._config.issuer,
            audiences=self._audiences,
            now=self._clock(),
            leeway=self._config.leeway,
            essential=("iss", "sub", "aud", "exp"),
        )
        check_is_access_token(claims, _TYPES[_typ(header)], self._config)
        return claims


def malformed() -> NoReturn:
    """Refuse a token that is none."""
    refuse("malformed", "The token is malformed.")


def _header(token: str) -> dict[str, Any]:
    """The protected header, before anything is believed: an object, of a known type, with nothing critical.

    Keys a header brings along (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
    """
    try:
        header = json_b64decode(token.split(".", 1)[0].encode())
    except (ValueError, RecursionError):
        malformed()
    if not isinstance(header, dict):
        malformed()
    if "crit" in header or "b64" in header:
        refuse("critical_header", "The token demands an extension that is not supported here (crit).")
    if _typ(header) not in _TYPES:
        refuse("type", "This is not an access token (typ). Send the access token.")
    return header


def _typ(header: Mapping[str, Any]) -> str | None:
    typ = header.get("typ")
    return str(typ).lower() if typ is not None else None


def _json_object(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        malformed()
    if not isinstance(claims, dict):
        malformed()
    return claims


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
