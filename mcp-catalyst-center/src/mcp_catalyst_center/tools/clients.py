"""Tools about the clients of the network."""

from typing import Annotated

from mcp_catalyst_center.arguments import Mac
from mcp_catalyst_center.calls.clients import read_client, read_client_health
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.clients import Client, ClientHealth
from mcp_common.tools import Upstream, tool

Catalyst = Annotated[CatalystClient, Upstream]


@tool("catalyst-center/health:read", toolset="health", upstream="GET client-health")
async def get_client_health(catalyst: Catalyst) -> ClientHealth:
    """Count good, fair and poor clients."""
    return await read_client_health(catalyst)


@tool("catalyst-center/health:read", toolset="health", upstream="GET client-detail")
async def get_client(catalyst: Catalyst, mac: Mac) -> Client:
    """Show a client: user, connection, health, links into the network."""
    return await read_client(catalyst, mac)
