"""Runs a simulator on a port: in this process beside other work, or for good."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulators.fault_middleware import TRANSPORT


class _CuttableProtocol(HttpToolsProtocol):
    """Leaves the connection where the fault middleware can cut it: ASGI itself has no way to drop one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own narrowing
        self.app_state = {**self.app_state, TRANSPORT: transport}
        super().connection_made(transport)


@dataclass(frozen=True, slots=True)
class Served:
    """A simulator that listens."""

    url: str
    port: int


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextlib.contextmanager
def in_thread(
    app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0, certificate: str | None = None
) -> Iterator[Served]:
    """Serve `app` from a thread until the block ends; port 0 takes a free one. Raises: OSError, port in use.

    `certificate` is the path of a PEM file with a key and its chain; with one it is served by TLS.
    """
    # asyncio turns Nagle's algorithm off only on sockets whose protocol is named; 40 ms per answer otherwise.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        bound: int = listener.getsockname()[1]
        server = _Server(_config(app, host, bound, access_log=False, certificate=certificate))
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, daemon=True, name=f"simulator-{bound}"
        )
        thread.start()
        try:
            if not server.listening.wait(timeout=15):
                raise OSError(f"the simulator did not come up on port {bound}")
            yield Served(url=f"{'https' if certificate else 'http'}://{host}:{bound}", port=bound)
        finally:
            server.should_exit = True
            thread.join(timeout=15)


def server_of(create_app: Callable[..., ASGIApp]) -> Callable[..., contextlib.AbstractContextManager[Served]]:
    """Make the `serve` of a simulator.

    It runs an application, or what `create_app` makes of its other options, in a thread until the block ends, on a
    free port unless `port` is given. Raises: OSError, port in use.
    """

    @contextlib.contextmanager
    def serve(app: ASGIApp | None = None, *, port: int = 0, **options: Any) -> Iterator[Served]:
        with in_thread(app or create_app(**options), port=port) as served:
            yield served

    return serve


def forever(app: ASGIApp, *, host: str, port: int) -> None:
    """Serve `app` until the process is told to stop."""
    uvicorn.Server(_config(app, host, port, access_log=True)).run()


def _config(app: ASGIApp, host: str, port: int, *, access_log: bool, certificate: str | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_CuttableProtocol,
        loop="asyncio",
        lifespan="off",
        ws="none",
        log_level="info" if access_log else "error",
        access_log=access_log,
        server_header=False,
        timeout_graceful_shutdown=2,
        ssl_certfile=certificate,
    )
