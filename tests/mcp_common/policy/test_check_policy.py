"""scripts/check_policy passes the policy that ships and stops what the engine in process would take."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mcp_common.testing.opa_server import CHECKOUT, POLICY


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICY, tmp_path / "policy"))


def check(policy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CHECKOUT / "scripts" / "check_policy", policy], capture_output=True, text=True, check=False)


def add(policy: Path, rego: str) -> None:
    with (policy / "authz.rego").open("a") as file:
        file.write(rego)


def test_the_policy_that_ships_passes(policy: Path) -> None:
    checked = check(policy)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("rego", "complaint"),
    [
        ('\ngrants("marvin", _)\n', r"no test reaches .*authz\.rego:\d+-\d+"),
        ('\ngrants("marvin",  _)\n', "not formatted; run: .*opa fmt --write"),
        ('\ngrants("marvin", _) { true }\n', "`if` keyword is required"),
        ('\ngrants(role, request) if role == "marvin"\n', "unused argument request"),
        ("\nallow if input.marvin\n\nflaw(request) := input.marvin if request\n", "no test reaches"),
    ],
)
def test_what_is_untested_unformatted_or_old_is_stopped(policy: Path, rego: str, complaint: str) -> None:
    add(policy, rego)
    checked = check(policy)
    assert checked.returncode != 0
    assert re.search(complaint, checked.stderr + checked.stdout)


def test_a_right_nobody_meant_to_give_is_stopped(policy: Path) -> None:
    data = policy / "data.yaml"
    data.write_text(data.read_text().replace("catalyst-center: [read]", "catalyst-center: [read, write]"))
    checked = check(policy)
    assert checked.returncode != 0
    assert "test_the_matrix_holds_both_ways: FAIL" in checked.stdout


def test_a_right_to_what_the_platform_has_not_is_stopped(policy: Path) -> None:
    data = policy / "data.yaml"
    data.write_text(data.read_text().replace("radkit: [read, execute]", "raddkit: [read, execute]"))
    assert "test_every_grant_names_what_the_platform_has: FAIL" in check(policy).stdout
