"""Start what is measured, and load it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Target:
    """A running server, and a token it accepts."""

    port: int
    token: str


@contextmanager
def running(*arguments: str, port: int | None = None) -> Iterator[Target]:
    """Start `python -m benchmarks.servers` and wait until it listens."""
    port = port or free_port()
    kind, *rest = arguments
    command = [sys.executable, "-m", "benchmarks.servers", kind, str(port), *rest]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        token = process.stdout.readline().strip() if process.stdout else ""
        if not token:
            raise SystemExit(f"{' '.join(command)} did not start")
        wait_for(port)
        if kind == "stack":
            wait_for(port + 1)
        yield Target(port, token)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def wait_for(port: int, seconds: float = 20.0) -> None:
    """Wait until somebody listens on the port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def mcp_request(target: Target, tool: str = "add", *, a: int = 1, progress: bool = False) -> bytes:
    """A stateless `tools/call` as bytes; one that asks for progress takes the framework's path."""
    meta: dict[str, Any] = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    if progress:
        meta["progressToken"] = 1
    params = {"name": tool, "arguments": {"a": a, "b": 2}, "_meta": meta}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    headers = [
        "accept: application/json, text/event-stream",
        "mcp-protocol-version: 2026-07-28",
        "mcp-method: tools/call",
        f"mcp-name: {tool}",
    ]
    return post("/mcp", target, headers, body)


def rest_request(target: Target, server: str = "catalyst-center", tool: str = "add") -> bytes:
    """The same call over REST."""
    body = json.dumps({"arguments": {"a": 1, "b": 2}})
    return post(f"/api/v1/mcp/{server}/tools/{tool}", target, ["accept: application/json"], body)


def post(path: str, target: Target, headers: Sequence[str], body: str) -> bytes:
    """A whole HTTP request."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"host: 127.0.0.1:{target.port}",
        "content-type: application/json",
        f"content-length: {len(body.encode())}",
        *headers,
        *([f"authorization: Bearer {target.token}"] if target.token != "-" else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def loaded(target: Target, request: bytes, connections: int, seconds: float) -> dict[str, Any]:
    """Requests per second and latencies under load; stops the run when an answer is wrong."""
    command = [sys.executable, "-m", "benchmarks.load", "127.0.0.1", str(target.port), str(connections), str(seconds)]
    done = subprocess.run(command, input=request, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    if found["errors"]:
        raise SystemExit(f"the load met an error: {found['errors']}")
    found["rps"] = round(found["requests"] / found["seconds"], 1)
    return found
