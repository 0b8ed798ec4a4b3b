"""Tools about the interfaces and the configuration of a device, and about collecting it anew."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import DeviceId, DeviceIds, MaxChars, Name, Start, WaitSeconds, Wild
from mcp_catalyst_center.calls.interfaces import every_interface, read_config
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.interfaces import DeviceConfig, Interface, InterfacePage, ResyncResult
from mcp_catalyst_center.resyncing import resync
from mcp_catalyst_center.sections import is_interface, sections_of
from mcp_common.device_secrets import MASK, mask_secrets
from mcp_common.fields import described
from mcp_common.paging import slice_of
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool
from mcp_common.untrusted import text_range, visible

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("description", "status", "admin", "mode", "vlan", "address", "speed_kbps")
_State = Annotated[Literal["up", "down", "shut"], Field(description="down: not shut, perhaps err-disabled")]
_InterfaceName = Annotated[Wild, described("As 'Te1/1/1' or 'Gi1/0/*'")]
_Section = Annotated[Name, described("Only lines with this and what is below: 'interface Te1/1/1'")]


@tool(
    "catalyst-center/device:read",
    toolset="inventory",
    upstream="GET interface/network-device/{id}/{start}/{count}",
)
async def list_interfaces(
    catalyst: Catalyst,
    device_id: DeviceId,
    name: _InterfaceName | None = None,
    status: _State | None = None,
    fields: Fields = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> InterfacePage:
    """List interfaces of a device."""
    found = await every_interface(catalyst, device_id)
    chosen = [port for port in found if (name is None or is_interface(port.name or "", name)) and _is(port, status)]
    page = slice_of(chosen, cursor, limit)
    interfaces = [select(port, fields, default=_SHOWN, always=("name",)) for port in page.items]
    return InterfacePage(interfaces=interfaces, more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool("catalyst-center/config:read", toolset="inventory", upstream="GET network-device/{id}/config")
async def get_device_config(
    catalyst: Catalyst,
    device_id: DeviceId,
    section: _Section | None = None,
    start: Start = 0,
    max_chars: MaxChars = 8_000,
) -> DeviceConfig:
    """Show a device's running configuration, or sections of it, with its secrets masked."""
    # Masked as a whole, before anything is chosen: a secret may be several lines.
    text, _ = mask_secrets(visible(await read_config(catalyst, device_id)))
    found = None if section is None else sections_of(text, section)
    text = text if found is None else "\n".join(found)
    config = text_range(text, start=start, max_chars=max_chars)
    config.masked = text.count(MASK) or None
    return DeviceConfig(
        device_id=device_id, section=section, sections=None if found is None else len(found), config=config
    )


@tool(
    "catalyst-center/device:execute",
    toolset="inventory",
    idempotent=True,
    upstream="PUT network-device/sync, GET network-device, task/{id}",
)
async def resync_devices(catalyst: Catalyst, device_ids: DeviceIds, wait_seconds: WaitSeconds = 45) -> ResyncResult:
    """Have the inventory collect devices anew. Changes nothing on them."""
    return await resync(catalyst, device_ids, wait=wait_seconds)


def _is(port: Interface, state: str | None) -> bool:
    up, shut = (port.status or "").lower() == "up", (port.admin or "").upper() == "DOWN"
    return state is None or state == ("up" if up else "shut" if shut else "down")
