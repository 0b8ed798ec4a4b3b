"""Keeps the documents true: generated tables are up to date, links lead somewhere, and every member has a README.

`--write` brings the generated parts up to date instead of complaining.
"""

import re
import subprocess
import sys
from pathlib import Path

from mcp_common.compiled import CompiledTool
from mcp_common.serve import services
from mcp_common.service import McpService

BEGIN, END = "<!-- tools:begin -->", "<!-- tools:end -->"
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def folder_of(service: McpService) -> Path:
    """Where a service lives: the folder named like the package of its tools."""
    package = service.tools[0].__name__.split(".", 1)[0]
    return Path(package.replace("_", "-"))


def table(service: McpService) -> str:
    """The tools of a service as a Markdown table."""
    rows = [
        "| tool | what for | permission | upstream calls | toolset |",
        "|---|---|---|---|---|",
        *(_row(tool) for tool in service.compile()),
    ]
    return "\n".join(rows)


def _row(tool: CompiledTool) -> str:
    declaration = tool.declaration
    purpose = declaration.description.splitlines()[0].replace("|", "\\|")
    cells = [f"`{tool.name}`", purpose, f"`{tool.permission}`", declaration.upstream or "-", declaration.toolset]
    return f"| {' | '.join(cells)} |"


def with_table(text: str, service: McpService) -> str:
    """The README with its table made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(service)}\n{END}{after}"


def broken_links(path: Path) -> list[str]:
    """Relative links of a document that lead nowhere."""
    targets = _LINK.findall(path.read_text())
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    return [f"{path}: link to {target} leads nowhere" for target in local if not (path.parent / target).exists()]


def main(write: bool) -> int:
    """Print what is not true any more; 1 when there is something."""
    problems: list[str] = []
    for service in services().values():
        readme = folder_of(service) / "README.md"
        text = readme.read_text()
        if BEGIN not in text:
            problems.append(f"{readme}: no {BEGIN} … {END} for the table of tools")
        elif write:
            readme.write_text(with_table(text, service))
        elif with_table(text, service) != text:
            problems.append(f"{readme}: the table of tools is out of date: scripts/check_docs.py --write")
    problems += [
        f"{member.parent}: no README.md" for member in Path().glob("*/pyproject.toml") if not (member.parent / "README.md").exists()
    ]
    listed = subprocess.run(["git", "ls-files", "*.md"], check=True, capture_output=True, text=True).stdout.split()
    problems += [problem for name in listed if Path(name).exists() for problem in broken_links(Path(name))]
    print("\n".join(problems)) if problems else None
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv))
