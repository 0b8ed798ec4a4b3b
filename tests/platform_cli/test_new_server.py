"""A server made from the template passes everything at once."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from platform_cli.layout import Trouble
from platform_cli.new_server import LONGEST, make
from tests.platform_cli.conftest import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of the project as a new server touches and its checks read."""
    for name in ("common-services/ports.json", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "common-services" / "opa", tmp_path / "common-services" / "opa")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").touch()
    return tmp_path


async def test_the_results_are_formatted_typed_and_their_tests_pass(checkout: Path) -> None:
    names = ["acme", "x" + "-abcdefgh" * 2 + "-abcd"]
    assert len(names[1]) == LONGEST
    for name in names:
        make(checkout, name)
    sources = [f"mcp-{name}/src" for name in names]
    await asyncio.gather(
        python(checkout, "-m", "ruff", "format", "--check", "."),
        python(checkout, "-m", "ruff", "check", "."),
        python(checkout, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "new-server"), *sources, "tests"),
        python(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", path=sources),
    )


def test_it_gets_a_port_a_policy_a_place_for_its_secret_and_a_resource(checkout: Path) -> None:
    made = {str(path.relative_to(checkout)) for path in make(checkout, "acme-dns")}
    assert {
        "common-services/vault/policies/acme-dns.hcl",
        "common-services/vault/secrets/api/acme-dns.json",
        "mcp-acme-dns/README.md",
        "mcp-acme-dns/src/mcp_acme_dns/server.py",
        "tests/mcp_acme_dns/test_items.py",
    } <= made
    ports = json.loads((checkout / "common-services" / "ports.json").read_text())
    assert list(ports.values()).count(ports["acme-dns"]) == 1
    data = (checkout / "common-services" / "opa" / "config" / "data.yaml").read_text()
    assert "\n  acme-dns: [read, write, execute]\n" in data.partition("\nroles:")[0]


@pytest.mark.parametrize("name", ["Acme", "a_b", "a--b", "-a", "a-", "1a", "", "../a", "a" * (LONGEST + 1)])
def test_a_name_that_does_not_fit_is_refused_and_nothing_is_written(checkout: Path, name: str) -> None:
    before = sorted(checkout.rglob("*"))
    with pytest.raises(Trouble, match="is no server name"):
        make(checkout, name)
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.parametrize("name", ["acme", "rest-api-proxy", "common-app", "oidc"])
def test_a_name_that_is_taken_is_refused(checkout: Path, name: str) -> None:
    make(checkout, "acme")
    with pytest.raises(Trouble, match="There is something called"):
        make(checkout, name)


async def python(folder: Path, *words: str, path: Sequence[str] = ()) -> None:
    """Run a module in the copy."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(folder / part) for part in path)}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=folder, env=environment, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
