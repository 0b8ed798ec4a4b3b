"""What must hold before anything is started."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import psutil

from platform_cli.layout import HOST, Layout
from platform_cli.parts import Part


def problems(layout: Layout, parts: Sequence[Part]) -> list[str]:
    """One sentence for each thing that stands in the way; empty: nothing does."""
    if (pid := running(layout)) is not None:
        return [
            f"The platform runs already (process {pid}): stop that one first, or look at it with mcp-platform status."
        ]
    found = []
    if os.environ.get("ENVIRONMENT", "development") != "development":
        found.append(
            f"ENVIRONMENT is {os.environ['ENVIRONMENT']}: the embedded run has known passwords and is for development "
            "only. Unset ENVIRONMENT, or deploy the services as docs/ describes."
        )
    for part in parts:
        found += [f"The {part.label} is not installed: {path} is missing. Run make install." for path in missing(part)]
        if not port_is_free(part.port):
            found.append(
                f"Port {part.port} of the {part.label} is in use{_by(part.port)}. "
                "Stop that, or start beside it with mcp-platform up --port-offset 1000."
            )
    return found


def missing(part: Part) -> list[str]:
    """The files the part needs and does not have."""
    return [str(path) for path in (Path(part.command[0]), *part.files) if not path.exists()]


def port_is_free(port: int) -> bool:
    """True when a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def listener(port: int) -> psutil.Process | None:
    """The process listening on the port, when this account may know."""
    for process in psutil.process_iter():
        try:
            connections = process.net_connections(kind="tcp")
        except psutil.Error:
            continue
        if any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in connections):
            return process
    return None


def described(process: psutil.Process) -> str:
    """The program, and for an interpreter also what it runs; no further arguments, which may hold secrets."""
    try:
        words = process.cmdline()[:2]
    except psutil.Error:
        words = []
    names = [Path(word).name for word in words if not word.startswith("-")]
    return f"{' '.join(names) or 'a process'} (process {process.pid})"


def running(layout: Layout) -> int | None:
    """The process of the `up` that runs this very layout, if one does."""
    try:
        process = psutil.Process(int(pid_file(layout).read_text()))
        return process.pid if any("mcp-platform" in word for word in process.cmdline()) else None
    except (OSError, ValueError, psutil.Error):
        return None


def pid_file(layout: Layout) -> Path:
    """Where `up` writes its process id."""
    return layout.run / "up.pid"


def _by(port: int) -> str:
    process = listener(port)
    return "" if process is None else f" by {described(process)}"
