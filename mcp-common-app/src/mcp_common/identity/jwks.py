"""The provider's public keys: fetched once, refreshed when they age or rotate, kept while the provider is down."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from mcp_common.errors import Unavailable
from mcp_common.identity.oidc_config import OidcConfig, plaintext
from mcp_common.identity.oidc_http import Refused, ask_provider, provider_down

Key = RSAKey | ECKey

FRESH_FOR = 300.0
"""Seconds after which the keys are fetched again, behind the calls that go on using them."""
STALE_FOR = 3600.0
"""Seconds for which keys are trusted at most while the provider does not answer."""
MIN_INTERVAL = 1.0
"""Seconds between two fetches, whoever asks."""
FAILURE_INTERVAL = 2.0
"""Seconds before a provider that did not answer is asked again."""
UNKNOWN_FOR = 10.0
"""Seconds for which a key id the provider did not know is refused without asking again."""

_MAX_UNKNOWN = 1024
_MIN_RSA_BITS = 2048
_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_PUBLIC_MEMBERS = ("kty", "kid", "use", "alg", "key_ops", "n", "e", "crv", "x", "y")


class UnknownKey(Exception):
    """No key of the provider has this id and fits this algorithm."""


class KeySet:
    """One fetched set: the keys by id, and the one algorithm family they are used with."""

    def __init__(self, document: Mapping[str, Any], pinned: tuple[str, ...] = ()) -> None:
        listed = document.get("keys")
        keys = [key for each in (listed if isinstance(listed, list) else []) if (key := _usable(each)) is not None]
        self.algorithms = frozenset(pinned or _algorithms_of(keys))
        self._keys = [key for key in keys if _fits_any(key, self.algorithms)]
        self.identity = [key.as_dict(private=False) for key in self._keys]

    def __bool__(self) -> bool:
        return bool(self._keys)

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key with the id that fits the algorithm; without an id, the only one that fits."""
        if algorithm not in self.algorithms:
            return None
        fitting = [key for key in self._keys if (kid is None or key.kid == kid) and _fits(key, algorithm)]
        return fitting[0] if fitting and (kid is not None or len(fitting) == 1) else None


class ProviderKeys:
    """The provider's keys over time. `on_change` is called when a refresh brought other keys."""

    def __init__(
        self,
        config: OidcConfig,
        http: httpx2.AsyncClient,
        *,
        ticks: Callable[[], float] = time.monotonic,
        on_change: Callable[[], None],
    ) -> None:
        self._config, self._http, self._ticks, self._on_change = config, http, ticks, on_change
        self._keys = KeySet({})
        self._uri = config.jwks_uri
        self._fetched_at = self._tried_at = float("-inf")
        self._failure: Unavailable | None = None
        self._unknown: dict[str, float] = {}
        self._refresh: asyncio.Task[None] | None = None

    async def current(self) -> KeySet:
        """The keys to verify with.

        Raises:
            Unavailable: when the provider does not answer and nothing fetched is recent enough to be trusted.

        """
        age = self._ticks() - self._fetched_at
        if age >= STALE_FOR:
            await self._refreshed()
            if self._ticks() - self._fetched_at >= STALE_FOR:
                raise self._why()
        elif age >= FRESH_FOR and self._may_try():
            self._start()
        return self._keys

    async def find(self, kid: str | None, algorithm: str) -> Key:
        """The key with this id, after at most one refresh when it is new.

        Raises:
            UnknownKey: when the provider has no such key.
            Unavailable: when the provider could not be asked about a new id.

        """
        keys = await self.current()
        if (key := keys.find(kid, algorithm)) is not None:
            return key
        unknown = f"{algorithm} {kid}"
        if self._ticks() < self._unknown.get(unknown, float("-inf")):
            raise UnknownKey
        asked = self._refresh is not None or self._may_try()
        await self._refreshed()
        if (key := self._keys.find(kid, algorithm)) is not None:
            return key
        if self._failure is not None:
            raise self._why()
        if asked:
            self._remember_unknown(unknown)
        raise UnknownKey

    @property
    def busy(self) -> bool:
        """True while a refresh is under way."""
        return self._refresh is not None

    async def aclose(self) -> None:
        """Stop a refresh under way."""
        if (refresh := self._refresh) is not None:
            refresh.cancel()
            await asyncio.wait([refresh])

    def _may_try(self) -> bool:
        pause = MIN_INTERVAL if self._failure is None else FAILURE_INTERVAL
        return self._ticks() - self._tried_at >= pause

    async def _refreshed(self) -> None:
        if self._refresh is None and not self._may_try():
            return
        await asyncio.shield(self._start())

    def _start(self) -> asyncio.Task[None]:
        if self._refresh is None:
            self._tried_at = self._ticks()
            self._refresh = asyncio.create_task(self._fetch(), name="provider keys")
        return self._refresh

    async def _fetch(self) -> None:
        try:
            keys = await self._ask()
        except Unavailable as error:
            self._failure = error
            self._uri = self._config.jwks_uri
        else:
            changed = keys.identity != self._keys.identity or keys.algorithms != self._keys.algorithms
            self._keys, self._fetched_at, self._failure = keys, self._ticks(), None
            if changed:
                self._unknown.clear()
                self._on_change()
        finally:
            self._refresh = None

    async def _ask(self) -> KeySet:
        try:
            if self._uri is None:
                self._uri = await self._discovered()
            document = await ask_provider(self._http, "GET", self._uri, what="keys (JWKS)")
        except Refused as error:
            raise provider_down("keys (JWKS): refused") from error
        keys = KeySet(document, self._config.algorithms)
        if not keys:
            raise provider_down("keys (JWKS): no key for signatures of an accepted algorithm")
        return keys

    async def _discovered(self) -> str:
        url = self._config.issuer.removesuffix("/") + "/.well-known/openid-configuration"
        document = await ask_provider(self._http, "GET", url, what="discovery")
        uri = document.get("jwks_uri")
        if document.get("issuer") != self._config.issuer:
            raise provider_down("discovery: the document is of another issuer")
        if not isinstance(uri, str) or (plaintext(uri) and not plaintext(self._config.issuer)):
            raise provider_down("discovery: jwks_uri is missing or not https")
        return uri

    def _remember_unknown(self, unknown: str) -> None:
        while len(self._unknown) >= _MAX_UNKNOWN:
            del self._unknown[next(iter(self._unknown))]
        self._unknown[unknown] = self._ticks() + UNKNOWN_FOR

    def _why(self) -> Unavailable:
        return self._failure or provider_down("keys (JWKS): not fetched yet")


def _usable(data: object) -> Key | None:
    """Import the public half of a signing key; None for every other entry, as RFC 7517 section 5 asks."""
    if not isinstance(data, dict):
        return None
    public = {name: data[name] for name in _PUBLIC_MEMBERS if name in data}
    if public.get("use", "sig") != "sig":
        return None
    try:
        if public.get("kty") == "RSA" and len(public["n"]) * 6 >= _MIN_RSA_BITS:
            key = RSAKey.import_key(public)
            return key if key.public_key.key_size >= _MIN_RSA_BITS else None
        if public.get("kty") == "EC" and public.get("crv") in _CURVES:
            return ECKey.import_key(public)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None


def _algorithms_of(keys: list[Key]) -> list[str]:
    """The family the provider signs with: RS where a key allows it (every OpenID provider must), else PS, else ES."""
    for family in ("RS", "PS", "ES"):
        names = [f"{family}{size}" for size in (256, 384, 512)]
        if any(_fits_any(key, names) for key in keys):
            return names
    return []


def _fits_any(key: Key, algorithms: frozenset[str] | list[str]) -> bool:
    return any(_fits(key, name) for name in algorithms)


def _fits(key: Key, algorithm: str) -> bool:
    if key.alg is not None and key.alg != algorithm:
        return False
    ops = key.get("key_ops")
    if ops is not None and "verify" not in ops:
        return False
    if isinstance(key, ECKey):
        return _CURVES.get(key.curve_name) == algorithm
    return algorithm[:2] in ("RS", "PS")
