"""hvac off the event loop: it blocks, so each call runs in one of a few threads that own a client each."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import hvac
import requests
from hvac.exceptions import VaultError

from mcp_common.secret_store.vault_errors import REFUSALS, outage

T = TypeVar("T")

_THREADS = 4
_SOCKET_TIMEOUT = (2.0, 5.0)  # seconds to connect, seconds between two reads
_DEADLINE = 10.0  # the whole of one request, whatever trickles in


class VaultThreads:
    """Runs hvac calls. A thread shares neither its client nor its requests session: neither is documented as safe."""

    def __init__(self, address: str, cacert: Path | None = None) -> None:
        self.address = address.rstrip("/")
        self.clients: list[hvac.Client] = []
        self._verify: str | bool = str(cacert) if cacert else True
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="vault")
        self._local = threading.local()

    async def run(self, call: Callable[[hvac.Client], T], token: str, *, write: bool = False) -> T:
        """Run one call with a token (empty: none).

        Raises:
            hvac.exceptions.VaultError: one of REFUSALS, for the caller to word.
            Unavailable: Vault is sealed, unreachable or failing.
            OutcomeUnknown: a write was sent and no answer came.

        """
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._in_thread, call, token)
        try:
            async with asyncio.timeout(_DEADLINE):
                return await future
        except REFUSALS:
            raise
        except (VaultError, requests.RequestException, TimeoutError) as error:
            raise outage(error, write=write) from error

    async def aclose(self) -> None:
        """Let the calls under way end, then close every connection."""
        await asyncio.to_thread(self._executor.shutdown)
        for client in self.clients:
            client.adapter.close()

    def _in_thread(self, call: Callable[[hvac.Client], T], token: str) -> T:
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = self._connect()
            self.clients.append(client)
        client.token = token
        return call(client)

    def _connect(self) -> hvac.Client:
        """Make a client deaf to the environment: no proxy, no ~/.netrc, no ~/.vault-token, no CA or client key of it.

        It follows no redirect: requests would carry X-Vault-Token to wherever the answer points.
        """
        session = requests.Session()
        session.trust_env = False
        session.verify = self._verify
        return hvac.Client(
            url=self.address,
            token="",
            cert=(),
            verify=self._verify,
            timeout=_SOCKET_TIMEOUT,
            allow_redirects=False,
            session=session,
        )
