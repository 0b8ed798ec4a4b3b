"""Fails when a Python file outgrows its limit: 300 lines of source, 400 of test. Small files, one job each."""

import subprocess
import sys
from pathlib import Path

SOURCE, TEST = 300, 400
ALLOWED: dict[str, tuple[int, str]] = {}
"""File -> (lines, why): raising an entry needs its reason in the same commit."""


def limit(path: str) -> int:
    """How many lines the file may have."""
    if path in ALLOWED:
        return ALLOWED[path][0]
    return TEST if path.startswith("tests/") else SOURCE


def main() -> int:
    """Print each file over its limit; 1 when there is one."""
    listed = subprocess.run(["git", "ls-files", "*.py"], check=True, capture_output=True, text=True).stdout.split()
    sizes = {path: len(Path(path).read_text().splitlines()) for path in listed if Path(path).exists()}
    over = {path: lines for path, lines in sizes.items() if lines > limit(path)}
    for path, lines in sorted(over.items()):
        print(f"{path}: {lines} lines, at most {limit(path)}: split it, one job each")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
