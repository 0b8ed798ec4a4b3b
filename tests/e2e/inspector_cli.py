"""The command line of the official MCP Inspector, run as a person at a terminal runs it."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.platform_cli.conftest import NODE, ROOT

FOLDER = ROOT / "tests" / "e2e" / "inspector"
PROGRAM = FOLDER / "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"
INSTALLED = "tests/e2e/inspector/node_modules/.installed"

needs_inspector = pytest.mark.skipif(
    not PROGRAM.exists(), reason=f"the official MCP Inspector is not installed: `make {INSTALLED}`"
)

_LINK = re.compile(r"https?://[!-~]+/auth\?[!-~]+")


@dataclass(frozen=True)
class Said:
    """How a run ended, what it printed for programs, and what it told the person."""

    code: int
    out: str
    told: str

    @property
    def result(self) -> dict[str, Any]:
        """The result it printed."""
        assert self.code == 0, self
        result: dict[str, Any] = json.loads(self.out)["result"]
        return result

    @property
    def remarks(self) -> list[str]:
        """What it told beside its own affairs (where it keeps secrets)."""
        return [line for line in self.told.splitlines() if line and not line.startswith("[mcp-inspector]")]


@dataclass(frozen=True)
class Inspector:
    """The Inspector's command line against one server; `home` is where it keeps logins."""

    url: str
    home: Path

    def run(self, era: str, *words: str, person: Callable[[str], object] | None = None) -> Said:
        """Run it at a terminal; `person` is given the link that it asks to open."""
        command = [
            str(NODE),
            str(PROGRAM),
            "--cli",
            self.url,
            "--transport",
            "http",
            "--protocol-era",
            era,
            "--format",
            "json",
        ]
        ours, theirs = pty.openpty()
        try:
            process = subprocess.Popen(
                [*command, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=theirs,
                text=True,
                env={"HOME": str(self.home), "PATH": os.defpath, "MCP_INSPECTOR_SECRET_STORE": "file"},
            )
            os.close(theirs)
            try:
                told = _conversation(ours, person)
                out, _ = process.communicate(timeout=20)
            finally:
                process.kill()
                process.wait()
        finally:
            os.close(ours)
        return Said(process.returncode, out, told)


def _conversation(terminal: int, person: Callable[[str], object] | None) -> str:
    """Read what it says until it ends; the first link in a whole line is opened."""
    told, opened = "", False
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end of a terminal is closed
            return told
        told += chunk.decode(errors="replace")
        link = _LINK.search(told)
        if person is not None and link is not None and not opened and "\n" in told[link.end() :]:
            opened = True
            person(link[0])
