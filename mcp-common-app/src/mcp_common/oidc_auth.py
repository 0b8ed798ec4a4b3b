"""Token to principal: JWTs verified here against the provider's keys, opaque tokens by asking the provider."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

import httpx2
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwt import Claims as MutableClaims
from joserfc.util import json_b64decode

from mcp_common.claims import check_claims, check_is_access_token, principal_from, refuse
from mcp_common.errors import StepUpRequired, Unavailable
from mcp_common.jwks import ProviderKeys, UnknownKey
from mcp_common.oidc_config import OidcConfig, StepUp, get_oidc_config_from_vault
from mcp_common.opaque_tokens import OpaqueTokens
from mcp_common.permissions import Permission
from mcp_common.principal import Principal

__all__ = ["Identity", "OidcVerifier", "get_oidc_config_from_vault"]

MAX_TOKEN_BYTES = 8 * 1024
CACHE_SIZE = 4096
CACHED_FOR = 60.0
"""Seconds for which a verified token is believed at most, and never past its `exp`."""

_BEARER_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750 section 2.1
_ALGORITHMS = frozenset(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512))
_TYPES = {None: None, "jwt": "jwt", "application/jwt": "jwt", "at+jwt": "at+jwt", "application/at+jwt": "at+jwt"}


class Identity(Protocol):
    """What a service needs to know who calls."""

    async def verify(self, token: str) -> Principal:
        """Raises Unauthenticated for a token that does not hold, Unavailable when that cannot be found out."""

    def check_step_up(self, principal: Principal, permission: Permission) -> None:
        """Raises StepUpRequired when the permission asks for a stronger or fresher login."""


class OidcVerifier:
    """Verifies tokens of one provider. `resource_urls` are accepted audiences beside those of the configuration."""

    def __init__(
        self,
        config: OidcConfig,
        *,
        http: httpx2.AsyncClient,
        resource_urls: Sequence[str] = (),
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http, self._resource_urls, self._clock, self._ticks = http, tuple(resource_urls), clock, ticks
        self._trust = self._trusting(config)
        self._retired: list[_Trust] = []

    @property
    def config(self) -> OidcConfig:
        """The configuration in use."""
        return self._trust.config

    async def verify(self, token: str) -> Principal:
        """The verified caller; a token verified within the last minute costs one hash and one look-up.

        Raises:
            Unauthenticated: the token does not hold; `detail` is a short reason for log and metrics.
            Unavailable: the provider is down and nothing fetched before is recent enough.

        """
        while True:
            trust = self._trust
            principal = await trust.verify(token)
            if trust is self._trust:  # else the configuration changed meanwhile: ask again under the new one
                return principal

    def check_step_up(self, principal: Principal, permission: Permission) -> None:
        """Ask for a stronger or fresher login where the configuration demands one for the permission.

        Raises:
            StepUpRequired: `extra` holds `acr_values` and `max_age` as far as they are configured (RFC 9470).

        """
        config = self._trust.config
        for rule in config.step_up_for(permission) if config.step_up else ():
            if not _strong_enough(rule, principal, self._clock() - config.leeway):
                raise StepUpRequired(_step_up_sentence(rule, permission), extra=_step_up_extra(rule))

    async def update(self, config: OidcConfig) -> None:
        """Trust another configuration from now on; everything cached under the old one is forgotten."""
        if config == self._trust.config:
            return
        # What is being asked under the old trust ends by itself: cancelling it would cancel the callers that wait.
        self._retired = [trust for trust in (*self._retired, self._trust) if trust.busy]
        self._trust = self._trusting(config)

    async def ready(self) -> None:
        """Check that tokens can be verified.

        Raises:
            Unavailable: with the reason, when the provider's keys cannot be had.

        """
        try:
            await self._trust.keys.current()
        except Unavailable as error:
            reason = f"The identity provider's keys cannot be had: {error.detail}."
            raise Unavailable(reason, retry_after=error.retry_after, detail=error.detail) from error

    async def aclose(self) -> None:
        """Stop what is under way; the HTTP client is the caller's."""
        for trust in (*self._retired, self._trust):
            await trust.aclose()

    def _trusting(self, config: OidcConfig) -> "_Trust":
        return _Trust(config, self._http, self._resource_urls, self._clock, self._ticks)


class _Trust:
    """Everything that follows from one configuration, so that all of it is replaced together."""

    def __init__(
        self,
        config: OidcConfig,
        http: httpx2.AsyncClient,
        resource_urls: tuple[str, ...],
        clock: Callable[[], float],
        ticks: Callable[[], float],
    ) -> None:
        self.config, self._clock = config, clock
        self._audiences = frozenset(config.audience) | frozenset(resource_urls)
        self._verified: dict[bytes, tuple[float, Principal]] = {}
        self.keys = ProviderKeys(config, http, ticks=ticks, on_change=self._verified.clear)
        opaque_audiences = self._audiences | ({config.client_id} if config.userinfo_audience_claim else frozenset())
        self._opaque = OpaqueTokens(config, http, audiences=opaque_audiences, clock=clock, ticks=ticks)
        self._registry = jws.JWSRegistry(algorithms=sorted(_ALGORITHMS), strict_check_header=False)
        self._registry.max_header_length = MAX_TOKEN_BYTES

    @property
    def busy(self) -> bool:
        return self.keys.busy or self._opaque.busy

    async def aclose(self) -> None:
        await self.keys.aclose()
        await self._opaque.aclose()

    async def verify(self, token: str) -> Principal:
        if len(token) > MAX_TOKEN_BYTES:
            refuse("oversized", f"The token is longer than {MAX_TOKEN_BYTES} bytes.")
        key = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        if (known := self._verified.get(key)) is not None:
            until, principal = known
            if self._clock() < until:
                return principal
            self._verified.pop(key, None)
        if _BEARER_TOKEN.fullmatch(token) is None:
            _malformed()
        if token.count(".") == 2:
            claims: Mapping[str, Any] = await self._jwt_claims(token)
        else:
            claims = await self._opaque.claims(token)
        principal = principal_from(claims, self.config)
        self._remember(key, principal)
        return principal

    def _remember(self, key: bytes, principal: Principal) -> None:
        now = self._clock()
        until = now + CACHED_FOR if principal.expires_at is None else min(now + CACHED_FOR, principal.expires_at)
        if until <= now:
            return
        while len(self._verified) >= CACHE_SIZE:
            del self._verified[next(iter(self._verified))]
        self._verified[key] = (until, principal)

    async def _jwt_claims(self, token: str) -> MutableClaims:
        header = _header(token)
        algorithm = header.get("alg")
        accepted = self.config.algorithms or _ALGORITHMS
        if not isinstance(algorithm, str) or algorithm not in accepted:
            refuse("algorithm", "The token is not signed with an accepted algorithm.")
        kid = header.get("kid")
        if kid is not None and not isinstance(kid, str):
            _malformed()
        try:
            key = await self.keys.find(kid, algorithm)
            signed = jws.deserialize_compact(token, key, registry=self._registry)
        except UnknownKey:
            refuse("unknown_key", "The token is signed with a key the identity provider does not publish.")
        except (JoseError, ValueError):
            refuse("signature", "The token's signature does not hold.")
        claims = _json_object(signed.payload)
        check_claims(
            claims,
            issuer=self.config.issuer,
            audiences=self._audiences,
            now=self._clock(),
            leeway=self.config.leeway,
            essential=("iss", "sub", "aud", "exp"),
        )
        check_is_access_token(claims, _TYPES[_typ(header)], self.config)
        return claims


def _header(token: str) -> dict[str, Any]:
    """The protected header, before anything is believed: an object, of a known type, with nothing critical.

    Keys a header brings along (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
    """
    try:
        header = json_b64decode(token.split(".", 1)[0].encode())
    except (ValueError, RecursionError):
        _malformed()
    if not isinstance(header, dict):
        _malformed()
    if "crit" in header or "b64" in header:
        refuse("critical_header", "The token demands an extension that is not supported here (crit).")
    if _typ(header) not in _TYPES:
        refuse("type", "This is not an access token (typ). Send the access token.")
    return header


def _typ(header: Mapping[str, Any]) -> str | None:
    typ = header.get("typ")
    return str(typ).lower() if typ is not None else None


def _json_object(payload: bytes) -> MutableClaims:
    try:
        claims = json.loads(payload.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _malformed()
    if not isinstance(claims, dict):
        _malformed()
    return claims


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _malformed() -> NoReturn:
    refuse("malformed", "The token is malformed.")


def _strong_enough(rule: StepUp, principal: Principal, now: float) -> bool:
    if rule.acr and principal.acr not in rule.acr:
        return False
    if rule.amr and not set(rule.amr) & set(principal.amr):
        return False
    return rule.max_age is None or (principal.auth_time is not None and now - principal.auth_time <= rule.max_age)


def _step_up_sentence(rule: StepUp, permission: Permission) -> str:
    wishes = [f"acr {' or '.join(rule.acr)}"] if rule.acr else []
    wishes += [f"amr {' or '.join(rule.amr)}"] if rule.amr else []
    wishes += [f"not older than {rule.max_age} s"] if rule.max_age is not None else []
    return f"{permission} needs a stronger or fresher login ({', '.join(wishes)}). Log in again and repeat the call."


def _step_up_extra(rule: StepUp) -> dict[str, Any]:
    extra: dict[str, Any] = {"acr_values": " ".join(rule.acr)} if rule.acr else {}
    return extra | ({"max_age": rule.max_age} if rule.max_age is not None else {})
