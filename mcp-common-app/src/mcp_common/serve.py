"""`mcp-serve NAME`: run a declared service from the environment."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from importlib.metadata import entry_points

import uvicorn
import uvloop
from pydantic import ValidationError
from starlette.types import ASGIApp

from mcp_common.compose import open_platform
from mcp_common.errors import PlatformError
from mcp_common.http.bounded_http import BoundedHttp
from mcp_common.runtime import Platform
from mcp_common.service import MCP_PATH, McpService
from mcp_common.settings import Settings

GROUP = "mcp_common.services"


def services() -> dict[str, McpService]:
    """Every installed service, by its name on the wire."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}


async def serve(service: McpService, settings: Settings) -> None:
    """Serve until told to stop."""
    urls = (f"{settings.base_url}{MCP_PATH}", f"{settings.base_url}{MCP_PATH}/")
    async with open_platform(settings, service.name, urls) as platform:
        await listen(service.build(platform).app, platform)


async def listen(app: ASGIApp, platform: Platform) -> None:
    """Answer HTTP where the settings say, until told to stop; start and stop are lines of the audit trail."""
    config = uvicorn.Config(
        app,
        host=platform.settings.host,
        port=platform.settings.port,
        http=BoundedHttp,
        log_config=None,
        access_log=False,
        server_header=False,
        # Who sends X-Forwarded-For chooses the address in the audit trail: nobody may, unless an operator names them.
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
        timeout_graceful_shutdown=10,
    )
    platform.audit.event("start", "success")
    await uvicorn.Server(config).serve()
    platform.audit.event("stop", "success")


def run(program: str, serving: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a program until it ends; what keeps it from starting is one sentence on standard error, exit code 1."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serving())
    except ValidationError as error:
        sys.exit(f"{program}: {_settings_at_fault(error)}")
    except PlatformError as error:
        sys.exit(f"{program}: {error}")


def main() -> None:
    """Entry point of `mcp-serve`."""
    if len(sys.argv) != 2:
        sys.exit("usage: mcp-serve NAME")
    known = services()
    service = known.get(sys.argv[1])
    if service is None:
        sys.exit(f"mcp-serve: no service {sys.argv[1]!r} is installed; there are: {', '.join(sorted(known)) or 'none'}")
    run("mcp-serve", lambda: serve(service, Settings()))


def _settings_at_fault(error: ValidationError) -> str:
    """Each setting at fault in one line, without its value: it may be a secret."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'_'.join(str(part) for part in problem['loc']).upper() or 'settings'}: "
        f"{problem['msg'].removeprefix('Value error, ')}"
        for problem in problems
    )
