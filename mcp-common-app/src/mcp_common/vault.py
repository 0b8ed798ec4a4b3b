"""Secrets out of Vault or OpenBao (KV version 2), current within a second and safe through a short outage."""

import asyncio
import random
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from mcp_common.errors import (
    InvalidArguments,
    OutcomeUnknown,
    PlatformError,
    Unavailable,
    UpstreamUnauthorized,
)
from mcp_common.secret_store.secret_cache import OnAccess, Secret, SecretCache
from mcp_common.secret_store.vault_errors import REFUSALS, refusal
from mcp_common.secret_store.vault_login import LoginMethod, VaultNotConfigured, login_method, not_vault
from mcp_common.secret_store.vault_session import VaultSession
from mcp_common.settings import Settings
from mcp_common.timings import timed

__all__ = [
    "OnAccess",
    "Secret",
    "SecretStore",
    "VaultClient",
    "VaultNotConfigured",
    "get_api_credentials",
    "get_vault_client_with_retry",
]

_PATH = re.compile(r"(?!\.{1,2}(/|$))[A-Za-z0-9_.-]+(/(?!\.{1,2}(/|$))[A-Za-z0-9_.-]+)*")


class SecretStore(Protocol):
    """What a service needs of a secret store."""

    async def get_secret(self, path: str) -> Secret:
        """Return the current version.

        Raises:
            NotFound: nothing lies there.
            UpstreamUnauthorized: the platform's account may not read it.
            Unavailable: the store is out, and longer than the lease allows to bridge.

        """

    async def set_secret(self, path: str, data: Mapping[str, Any], *, cas: int | None = None) -> int:
        """Write a new version and return its number; with `cas`, only on top of that version (0: only the first).

        Raises:
            Conflict: `cas` is not the current version.
            OutcomeUnknown: the write was sent and no answer came.

        """

    async def ready(self) -> None:
        """Raise with the reason when the store would not answer a read now."""


class VaultClient:
    """A SecretStore on Vault. Use it as a context manager, or call `start` and `aclose`.

    `max_age` is for how many seconds a read answers before the next one; `outage` for how many a token that never
    expires may bridge an outage (any other bridges it to the end of its lease, and never longer than an hour).
    """

    def __init__(
        self,
        address: str,
        login: LoginMethod,
        *,
        mount: str = "secret",
        cacert: Path | None = None,
        on_access: OnAccess | None = None,
        max_age: float = 1.0,
        outage: float = 300.0,
    ) -> None:
        self.mount = mount.strip("/")
        self._on_access = on_access
        self._session = VaultSession(address, login, cacert=cacert, outage=outage, on_access=on_access)
        self._cache = SecretCache(self._read, self._session.trusted_until, on_access, max_age)

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        on_access: OnAccess | None = None,
        max_age: float = 1.0,
        outage: float = 300.0,
    ) -> Self:
        """Make a client of VAULT_ADDR and the login that is set; connects to nothing yet.

        Raises:
            VaultNotConfigured: an address or a login is missing, or more than one login is set.

        """
        address = urlsplit(settings.vault_addr or "")
        if address.scheme not in ("http", "https") or not address.hostname:
            raise VaultNotConfigured("The address of the secret store is not set. Set VAULT_ADDR to its http(s) URL.")
        return cls(
            address.geturl(),
            login_method(settings),
            mount=settings.vault_mount,
            cacert=settings.vault_cacert,
            on_access=on_access,
            max_age=max_age,
            outage=outage,
        )

    async def start(self) -> None:
        """Log in and keep the token alive.

        Raises:
            Unavailable: Vault is sealed or cannot be reached.
            UpstreamUnauthorized: the login is refused.

        """
        await self._session.start()

    async def aclose(self) -> None:
        """Forget every secret, and revoke the token if a login made it."""
        await self._cache.aclose()
        await self._session.aclose()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def get_secret(self, path: str) -> Secret:
        """Return the current version, at most `max_age` seconds old while Vault answers."""
        path = _checked(path)
        secret = self._cache.fresh(path)
        if secret is None:
            with timed("secret"):
                secret = await self._cache.refresh(path)
        return secret

    async def set_secret(self, path: str, data: Mapping[str, Any], *, cas: int | None = None) -> int:
        """Write a new version and return its number; with `cas`, only on top of that version (0: only the first)."""
        path = _checked(path)
        values = dict(data)
        try:
            with timed("secret"):
                answer = await self._session.request(
                    lambda client: client.secrets.kv.v2.create_or_update_secret(
                        path, values, cas=cas, mount_point=self.mount
                    ),
                    write=True,
                )
            version = _version_written(answer)
        except REFUSALS as error:
            refused = refusal(error, self.mount, path, "update")
            self._report(path, str(refused.extra.get("reason", refused.code)))
            raise refused from error
        except PlatformError as error:
            self._report(path, str(error.extra.get("reason", error.code)))
            raise
        finally:
            self._cache.forget(path)
        self._report(path, "written", version)
        return version

    async def get_api_credentials(self, service: str) -> Mapping[str, Any]:
        """Return what lies at `api/<service>`: base_url, username, password or whatever that system needs."""
        return (await self.get_secret(f"api/{service}")).data

    async def ready(self) -> None:
        """Raise with the reason when Vault is sealed, unreachable, or does not take our token."""
        try:
            await self._session.check()
        except REFUSALS as error:
            raise UpstreamUnauthorized(
                "The secret store does not take the platform's token for auth/token/lookup-self. "
                "Keep the `default` policy on its role.",
                detail=str(error),
                extra={"reason": "forbidden"},
            ) from error

    async def _read(self, path: str) -> Secret:
        try:
            answer = await self._session.request(
                lambda client: client.secrets.kv.v2.read_secret_version(
                    path, mount_point=self.mount, raise_on_deleted_version=True
                )
            )
        except REFUSALS as error:
            raise refusal(error, self.mount, path, "read") from error
        match answer:
            case {"data": {"data": dict(data), "metadata": {"version": int(version)}}}:
                return Secret(data, version)
        raise not_vault()

    def _report(self, path: str, outcome: str, version: int | None = None) -> None:
        if self._on_access is not None:
            self._on_access(path, outcome, version)


async def get_vault_client_with_retry(
    settings: Settings | None = None,
    *,
    on_access: OnAccess | None = None,
    patience: float = 60.0,
) -> VaultClient:
    """Return a started client, waiting up to `patience` seconds for a Vault that is sealed or not there yet.

    Raises:
        Unavailable: it is still out; the text says why, `detail` where.
        UpstreamUnauthorized: the login is refused, which waiting does not mend.
        VaultNotConfigured: the settings do not say where it is or how to log in.

    """
    client = VaultClient.from_settings(settings or Settings(), on_access=on_access)
    give_up, pause = time.monotonic() + patience, 0.1
    try:
        while True:
            try:
                await client.start()
            except Unavailable:
                if time.monotonic() + pause >= give_up:
                    raise
            else:
                return client
            await asyncio.sleep(pause * random.uniform(0.8, 1.0))  # noqa: S311 — spreads load, guards nothing
            pause = min(pause * 2, 5.0)
    except BaseException:
        await client.aclose()
        raise


async def get_api_credentials(service: str) -> Mapping[str, Any]:
    """Read `api/<service>` once, with a client of its own made of the environment; a service keeps a VaultClient."""
    async with VaultClient.from_settings(Settings()) as client:
        return await client.get_api_credentials(service)


def _version_written(answer: object) -> int:
    match answer:
        case {"data": {"version": int(version)}}:
            return version
    raise OutcomeUnknown(
        "The secret was sent to the secret store and the answer is not Vault's. Read it back and compare the version."
    )


def _checked(path: str) -> str:
    """Keep a path inside its mount: requests resolves `..`, and Vault has more behind the same address.

    Raises:
        InvalidArguments: when a part is empty, `.`, `..`, or holds anything but letters, digits, `_`, `.` and `-`.

    """
    if _PATH.fullmatch(path) is None:
        raise InvalidArguments(
            f"{path!r} is not the path of a secret: expected names of letters, digits, '_', '.', '-' joined by '/'."
        )
    return path
