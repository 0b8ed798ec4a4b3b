"""`mcp-rest-api-proxy`: run the proxy from the environment."""

from mcp_common.compose import open_platform
from mcp_common.serve import listen, run
from mcp_rest_api_proxy.app import create_app
from mcp_rest_api_proxy.gate import RESOURCE
from mcp_rest_api_proxy.settings import ProxySettings


async def serve(settings: ProxySettings) -> None:
    """Serve until told to stop.

    No resource URL of its own is an accepted audience: the caller's token goes on to the servers, so it has to be
    meant for the platform, and not for the proxy alone.
    """
    async with open_platform(settings, RESOURCE) as platform:
        await listen(create_app(platform, settings), platform)


def main() -> None:
    """Entry point of `mcp-rest-api-proxy`."""
    run("mcp-rest-api-proxy", lambda: serve(ProxySettings()))
