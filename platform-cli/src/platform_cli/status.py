"""What state each part of a run is in."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any, Literal

import httpx2

from platform_cli.layout import HOST, Layout

_READY_PATHS = {"openbao": "/v1/sys/health", "oidc": "/healthz"}


@dataclass(frozen=True)
class Status:
    """One part: `why` says what it lacks when it is not ready."""

    name: str
    port: int
    state: Literal["ready", "not ready", "down"]
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


async def statuses(layout: Layout) -> list[Status]:
    """Ask every part of the run, all at once."""
    async with httpx2.AsyncClient(timeout=5.0, trust_env=False) as http:
        return list(await asyncio.gather(*(_ask(layout, name, http) for name in layout.parts)))


async def _ask(layout: Layout, name: str, http: httpx2.AsyncClient) -> Status:
    port = layout.port(name)
    simulated = name in layout.simulators
    why = await why_no_connection(port) if simulated else await why_not_ready(http, _ready_url(layout, name))
    if not why:
        return Status(name, port, "ready")
    return Status(name, port, "down" if why == SILENCE else "not ready", why)


def _ready_url(layout: Layout, name: str) -> str:
    return f"{layout.url(name)}{_READY_PATHS.get(name, '/readyz')}"


SILENCE = "nothing answers"


async def why_not_ready(http: httpx2.AsyncClient, url: str) -> str:
    """Empty when the URL answers 200; else what is missing, as one line."""
    try:
        answer = await http.get(url)
    except httpx2.HTTPError:
        return SILENCE
    return "" if answer.status_code == 200 else readiness_text(answer)


async def why_no_connection(port: int) -> str:
    """Empty when the port takes connections."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return SILENCE
    writer.close()
    await writer.wait_closed()
    return ""


def readiness_text(answer: httpx2.Response) -> str:
    """What a /readyz says is missing."""
    try:
        checks = answer.json().get("checks", {})
        missing = [f"{name}: {check['reason']}" for name, check in checks.items() if not check["ok"]]
    except (ValueError, AttributeError, KeyError, TypeError):
        missing = []
    return "; ".join(missing) or f"HTTP {answer.status_code}"
