"""Handlers that are no tools: the current principal needs the permission, or the handler does not run."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import Depends, FastAPI

from mcp_common import policy
from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import Denied, PolicyUnavailable, Unauthenticated
from mcp_common.opa import OPAClient
from mcp_common.permissions import Permission
from mcp_common.policy import PolicyGate, engine_from_settings, request_for, require_permission, use_gate
from mcp_common.principal import Principal, current_principal
from mcp_common.settings import Settings
from mcp_common.testing.opa_server import POLICY

ALICE = Principal(
    "alice", "https://id.test", groups=("developers",), client_id="agent", actors=("bot",), acr="2", amr=("otp",)
)


@pytest.fixture
def gate() -> PolicyGate:
    return PolicyGate(EmbeddedPolicy(POLICY))


@pytest.fixture
def as_alice() -> Iterator[None]:
    token = current_principal.set(ALICE)
    yield
    current_principal.reset(token)


@pytest.mark.usefixtures("as_alice")
async def test_a_handler_runs_only_with_the_permission(gate: PolicyGate) -> None:
    ran: list[str] = []

    @require_permission("github:write", gate=gate)
    async def merge(number: int, *, squash: bool = False) -> str:
        """Merge."""
        ran.append("merge")
        return f"{number} {squash}"

    @require_permission("radkit:execute", gate=gate)
    async def command() -> None:
        ran.append("command")

    assert await merge(7, squash=True) == "7 True"
    assert merge.__doc__ == "Merge."
    with pytest.raises(Denied, match=r"^Not allowed: None of your groups grants radkit:execute\."):
        await command()
    assert ran == ["merge"]


async def test_nobody_gets_past_without_logging_in(gate: PolicyGate) -> None:
    with pytest.raises(Unauthenticated):
        await require_permission("github:read", gate=gate).check()


@pytest.mark.usefixtures("as_alice")
async def test_without_a_gate_nothing_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_default", [])
    with pytest.raises(PolicyUnavailable, match="no policy engine is set up"):
        await require_permission("github:read").check()


async def test_a_malformed_permission_stops_the_process_at_import() -> None:
    with pytest.raises(ValueError, match="is not a permission"):
        require_permission("github")


@pytest.mark.usefixtures("as_alice")
async def test_it_is_a_fastapi_dependency(gate: PolicyGate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_default", [])
    use_gate(gate)
    app = FastAPI()

    @app.get("/read", dependencies=[Depends(require_permission("github:read").check)])
    async def read() -> str:
        return "read"

    @app.get("/run", dependencies=[Depends(require_permission("radkit:execute").check)])
    async def run() -> str:
        return "run"

    @app.exception_handler(Denied)
    async def denied(request: object, error: Denied) -> object:
        from fastapi.responses import JSONResponse

        return JSONResponse({"detail": error.message}, 403)

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/read")).json() == "read"
        assert (await client.get("/run")).status_code == 403
    assert app.openapi()["paths"]["/read"]["get"].get("parameters") is None


async def test_the_request_holds_who_what_and_with_which_arguments() -> None:
    request = request_for(ALICE, Permission.parse("github/repository:write"), "merge", {"number": 7})
    assert (request.groups, request.resource, request.action) == (("developers",), "github", "write")
    assert request.context == {
        "subject": "alice",
        "client_id": "agent",
        "actors": ("bot",),
        "object": "repository",
        "tool": "merge",
        "arguments": {"number": 7},
        "acr": "2",
        "amr": ("otp",),
    }


async def test_the_engine_is_a_matter_of_configuration(tmp_path: Path) -> None:
    assert isinstance(engine_from_settings(Settings(opa_addr="http://127.0.0.1:8181")), OPAClient)
    shipped = engine_from_settings(Settings(opa_addr=None, policy_dir=None))
    assert isinstance(shipped, EmbeddedPolicy)
    await shipped.ready()
    with pytest.raises(PolicyUnavailable):
        await engine_from_settings(Settings(opa_addr=None, policy_dir=tmp_path)).ready()
