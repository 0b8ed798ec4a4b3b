"""The commands of `mcp-platform` where nothing of the platform runs, and against the provider alone."""

import json
from pathlib import Path

import pytest
from mcp_types import Tool
from typer.testing import CliRunner, Result

from mcp_common.audit import AuditTrail
from platform_cli.layout import Trouble
from platform_cli.main import app
from platform_cli.remote import catalogue_tokens, read_arguments
from tests.platform_cli.browser import claims
from tests.platform_cli.conftest import RunningProvider, free_offset

PROVIDER_PORT = 9000


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


@pytest.fixture(autouse=True)
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_PLATFORM_PORT_OFFSET", str(free_offset()))
    monkeypatch.setenv("MCP_PLATFORM_RUN", str(tmp_path / "run"))


@pytest.fixture
def beside_provider(provider: RunningProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP_PLATFORM_PORT_OFFSET", str(provider.port - PROVIDER_PORT))


@pytest.mark.usefixtures("beside_provider")
def test_token_prints_the_token_and_nothing_else() -> None:
    printed = run("token", "netops")
    assert printed.exit_code == 0
    assert claims(printed.stdout.strip())["sub"] == "netops"


@pytest.mark.usefixtures("beside_provider")
def test_token_for_one_service_with_a_second_factor() -> None:
    said = claims(run("token", "netops", "--resource", "http://127.0.0.1:8002/mcp", "--mfa").stdout.strip())
    assert (said["aud"], said["acr"]) == ("http://127.0.0.1:8002/mcp", "mfa")


@pytest.mark.usefixtures("beside_provider")
def test_token_of_an_unknown_account_is_refused_in_one_sentence() -> None:
    printed = run("token", "mallory")
    assert (printed.exit_code, printed.stdout) == (1, "")
    assert printed.stderr == "The OpenID provider knows no account 'mallory' with that password.\n"


@pytest.mark.parametrize("words", [("token", "admin"), ("tools",), ("call", "catalyst-center", "list_devices")])
def test_without_a_running_platform_a_command_says_how_to_start_it(words: tuple[str, ...]) -> None:
    printed = run(*words)
    assert printed.exit_code == 1
    assert printed.stderr.endswith("start the platform with make run.\n")


@pytest.mark.usefixtures("beside_provider")
@pytest.mark.parametrize("words", [("tools", "nosuch"), ("call", "nosuch", "tool")])
def test_an_unknown_server_is_answered_with_those_there_are(words: tuple[str, ...]) -> None:
    printed = run(*words)
    assert printed.exit_code == 1
    assert printed.stderr.startswith("There is no server 'nosuch'; there are: ")
    assert "catalyst-center" in printed.stderr


@pytest.mark.usefixtures("beside_provider")
def test_a_server_that_does_not_answer_is_named_with_its_address() -> None:
    printed = run("tools", "catalyst-center")
    assert printed.exit_code == 1
    assert printed.stderr.startswith("catalyst-center does not answer at http://127.0.0.1:")


def test_arguments_are_json_where_they_are_json_and_text_elsewhere() -> None:
    assert read_arguments(["limit=3", "name=core", 'deep={"a": [1]}', "text=a=b", 'quoted="5"', "off=false"]) == {
        "limit": 3,
        "name": "core",
        "deep": {"a": [1]},
        "text": "a=b",
        "quoted": "5",
        "off": False,
    }
    with pytest.raises(Trouble, match="'loose' is not an argument: write key=value"):
        read_arguments(["loose"])


def test_the_cost_of_a_tool_is_counted_over_name_description_and_input_schema() -> None:
    tool = Tool(name="ab", description="cd", input_schema={"type": "object"}, output_schema={"type": "object"})
    text = '{"name":"ab","description":"cd","input_schema":{"type":"object"}}'
    assert catalogue_tokens(tool) == -(-len(text) // 4)


def test_status_shows_every_part_as_down_and_fails() -> None:
    printed = run("status", "--json")
    assert printed.exit_code == 1
    parts = {part["name"]: (part["state"], part["why"]) for part in json.loads(printed.stdout)}
    assert {"openbao", "oidc", "catalyst-center-simulator", "catalyst-center", "rest-api-proxy"} <= parts.keys()
    assert set(parts.values()) == {("down", "nothing answers")}


def test_doctor_finds_this_checkout_in_order() -> None:
    printed = run("doctor")
    assert printed.exit_code == 0, printed.stdout
    assert {line.split()[1] for line in printed.stdout.splitlines()} >= {
        "python",
        "packages",
        "node",
        "openbao",
        "config",
    }


def test_doctor_names_a_wrong_file_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / "common-services" / "oidc").mkdir(parents=True)
    (home / "common-services" / "ports.json").write_text("{}")
    (home / "common-services" / "oidc" / "package.json").write_text('{"dependencies": {"oidc-provider": "1"}}')
    (home / "common-services" / "oidc" / "accounts.json").write_text("{")
    monkeypatch.setenv("MCP_PLATFORM_HOME", str(home))
    printed = run("doctor")
    assert printed.exit_code == 1
    failed = [line for line in printed.stdout.splitlines() if line.startswith("FAIL")]
    assert any("requirements.lock is missing" in line for line in failed)
    assert any("oidc-provider nothing, 1 is wanted: run make install" in line for line in failed)
    assert any("accounts.json" in line and "correct it" in line for line in failed)


def test_audit_verify_passes_a_whole_trail_and_finds_one_altered_line(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    trail = AuditTrail(path, service="test")
    for number in range(3):
        trail.event("start", "success", number=number)
    trail.close()
    whole = run("audit", "verify", str(path))
    assert (whole.exit_code, whole.stdout) == (0, f"ok    {path}: 3 lines, the chain is whole\n")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[1].replace("success", "failure"), lines[2]]))
    broken = run("audit", "verify", str(path))
    assert broken.exit_code == 1
    assert broken.stdout.startswith(f"FAIL  {path} at line 2: ")
    assert len(run("audit", "tail", "-n", "2", str(path)).stdout.splitlines()) == 2


def test_audit_of_a_run_that_never_was_says_so() -> None:
    printed = run("audit", "verify")
    assert (printed.exit_code, "There is no audit trail in" in printed.stderr) == (1, True)
