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
    for name in (
        "common-services/ports.json",
        "pyproject.toml",
        "simulators/pyproject.toml",
        "tests/__init__.py",
        "tests/toolsnaps.py",
        "tests/contract/__init__.py",
        "tests/contract/troubles.py",
        "tests/contract/examples/__init__.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "common-services" / "opa", tmp_path / "common-services" / "opa")
    shutil.copytree(
        ROOT / "simulators" / "src", tmp_path / "simulators" / "src", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path


async def test_the_results_are_formatted_typed_and_their_tests_pass(checkout: Path) -> None:
    names = ["acme", "x" + "-abcdefgh" * 2 + "-abcd"]
    assert len(names[1]) == LONGEST
    files = [str(path) for name in names for path in make(checkout, name) if path.suffix == ".py"]
    sources = [f"mcp-{name}/src" for name in names]
    made = [*sources, "simulators/src"]
    await asyncio.gather(
        python(checkout, "-m", "ruff", "format", "--check", *files),
        python(checkout, "-m", "ruff", "check", *files),
        python(
            checkout,
            "-m",
            "mypy",
            "--cache-dir",
            str(ROOT / ".mypy_cache" / "new-server"),
            *sources,
            "tests",
            path=made,
        ),
        python(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", path=made),
    )


def test_it_gets_a_port_a_policy_a_place_for_its_secret_and_a_resource(checkout: Path) -> None:
    made = {str(path.relative_to(checkout)) for path in make(checkout, "acme-dns")}
    assert {
        "common-services/vault/policies/acme-dns.hcl",
        "common-services/vault/secrets/api/acme-dns.json",
        "mcp-acme-dns/README.md",
        "mcp-acme-dns/src/mcp_acme_dns/server.py",
        "simulators/src/simulators/acme_dns/app.py",
        "tests/contract/examples/acme_dns.py",
        "tests/mcp_acme_dns/test_items.py",
    } <= made
    ports = json.loads((checkout / "common-services" / "ports.json").read_text())
    assert list(ports.values()).count(ports["acme-dns"]) == 1
    assert list(ports.values()).count(ports["acme-dns-simulator"]) == 1
    assert '\nacme-dns = "simulators.acme_dns"\n' in (checkout / "simulators" / "pyproject.toml").read_text()
    data = (checkout / "common-services" / "opa" / "config" / "data.yaml").read_text()
    assert "\n  acme-dns: [read, write, execute]\n" in data.partition("\nroles:")[0]


@pytest.mark.parametrize("name", ["Acme", "a_b", "a--b", "-a", "a-", "1a", "", "../a", "a" * (LONGEST + 1)])
def test_a_name_that_does_not_fit_is_refused_and_nothing_is_written(checkout: Path, name: str) -> None:
    before = sorted(checkout.rglob("*"))
    with pytest.raises(Trouble, match="is no server name"):
        make(checkout, name)
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.parametrize("name", ["class", "import", "async", "true", "none", "null", "on", "yes", "y"])
def test_a_name_that_means_something_else_is_refused(checkout: Path, name: str) -> None:
    with pytest.raises(Trouble, match="means something else"):
        make(checkout, name)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no space left")])
def test_what_is_broken_off_leaves_nothing_behind(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() if path.is_file() else b"" for path in checkout.rglob("*")}

    def broken(files: object) -> None:
        raise error

    before = contents()
    with monkeypatch.context() as patch:
        patch.setattr("platform_cli.new_server._tidy", broken)
        with pytest.raises(type(error)):
            make(checkout, "acme")
    assert contents() == before
    assert make(checkout, "acme")


@pytest.mark.parametrize("name", ["acme", "rest-api-proxy", "common-app", "oidc", "clock", "world", "types", "github"])
def test_a_name_that_is_taken_is_refused(checkout: Path, name: str) -> None:
    make(checkout, "acme")
    with pytest.raises(Trouble, match="There is something called"):
        make(checkout, name)


async def python(folder: Path, *words: str, path: Sequence[str] = ()) -> None:
    """Run a module in the copy."""
    packages = os.pathsep.join(str(folder / part) for part in path)
    environment = os.environ | {"PYTHONPATH": packages, "MYPYPATH": packages}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=folder, env=environment, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
