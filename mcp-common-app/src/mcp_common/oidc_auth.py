"""Token to principal: JWTs verified here against the provider's keys, opaque tokens by asking the provider."""

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import httpx2

from mcp_common.errors import StepUpRequired, Unavailable
from mcp_common.identity.claims import principal_from, refuse
from mcp_common.identity.jwks import ProviderKeys
from mcp_common.identity.jwt_tokens import MAX_TOKEN_BYTES, JwtTokens, malformed
from mcp_common.identity.oidc_config import OidcConfig, ReadsSecrets, StepUp, get_oidc_config_from_vault
from mcp_common.identity.opaque_tokens import OpaqueTokens
from mcp_common.permissions import Permission
from mcp_common.principal import Principal
from mcp_common.vault import VaultClient, get_vault_client_with_retry

__all__ = [
    "MAX_TOKEN_BYTES",
    "Identity",
    "OidcVerifier",
    "VaultVerifier",
    "get_oidc_config_from_vault",
    "verify_token_with_oidc",
]

CACHE_SIZE = 4096
CACHED_FOR = 60.0
"""Seconds for which a verified token is believed at most, and never past its `exp`."""

_BEARER_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750 section 2.1


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
        audiences = frozenset(config.audience) | frozenset(resource_urls)
        self._verified: dict[bytes, tuple[float, Principal]] = {}
        self.keys = ProviderKeys(config, http, ticks=ticks, on_change=self._verified.clear)
        self._jwt = JwtTokens(config, self.keys, audiences=audiences, clock=clock)
        self._opaque = OpaqueTokens(config, http, audiences=audiences, clock=clock, ticks=ticks)

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
            malformed()
        if token.count(".") == 2:
            claims = await self._jwt.claims(token)
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


class VaultVerifier:
    """A verifier for code outside a service: the provider is read from the secret store, again at each call.

    Without a store of the caller's it opens the one the environment names (`VAULT_ADDR` ...) at the first call.
    """

    def __init__(self, vault: ReadsSecrets | None = None) -> None:
        self._vault = vault
        self._own_vault: VaultClient | None = None
        self._http: httpx2.AsyncClient | None = None
        self._verifier: OidcVerifier | None = None
        self._opening = asyncio.Lock()

    async def verify(self, token: str) -> Principal:
        """As OidcVerifier.verify, and ConfigurationError when the secret store lacks a field."""
        async with self._opening:
            verifier = await self._current()
        return await verifier.verify(token)

    async def aclose(self) -> None:
        """Close what this opened."""
        verifier, http, vault = self._verifier, self._http, self._own_vault
        self._verifier = self._http = self._own_vault = None
        if verifier is not None:
            await verifier.aclose()
        if http is not None:
            await http.aclose()
        if vault is not None:
            self._vault = None
            await vault.aclose()

    async def _current(self) -> OidcVerifier:
        if self._vault is None:
            self._vault = self._own_vault = await get_vault_client_with_retry()
        config = await get_oidc_config_from_vault(self._vault)
        if self._verifier is None:
            self._http = httpx2.AsyncClient(trust_env=False)
            self._verifier = OidcVerifier(config, http=self._http)
        await self._verifier.update(config)
        return self._verifier


_from_environment = VaultVerifier()


async def verify_token_with_oidc(token: str, *, verifier: VaultVerifier = _from_environment) -> Principal:
    """Verify a token against the provider that the secret store names; the plain function of the reference design.

    Raises:
        Unauthenticated: the token does not hold.
        Unavailable: provider or secret store are out of reach, or `oidc/config` lacks fields, which are named.

    """
    return await verifier.verify(token)


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
