"""Tools that trace the way between two addresses."""

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mcp_catalyst_center.calls.paths import read_trace
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.paths import PathTrace
from mcp_catalyst_center.tracing import Flow, trace
from mcp_common.fields import described, uuid_field
from mcp_common.tools import Progress, Upstream, tool

Catalyst = Annotated[CatalystClient, Upstream]


def _an_address(text: str) -> str:
    return str(ipaddress.ip_address(text))


_Address = Annotated[
    str, described("IP address", max_length=45, pattern=r"^[0-9A-Fa-f.:]+$"), AfterValidator(_an_address)
]
_Port = Annotated[int, described("Port", ge=1, le=65_535)]
_Include = Annotated[
    tuple[Literal["ACL_TRACE", "QOS_STATS", "INTERFACE_STATS", "DEVICE_STATS"], ...],
    Field(max_length=4, description="What else to look at on each hop"),
]


@tool("catalyst-center/path:execute", toolset="paths", upstream="POST flow-analysis, GET flow-analysis/{id}")
async def trace_path(
    catalyst: Catalyst,
    progress: Progress,
    source: _Address,
    destination: _Address,
    protocol: Annotated[Literal["TCP", "UDP"] | None, Field(description="Of the traffic")] = None,
    source_port: _Port | None = None,
    destination_port: _Port | None = None,
    include: _Include = ("ACL_TRACE",),
    wait_seconds: Annotated[int, Field(ge=0, le=120, description="How long to wait for the end")] = 30,
) -> PathTrace:
    """Trace the way from one address (a client's or a device's) to another, hop by hop, as the network is known.

    With ACL_TRACE, `blocked` says whether an access list denies the traffic. Changes nothing on the network.
    """
    flow = Flow(source, destination, protocol, source_port, destination_port, include)
    return await trace(catalyst, flow, wait=float(wait_seconds), progress=progress)


@tool("catalyst-center/path:read", toolset="paths", upstream="GET flow-analysis/{id}")
async def get_path_trace(
    catalyst: Catalyst, trace_id: Annotated[str, uuid_field("Trace id, from trace_path")]
) -> PathTrace:
    """Show a path trace that was begun before."""
    return await read_trace(catalyst, trace_id)
