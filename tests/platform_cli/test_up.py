"""`mcp-platform up` end to end: every part real, one run for the whole module."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import psutil
import pytest
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientMetadata,
)
from pydantic import AnyUrl

from platform_cli.layout import Layout
from tests.e2e.person import Memory
from tests.platform_cli.browser import Browser, claims
from tests.platform_cli.conftest import ROOT, free_offset
from tests.platform_cli.stack import Stack, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    layout = Layout(ROOT, free_offset(), tmp_path_factory.mktemp("run"))
    with running(layout) as started:
        children = psutil.Process(started.process.pid).children(recursive=True)
        yield started
    assert started.process.returncode == 0, "\n".join(started.told)
    assert not [child for child in children if child.is_running()], "nothing is left behind"
    stopped = [line.split("  ")[-1].strip() for line in started.told if line.endswith("stopped")]
    assert len(stopped) == len(children)


def test_everything_is_ready_and_said_to_be(stack: Stack) -> None:
    status = stack.command("status", "--json")
    assert status.returncode == 0, status.stdout
    assert {part["state"] for part in json.loads(status.stdout)} == {"ready"}
    told = "\n".join(stack.told)
    for place in ("catalyst-center", "rest-api-proxy", "oidc", "openbao"):
        assert stack.layout.url(place) in told
    accounts = told.partition("Accounts")[2].partition("Try")[0].strip().splitlines()[1:]
    assert [line.split()[0] for line in accounts] == [
        "admin",
        "netops",
        "servicedesk",
        "developer",
        "changemanager",
        "nobody",
    ]


def test_the_three_commands_it_prints_work_as_printed(stack: Stack) -> None:
    text = "\n".join(stack.told).partition("Try, in another terminal:")[2].replace("\\\n", " ")
    call, rest = (line for line in text.splitlines() if line.startswith((".venv", "curl")))
    answered = [
        subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=40, check=True).stdout
        for line in (call, rest)
    ]
    over_mcp, over_rest = map(json.loads, answered)
    assert over_rest["status"] == "success"
    assert over_rest["result"] == over_mcp
    assert len(over_mcp["templates"]) == 3
    assert shlex.split(call)[0] == ".venv/bin/mcp-platform"


def test_a_tool_is_called_as_the_account_and_written_down(stack: Stack) -> None:
    called = stack.command("call", "catalyst-center", "list_devices", "limit=2", "--as", "servicedesk")
    assert called.returncode == 0, called.stderr
    assert len(json.loads(called.stdout)["devices"]) == 2
    line = json.loads(stack.command("audit", "tail", "-n", "1", str(trail(stack))).stdout)
    assert (line["mcp.tool"], line["user.name"]) == ("list_devices", "servicedesk")
    assert stack.command("audit", "verify").returncode == 0


def test_somebody_without_a_group_is_denied_in_a_sentence(stack: Stack) -> None:
    denied = stack.command("call", "catalyst-center", "list_devices", "--as", "nobody")
    assert (denied.returncode, denied.stdout) == (1, "")
    assert re.fullmatch(r"Not allowed: .+ \[denied\]\n", denied.stderr)


def deployment(stack: Stack, **more: object) -> list[str]:
    """The words that deploy some template to some device, and wait for nothing."""
    asked = [("get_all_templates", "templates"), ("list_devices", "devices")]
    answers = [stack.command("call", "catalyst-center", tool, "limit=1", "--as", "netops").stdout for tool, _ in asked]
    template, device = (json.loads(text)[many][0]["id"] for text, (_, many) in zip(answers, asked, strict=True))
    given = {"template_id": template, "device_id": device, "wait_seconds": 0, **more}
    return ["call", "catalyst-center", "deploy_template", *(f"{name}={value}" for name, value in given.items())]


def outcomes(stack: Stack) -> list[tuple[str, str | None]]:
    """Of every deployment in the trail: what came of it, and how it was confirmed."""
    lines = [json.loads(line) for line in trail(stack).read_text().splitlines()]
    deployments = [line for line in lines if line.get("mcp.tool") == "deploy_template"]
    return [(line["mcp.outcome"], line.get("mcp.confirmation")) for line in deployments]


def test_a_write_asks_at_the_terminal_and_is_carried_out_only_after_yes(stack: Stack) -> None:
    words = [*deployment(stack), "--as", "netops"]
    refused = stack.typed("n\n", *words)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Deploy the newest version of template ")
    assert "asked for by netops" in refused.stderr
    assert refused.stderr.endswith("Not confirmed, so nothing was written.\n")
    assert set(outcomes(stack)) == {("asked", None)}
    stack.typed("y\n", *words)
    assert outcomes(stack)[-1][1] == "token"


def test_without_a_terminal_a_write_needs_yes_in_advance(stack: Stack) -> None:
    words = [*deployment(stack), "--as", "netops"]
    refused = stack.command(*words)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.endswith("run it at a terminal, or add --yes. Nothing was written.\n")
    before = len(outcomes(stack))
    stack.command(*words, "--yes")
    assert [confirmation for _, confirmation in outcomes(stack)[before:]] == [None, "token"]


def test_the_catalogue_depends_on_the_account(stack: Stack) -> None:
    assert "deploy_template" in stack.command("tools", "--as", "netops").stdout
    listed = stack.command("tools", "catalyst-center", "--as", "servicedesk", "--json")
    names = {tool["name"] for tool in json.loads(listed.stdout)["catalyst-center"]}
    assert "list_devices" in names
    assert "deploy_template" not in names
    costs = [line.split() for line in stack.command("tools", "--tokens").stdout.splitlines()[1:]]
    totals = {words[0]: int(words[-1]) for words in costs if words[1] == "(all)"}
    for server, total in totals.items():
        assert total == sum(int(words[-1]) for words in costs if words[0] == server and words[1] != "(all)")
    assert set(totals) == set(stack.layout.services)


def test_a_second_run_is_refused_before_it_starts_anything(stack: Stack) -> None:
    refused = stack.command("up")
    assert refused.returncode == 1
    assert f"The platform runs already (process {stack.process.pid})" in refused.stderr


def test_doctor_knows_that_the_ports_are_in_use_by_this_run(stack: Stack) -> None:
    assert f"in use by the running platform (process {stack.process.pid})" in stack.command("doctor").stdout


def test_services_log_in_to_the_store_with_least_rights(stack: Stack) -> None:
    root = (stack.layout.run / "openbao" / "root-token").read_text()
    with httpx2.Client(base_url=stack.layout.url("openbao"), trust_env=False) as store:
        policy = store.get("/v1/sys/policies/acl/catalyst-center", headers={"X-Vault-Token": root}).json()
        assert "secret/data/api/catalyst-center" in policy["data"]["policy"]
        role = store.get("/v1/auth/approle/role/catalyst-center", headers={"X-Vault-Token": root}).json()["data"]
        assert role["token_policies"] == ["catalyst-center"]
    for process in psutil.Process(stack.process.pid).children(recursive=True):
        assert root not in " ".join(process.cmdline())
        if "bao" not in process.name():
            assert root not in process.environ().values()


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_official_mcp_client_finds_registers_and_logs_in_by_itself(
    stack: Stack, http: httpx2.Client, path: str, mode: str
) -> None:
    browser, memory, redirected = Browser(stack.layout.url("oidc"), http), Memory(), []

    async def open_browser(url: str) -> None:
        page = browser._follow(http.get(url))
        redirected.append(browser.submit(page, login="netops", password="netops-demo").headers["location"])

    async def come_back() -> AuthorizationCodeResult:
        answer = parse_qs(urlsplit(redirected[-1]).query)
        return AuthorizationCodeResult(code=answer["code"][0], state=answer["state"][0], iss=answer["iss"][0])

    url = stack.layout.url("catalyst-center") + path
    metadata = OAuthClientMetadata(
        client_name="a desktop client",
        redirect_uris=[AnyUrl("http://localhost:3030/callback")],
        token_endpoint_auth_method="none",
    )
    login = OAuthClientProvider(url, metadata, memory, open_browser, come_back)
    async with (
        httpx2.AsyncClient(auth=login, trust_env=False) as network,
        Client(streamable_http_client(url, http_client=network), mode=mode) as client,
    ):
        assert "get_all_templates" in {tool.name for tool in (await client.list_tools()).tools}
        assert not (await client.call_tool("list_devices", {"limit": 1})).is_error
    assert memory.tokens is not None
    assert memory.tokens.refresh_token
    assert claims(memory.tokens.access_token)["aud"].startswith(stack.layout.mcp_url("catalyst-center"))


def trail(stack: Stack) -> Path:
    return stack.layout.audit / "catalyst-center.jsonl"
