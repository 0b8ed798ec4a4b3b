"""A real OPA server, the engine in process over the same files, and a copy of the policy that a test may change."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from pydantic_core import to_json

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.opa import AuthorizationRequest, OPAClient
from mcp_common.testing.opa_server import POLICY, OPAServer


def asking(
    group: str = "network-engineers",
    permission: str = "catalyst-center:read",
    arguments: dict[str, object] | None = None,
    **context: object,
) -> AuthorizationRequest:
    """A request of somebody in one group."""
    resource, action = permission.split(":")
    finer = resource.partition("/")[2] or None
    whole = {"subject": "alice", "object": finer, "tool": "list_devices", "arguments": arguments or {}} | context
    return AuthorizationRequest((group,), resource.partition("/")[0], action, whole)


@dataclass
class BothEngines:
    """OPA over HTTP and rego-cpp in process, asked the same JSON."""

    http: httpx2.AsyncClient
    opa: OPAClient
    embedded: EmbeddedPolicy

    async def raw(self, question: object, rule: str = "decision") -> list[object]:
        """What each says to a JSON value that need not be a request."""
        document = to_json(question)
        answer = await self.http.post(f"/v1/data/authz/{rule}", content=b'{"input":' + document + b"}")
        in_process, _ = await self.embedded._in_thread(f"authz/{rule}", document)
        return [answer.json().get("result"), in_process]


@pytest.fixture(scope="session")
def opa_server() -> Iterator[OPAServer]:
    with OPAServer() as server:
        yield server


@pytest.fixture
async def both(opa_server: OPAServer) -> AsyncIterator[BothEngines]:
    opa, embedded = OPAClient(opa_server.address, timeout=10), EmbeddedPolicy(POLICY, timeout=10)
    async with httpx2.AsyncClient(base_url=opa_server.address, verify=False, trust_env=False, timeout=10) as http:
        yield BothEngines(http, opa, embedded)
    await opa.aclose()
    await embedded.aclose()


@pytest.fixture
def own_policy(tmp_path: Path) -> Path:
    """A copy of the policy that ships, to be changed by the test."""
    return Path(shutil.copytree(POLICY, tmp_path / "policy", ignore=shutil.ignore_patterns("*_test.rego")))


def take_away(policy: Path, role: str) -> None:
    """Rename the role in the policy's data, so that nobody has it any more."""
    text = (policy / "data.yaml").read_text().replace(f"  {role}:\n", f"  former-{role}:\n")
    replace(policy / "data.yaml", text)


def replace(file: Path, text: str) -> None:
    """Replace the file at once, so that nobody reads half of it."""
    new = file.with_name(file.name + ".new")
    new.write_text(text)
    new.replace(file)
