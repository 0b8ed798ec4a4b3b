"""What the end-to-end tests share: one running platform, and the parts that a test breaks on purpose."""

from collections.abc import Iterator

import httpx2
import pytest

from mcp_common.testing.opa_server import OPAServer
from platform_cli.layout import Layout
from tests.e2e.world import CountedUpstream, counted_upstream
from tests.platform_cli.conftest import ROOT, free_offset
from tests.platform_cli.stack import Stack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole platform as `make run` starts it, on ports of its own; nobody breaks this one."""
    with running(Layout(ROOT, free_offset(), tmp_path_factory.mktemp("run"))) as started:
        yield started


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=10.0, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def opa() -> Iterator[OPAServer]:
    """The shipped policy in a real OPA server."""
    with OPAServer() as server:
        yield server


@pytest.fixture(scope="session")
def upstream() -> Iterator[CountedUpstream]:
    """A Catalyst Center that counts what reaches it."""
    with counted_upstream() as served:
        yield served
