"""`mcp-rest-api-proxy`: run the proxy from the environment."""

import asyncio
import sys

import uvicorn
import uvloop
from pydantic import ValidationError

from mcp_common.compose import open_platform
from mcp_common.errors import PlatformError
from mcp_rest_api_proxy.app import create_app
from mcp_rest_api_proxy.gate import RESOURCE
from mcp_rest_api_proxy.settings import ProxySettings


async def serve(settings: ProxySettings) -> None:
    """Serve until told to stop.

    No resource URL of its own is an accepted audience: the caller's token goes on to the servers, so it has to be
    meant for the platform, and not for the proxy alone.
    """
    async with open_platform(settings, RESOURCE) as platform:
        platform.audit.event("start", "success")
        config = uvicorn.Config(
            create_app(platform, settings),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        await uvicorn.Server(config).serve()
        platform.audit.event("stop", "success")


def main() -> None:
    """Entry point of `mcp-rest-api-proxy`."""
    try:
        settings = ProxySettings()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except ValidationError as error:
        sys.exit(f"mcp-rest-api-proxy: {_settings_at_fault(error)}")
    except PlatformError as error:
        sys.exit(f"mcp-rest-api-proxy: {error}")


def _settings_at_fault(error: ValidationError) -> str:
    """Each setting at fault in one line, without its value: it may be a secret."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'_'.join(str(part) for part in problem['loc']).upper() or 'settings'}: "
        f"{problem['msg'].removeprefix('Value error, ')}"
        for problem in problems
    )
