"""What must hold before anything is started."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import psutil

from platform_cli.layout import HOST
from platform_cli.parts import Part


def problems(parts: Sequence[Part]) -> list[str]:
    """One sentence for each thing that stands in the way; empty: nothing does."""
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


def _by(port: int) -> str:
    process = listener(port)
    if process is None:
        return ""
    try:
        return f" by {process.name()} (process {process.pid})"
    except psutil.Error:
        return ""
