"""Sites, the devices of a site, and how devices are connected."""

from collections.abc import AsyncIterator, Sequence

from pydantic import Field

from mcp_catalyst_center.arguments import fits
from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import PAGE, V1, CatalystClient
from mcp_catalyst_center.models.shared import Answered
from mcp_catalyst_center.models.sites import Link, Neighbor, Site
from mcp_common.errors import NotFound
from mcp_common.untrusted import Untrusted
from mcp_common.upstream import Query

_KEEP = 60.0
"""Seconds for which sites and topology may be remembered: both are read whole, and change seldom."""

_MOST_SITES, _MOST_DEVICES = 5_000, 5_000
_NO_SITE = "There is no site with this id. Ask list_sites for the ids there are."
_NO_NODE = "The topology holds no device with this id. Ask list_devices for the ids there are."


class _Node(Answered):
    id: str
    hostname: Untrusted | None = Field(default=None, validation_alias="label")
    address: Untrusted | None = Field(default=None, validation_alias="ip")
    role: Untrusted | None = None
    platform: Untrusted | None = Field(default=None, validation_alias="platformId")


class _Edge(Answered):
    source: str | None = None
    target: str | None = None
    start_port: Untrusted | None = Field(default=None, validation_alias="startPortName")
    start_speed: Untrusted | None = Field(default=None, validation_alias="startPortSpeed")
    end_port: Untrusted | None = Field(default=None, validation_alias="endPortName")
    state: Untrusted | None = Field(default=None, validation_alias="linkStatus")

    @property
    def speed_mbps(self) -> int | None:
        """Speeds are kbit/s, as text."""
        text = self.start_speed or ""
        return int(text) // 1000 if text.isdecimal() and len(text) < 12 else None


class _Graph(Answered):
    nodes: list[_Node] | None = None
    links: list[_Edge] | None = None


class _Assigned(Answered):
    id: str = Field(validation_alias="deviceId")


async def every_site(catalyst: CatalystClient, *, kind: str | None, name: str | None) -> list[Site]:
    """Sites of a type whose name or hierarchy matches (`*` is a wildcard), in the order of the hierarchy."""
    found: list[Site] = []
    for offset in range(0, _MOST_SITES, PAGE):
        query: Query = {"type": kind, "offset": offset + 1, "limit": PAGE}
        page = (await catalyst.get(Payload[list[Site]], f"{V1}/sites", query=query, keep=_KEEP)).root
        found += page
        if len(page) < PAGE:
            break
    if name is not None:
        found = [site for site in found if fits(site.name, name) or fits(site.hierarchy, name)]
    return sorted(found, key=lambda site: site.hierarchy or "")


async def neighbors_of(catalyst: CatalystClient, device_id: str) -> tuple[str | None, list[Neighbor]]:
    """The name of a device and its links, those that are not up first.

    Raises:
        NotFound: the topology does not hold the device.

    """
    graph = await _graph(catalyst)
    nodes = {node.id: node for node in graph.nodes or []}
    if (device := nodes.get(device_id)) is None:
        raise NotFound(_NO_NODE)
    found = []
    for edge in graph.links or []:
        if device_id not in (edge.source, edge.target):
            continue
        starts = edge.source == device_id
        other = nodes.get((edge.target if starts else edge.source) or "")
        found.append(
            Neighbor(
                local_port=edge.start_port if starts else edge.end_port,
                state=edge.state,
                speed_mbps=edge.speed_mbps,
                id=edge.target if starts else edge.source,
                port=edge.end_port if starts else edge.start_port,
                hostname=other.hostname if other else None,
                address=other.address if other else None,
                role=other.role if other else None,
                platform=other.platform if other else None,
            )
        )
    return device.hostname, sorted(found, key=lambda link: (_is_up(link.state), link.local_port or ""))


async def links_of_site(catalyst: CatalystClient, site_id: str, *, down_only: bool) -> tuple[list[Link], int, bool]:
    """Links of the devices of a site, how many devices those are, and whether that is all."""
    inside = {device_id async for device_id in _devices_of(catalyst, site_id)}
    graph = await _graph(catalyst) if inside else _Graph()
    names = {node.id: node.hostname for node in graph.nodes or []}
    links = [
        Link(
            state=edge.state,
            speed_mbps=edge.speed_mbps,
            from_id=edge.source,
            from_hostname=names.get(edge.source or ""),
            from_port=edge.start_port,
            to_id=edge.target,
            to_hostname=names.get(edge.target or ""),
            to_port=edge.end_port,
        )
        for edge in graph.links or []
        if {edge.source, edge.target} & inside and not (down_only and _is_up(edge.state))
    ]
    links.sort(key=lambda link: (_is_up(link.state), link.from_hostname or "", link.from_port or ""))
    return links, len(inside), len(inside) < _MOST_DEVICES


async def _graph(catalyst: CatalystClient) -> _Graph:
    """The whole physical topology: Catalyst Center answers no part of it."""
    root = f"{V1}/topology/physical-topology"
    return (await catalyst.get(Payload[_Graph], root, query={"nodeType": "device"}, keep=_KEEP)).root


async def _devices_of(catalyst: CatalystClient, site_id: str) -> AsyncIterator[str]:
    root = f"{V1}/networkDevices/assignedToSite"
    for offset in range(0, _MOST_DEVICES, PAGE):
        query: Query = {"siteId": site_id, "offset": offset + 1, "limit": PAGE}
        page: Sequence[_Assigned] = (
            await catalyst.get(Payload[list[_Assigned]], root, query=query, missing=_NO_SITE)
        ).root
        for device in page:
            yield device.id
        if len(page) < PAGE:
            return


def _is_up(state: str | None) -> bool:
    return (state or "").lower() == "up"
