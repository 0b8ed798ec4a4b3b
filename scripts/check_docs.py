"""Keeps the documents true: generated tables are up to date, links lead somewhere, and every member has a README.

A block between `<!-- NAME:begin -->` and `<!-- NAME:end -->` is generated; `--write` brings all of them up to date.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined
from tests.contract import catalogues, troubles_table
from tests.e2e import denials_table

from mcp_common import errors
from mcp_common.calls.compiled import CompiledTool
from mcp_common.serve import services
from mcp_common.service import McpService
from mcp_common.settings import Settings

RESULTS = Path("benchmarks/results.json")
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def folder_of(service: McpService) -> Path:
    """Where a service lives: the folder named like the package of its tools."""
    package = service.tools[0].__name__.split(".", 1)[0]
    return Path(package.replace("_", "-"))


def rows(head: str, lines: list[list[str]]) -> str:
    """A Markdown table."""
    columns = head.count("|") + 1
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return "\n".join([f"| {head} |", "|" + "---|" * columns, *body])


def tool_table(service: McpService) -> str:
    """The tools of a service."""
    return rows("tool | what for | permission | upstream calls | toolset", [_row(tool) for tool in service.compile()])


def _row(tool: CompiledTool) -> list[str]:
    declaration = tool.declaration
    purpose = declaration.description.splitlines()[0]
    return [f"`{tool.name}`", purpose, f"`{tool.permission}`", declaration.upstream or "-", declaration.toolset]


def settings_table() -> str:
    """Every setting a process reads from the environment."""
    lines = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, PydanticUndefined, "") else f"`{field.default}`"
        lines.append([f"`{name.upper()}`", default, field.description or ""])
    return rows("variable | default | what it says", lines)


def error_table() -> str:
    """Every error a caller may meet, over MCP and over REST."""
    kinds = errors.PlatformError.__subclasses__()
    lines = [
        [f"`{kind.code}`", str(kind.status), (kind.__doc__ or "").splitlines()[0], "yes" if kind.retryable else "no"]
        for kind in kinds
        if kind.__module__ == errors.__name__
    ]
    return rows("code | HTTP | meaning | retry", lines)


def measured() -> dict[str, Any]:
    """The last committed run of the benchmark."""
    found: dict[str, Any] = json.loads(RESULTS.read_text())
    return found


def figures() -> str:
    """Throughput against the bare framework, in short."""
    lines = [
        [name, callers, f"{row['ratio']:.2f}", f"{row['ratio_min']:.2f} to {row['ratio_max']:.2f}"]
        for callers, found in measured()["calls"].items()
        for name, row in found.items()
    ]
    return rows("call | callers | throughput against bare FastMCP | over the rounds", lines)


def call_table() -> str:
    """Every row of calls, with times."""
    lines = [
        [name, callers, f"{row['rps']:.0f}", f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.1f}", f"{row['ratio']:.2f}"]
        for callers, found in measured()["calls"].items()
        for name, row in found.items()
    ]
    return rows("call | callers | calls a second | p50 ms | p99 ms | ratio", lines)


def tools_table() -> str:
    """The governed call with more and more tools registered."""
    lines = [
        [name, f"{row['rps']:.0f}", f"{row['p50_ms']:.2f}", f"{row['ratio']:.2f}"]
        for name, row in measured()["tools"].items()
    ]
    return rows("registered | calls a second | p50 ms | ratio", lines)


def decision_table() -> str:
    """Decision times of both engines."""
    lines = [
        [engine, what, f"{row['p50_ms']:.3f}", f"{row['p99_ms']:.3f}"]
        for engine, found in measured()["policy"].items()
        for what, row in found.items()
    ]
    return rows("engine | asked | p50 ms | p99 ms", lines)


def integration_table() -> str:
    """What each server offers, and what its default catalogue costs a model of each role."""
    head, *lines = catalogues.table()
    return rows(" | ".join(["server", *head[1:]]), lines)


def blocks() -> dict[tuple[Path, str], Callable[[], str]]:
    """Document and block name -> what makes it."""
    made: dict[tuple[Path, str], Callable[[], str]] = {
        (Path("docs/operating.md"), "settings"): settings_table,
        (Path("docs/operating.md"), "errors"): error_table,
        (Path("docs/operating.md"), "denials"): denials_table.markdown,
        (Path("README.md"), "figures"): figures,
        (Path("docs/measurements.md"), "calls"): call_table,
        (Path("docs/measurements.md"), "tools"): tools_table,
        (Path("docs/measurements.md"), "decisions"): decision_table,
        (Path("docs/measurements.md"), "integrations"): integration_table,
        (Path("docs/measurements.md"), "troubles"): troubles_table.markdown,
    }
    for service in services().values():
        made[(folder_of(service) / "README.md", "tools")] = partial(tool_table, service)
    return made


def replaced(text: str, name: str, block: str) -> str | None:
    """The document with its block made anew; None where it has no such block."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if begin not in text or end not in text:
        return None
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{block}\n{end}{rest.partition(end)[2]}"


def check_block(path: Path, name: str, block: str, write: bool) -> str | None:
    """What is wrong with a generated block, or None; writes it where asked to."""
    text = path.read_text()
    fresh = replaced(text, name, block)
    if fresh is None:
        return f"{path}: no <!-- {name}:begin --> … <!-- {name}:end -->"
    if fresh != text and write:
        path.write_text(fresh)
        return None
    return None if fresh == text else f"{path}: {name} is out of date: .venv/bin/python scripts/check_docs.py --write"


def broken_links(path: Path) -> list[str]:
    """Relative links of a document that lead nowhere."""
    targets = [target for target in _LINK.findall(path.read_text()) if "://" not in target]
    return [f"{path}: link to {target} leads nowhere" for target in targets if not (path.parent / target).exists()]


def main(write: bool) -> int:
    """Print what is not true any more; 1 when there is something."""
    found = [check_block(path, name, make(), write) for (path, name), make in blocks().items()]
    problems = [problem for problem in found if problem]
    problems += [
        f"{member.parent}: no README.md"
        for member in Path().glob("*/pyproject.toml")
        if not (member.parent / "README.md").exists()
    ]
    listed = subprocess.run(["git", "ls-files", "*.md"], check=True, capture_output=True, text=True).stdout.split()
    problems += [problem for name in listed if Path(name).exists() for problem in broken_links(Path(name))]
    if problems:
        print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv))
