"""The whole platform, started by the command itself on ports of its own."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platform_cli.layout import Layout

COMMAND = Path(sys.executable).parent / "mcp-platform"


@dataclass
class Stack:
    """A running platform. `told` is what `up` printed until it was ready."""

    process: subprocess.Popen[str]
    layout: Layout
    told: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """For commands about this run."""
        return environment_of(self.layout)

    def command(self, *words: str, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
        """Run `mcp-platform` about this run."""
        return subprocess.run(
            [COMMAND, *words],
            env=self.environment,
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=40,
            check=False,
        )

    def typed(self, text: str, *words: str) -> subprocess.CompletedProcess[str]:
        """The same, by somebody at a terminal who types the text."""
        keyboard, terminal = pty.openpty()
        try:
            os.write(keyboard, text.encode())
            return self.command(*words, stdin=terminal)
        finally:
            os.close(keyboard)
            os.close(terminal)


def environment_of(layout: Layout) -> dict[str, str]:
    return os.environ | {
        "MCP_PLATFORM_PORT_OFFSET": str(layout.port_offset),
        "MCP_PLATFORM_RUN": str(layout.run),
        "NO_COLOR": "1",
    }


@contextmanager
def running(layout: Layout) -> Iterator[Stack]:
    """Start everything; stop it as Ctrl-C would."""
    process = subprocess.Popen(
        [COMMAND, "up"], env=environment_of(layout), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        told: list[str] = []
        try:
            for line in process.stdout:
                told.append(line.rstrip())
                if line.startswith("Ctrl-C stops"):
                    break
            else:
                raise RuntimeError("\n".join(["the platform did not start:", *told]))
            yield Stack(process, layout, told)
        finally:
            process.send_signal(signal.SIGINT)
            told += [line.rstrip() for line in process.stdout]
            process.wait(timeout=60)
