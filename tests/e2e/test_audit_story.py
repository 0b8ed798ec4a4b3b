"""Who did what, by which decision: written down once, provably whole, and without a value or a secret in it."""

import re
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
import pytest_asyncio
from mcp.client import Client, ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitRequestParams, ElicitResult
from pydantic_core import from_json

from platform_cli.login import Login, access_token
from tests.platform_cli.stack import Stack

CANARY = "canary-7f3a"
"""Stands in every argument below, and must stand nowhere else."""

SERVER = "catalyst-center"
META = "mcp-platform/call"


@dataclass(frozen=True)
class Story:
    """What was done on the running platform: the calls' answers by name, and the tokens that were used."""

    stack: Stack
    tokens: Mapping[str, str]
    answers: Mapping[str, Any]

    def lines(self, service: str) -> list[dict[str, Any]]:
        """The lines of calls in the trail of a service."""
        trail = (self.stack.layout.audit / f"{service}.jsonl").read_bytes().splitlines()
        return [line for line in map(from_json, trail) if line["event.action"] == "tool_call"]

    def line(self, service: str, trace_id: str) -> dict[str, Any]:
        """The one line of a call."""
        [found] = [line for line in self.lines(service) if line.get("trace.id") == trace_id]
        return found


@asynccontextmanager
async def client_of(stack: Stack, token: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=20.0) as network,
        Client(
            streamable_http_client(stack.layout.mcp_url(SERVER), http_client=network), elicitation_callback=says_yes
        ) as client,
    ):
        yield client


async def says_yes(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    """The person at the client."""
    return ElicitResult(action="accept", content={"confirm": True})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(stack: Stack) -> Story:
    """Five people, over MCP and over REST: what succeeds, what is denied, what fails, and a write."""
    accounts = ("admin", "netops", "servicedesk", "developer", "nobody")
    tokens = {account: access_token(stack.layout, Login.seeded(account)) for account in accounts}
    answers: dict[str, Any] = {}
    async with client_of(stack, tokens["servicedesk"]) as client:
        answers["a read over MCP"] = await client.call_tool("list_devices", {"hostname": f"{CANARY}*", "limit": 3})
        answers["denied by the server"] = await client.call_tool("deploy_template", deployment(CANARY, CANARY))
    async with client_of(stack, tokens["netops"]) as client:
        template = (await client.call_tool("get_all_templates", {"limit": 1})).structured_content["templates"][0]["id"]
        device = (await client.call_tool("list_devices", {"limit": 1})).structured_content["devices"][0]["id"]
        answers["a write over MCP"] = await client.call_tool("deploy_template", deployment(template, device))
    root = f"{stack.layout.url('rest-api-proxy')}/api/v1/mcp/{SERVER}/tools/list_devices"
    async with httpx2.AsyncClient(trust_env=False, timeout=20.0) as http:
        for name, account in (
            ("a read over REST", "admin"),
            ("denied behind the proxy", "developer"),
            ("denied by the proxy", "nobody"),
        ):
            answers[name] = await http.post(
                root,
                json={"arguments": {"hostname": f"{CANARY}*"}},
                headers={"Authorization": f"Bearer {tokens[account]}", "X-Request-Id": f"request-of-{account}"},
            )
        answers["a forged token"] = await http.post(root, json={}, headers={"Authorization": f"Bearer {CANARY}.a.b"})
    return Story(stack, tokens, answers)


def deployment(template: str, device: str) -> dict[str, Any]:
    return {
        "template_id": template,
        "device_id": device,
        "params": {"secret_of_a_template": CANARY},
        "idempotency_key": f"{CANARY}-key",
    }


WHO = ("user.id", "user.roles", "mcp.client_id")
WHAT = ("mcp.tool", "mcp.permission", "mcp.via", "mcp.outcome", "error.code")


def test_a_call_over_mcp_is_found_by_what_its_caller_was_told(story: Story) -> None:
    told = story.answers["a read over MCP"].meta[META]
    line = story.line(SERVER, told["trace_id"])
    assert line["mcp.decision.id"] == told["decision_id"]
    assert [line[name] for name in WHO] == ["servicedesk", ["service-desk"], "mcp-platform-cli"]
    assert [line.get(name) for name in WHAT] == [
        "list_devices",
        "catalyst-center/device:read",
        "mcp",
        "succeeded",
        None,
    ]
    assert line["event.reason"] == "Granted to service-desk."
    assert line["mcp.policy.revision"]
    assert line["mcp.arguments"] == [{"name": "hostname", "size": len(CANARY) + 1}, {"name": "limit", "size": 1}]
    assert line["source.ip"] == "127.0.0.1"
    parts = {name: line[f"mcp.duration_ms.{name}"] for name in ("auth", "policy", "upstream", "total")}
    assert all(took >= 0 for took in parts.values())
    assert parts["auth"] + parts["policy"] + parts["upstream"] <= parts["total"] + 0.01


def test_a_denied_write_is_a_line_with_the_reason(story: Story) -> None:
    answer = story.answers["denied by the server"]
    assert answer.is_error
    line = story.line(SERVER, answer.meta[META]["trace_id"])
    assert [line.get(name) for name in WHAT][2:] == ["mcp", "denied", "denied"]
    assert f"Not allowed: {line['event.reason']}" == answer.content[0].text
    assert line["mcp.decision.id"] == answer.meta[META]["decision_id"]


def test_a_write_is_a_line_with_the_sizes_of_its_arguments(story: Story) -> None:
    answer = story.answers["a write over MCP"]
    line = story.line(SERVER, answer.meta[META]["trace_id"])
    assert [line["user.id"], line["mcp.tool"], line["mcp.action"]] == ["netops", "deploy_template", "write"]
    assert line["mcp.confirmation"] == "form"
    assert {argument["name"]: argument["size"] for argument in line["mcp.arguments"]} == {
        "template_id": 36,
        "device_id": 36,
        "params": len(f'{{"secret_of_a_template":"{CANARY}"}}'),
        "idempotency_key": len(CANARY) + 4,
    }


@pytest.mark.parametrize(
    ("name", "account", "trail", "outcome"),
    [
        ("a read over REST", "admin", SERVER, "succeeded"),
        ("denied behind the proxy", "developer", SERVER, "denied"),
        ("denied by the proxy", "nobody", "rest-api-proxy", "denied"),
    ],
)
def test_a_call_over_rest_is_one_line_of_whoever_decided_it(
    story: Story, name: str, account: str, trail: str, outcome: str
) -> None:
    response = story.answers[name]
    request_id = f"request-of-{account}"
    found = {
        service: [line for line in story.lines(service) if line.get("http.request.id") == request_id]
        for service in (SERVER, "rest-api-proxy")
    }
    [line] = found.pop(trail)
    assert found == {({SERVER, "rest-api-proxy"} - {trail}).pop(): []}
    assert [line["user.id"], line["mcp.via"], line["mcp.outcome"]] == [account, "rest-api-proxy", outcome]
    assert line["mcp.decision.id"]
    if outcome == "denied":
        assert response.json()["detail"] == f"Not allowed: {line['event.reason']}"
        assert response.json()["trace_id"] == line["trace.id"]


def test_every_chain_is_whole(story: Story) -> None:
    verified = story.stack.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    trails = len(story.stack.layout.services) + 1
    assert [line.split()[0] for line in verified.stdout.splitlines()] == ["ok"] * trails
    assert verified.stdout.count("the chain is whole") == trails


def altered(lines: list[bytes]) -> int:
    """One byte: servicedesk becomes servicedisk."""
    number = next(n for n, line in enumerate(lines) if b'"user.id":"servicedesk"' in line)
    lines[number] = lines[number].replace(b'"user.id":"servicedesk"', b'"user.id":"servicedisk"')
    return number + 1


def removed(lines: list[bytes]) -> int:
    """A denial disappears; the line after it no longer follows."""
    number = next(n for n, line in enumerate(lines) if b'"mcp.outcome":"denied"' in line)
    del lines[number]
    return number + 1


def swapped(lines: list[bytes]) -> int:
    """Two neighbours change places."""
    lines[3], lines[4] = lines[4], lines[3]
    return 4


def cut_off(lines: list[bytes]) -> int:
    """The last two lines are gone; the head file knows of them."""
    del lines[-2:]
    return 0


@pytest.mark.parametrize("tamper", [altered, removed, swapped, cut_off], ids=lambda tamper: tamper.__name__)
def test_whoever_touches_the_trail_is_found_at_the_line(
    story: Story, tmp_path: Path, tamper: Callable[[list[bytes]], int]
) -> None:
    trail = tmp_path / f"{SERVER}.jsonl"
    for suffix in (".jsonl.head", ".jsonl"):  # the head first: a line written in between is only one more
        shutil.copy(story.stack.layout.audit / f"{SERVER}{suffix}", tmp_path)
    lines = trail.read_bytes().splitlines(keepends=True)
    number = tamper(lines)
    trail.write_bytes(b"".join(lines))
    verified = story.stack.command("audit", "verify", str(trail))
    assert verified.returncode == 1
    [said] = verified.stdout.splitlines()
    where = f" at line {number}:" if number else ":"
    assert said.startswith(f"FAIL  {trail}{where} "), said
    if not number:
        assert "missing at the end" in said


def test_no_secret_and_no_argument_is_in_any_trail_or_log(story: Story) -> None:
    stack = story.stack
    written = {path: path.read_bytes() for path in [*stack.layout.audit.iterdir(), *stack.layout.logs.iterdir()]}
    assert len(written) >= 9, "two trails with their heads, five logs"
    secrets = secrets_of(story)
    found = [(path.name, name) for path, text in written.items() for name, secret in secrets.items() if secret in text]
    assert found == []
    shaped = re.compile(rb"eyJ[\w-]{8,}\.|[Bb]earer [\w.-]{8,}|hvs\.\w+|-----BEGIN")
    assert [(path.name, shaped.findall(text)) for path, text in written.items() if shaped.search(text)] == []
    with_canary = [path.name for path, text in written.items() if CANARY.encode() in text]
    assert with_canary == [f"{SERVER}-simulator.log"], "the upstream was asked for it, and what it logs is its own"


def secrets_of(story: Story) -> dict[str, bytes]:
    """Everything on this platform that nobody may read in a file."""
    run = story.stack.layout.run
    found = {f"access token of {account}": token for account, token in story.tokens.items()}
    found |= {f"signature for {account}": token.rpartition(".")[2] for account, token in story.tokens.items()}
    found |= {f"password of {account}": f"{account}-demo" for account in story.tokens}
    found |= {"password at Catalyst Center": "mcp-platform-demo"}
    found |= {"root token of OpenBao": (run / "openbao" / "root-token").read_text()}
    key = from_json((run / "oidc" / "jwks.json").read_bytes())["keys"][0]
    found |= {"private key of the provider": key["d"]}
    for process in psutil.Process(story.stack.process.pid).children(recursive=True):
        if secret_id := process.environ().get("VAULT_SECRET_ID"):
            found[f"secret id of {process.environ()['AUDIT_FILE']}"] = secret_id
    assert len([name for name in found if name.startswith("secret id")]) == len(story.stack.layout.services) + 1
    return {name: secret.encode() for name, secret in found.items()}
