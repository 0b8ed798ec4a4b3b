"""Tools about the devices RADKit reaches."""

from fnmatch import fnmatchcase
from typing import Annotated

from mcp_common.paging import slice_of
from mcp_common.tools import Cursor, Limit, Upstream, tool
from mcp_radkit.arguments import DeviceName, Kind, Wild
from mcp_radkit.client import RadkitClient
from mcp_radkit.library.port import DeviceFacts
from mcp_radkit.models.devices import Device, DevicePage

Radkit = Annotated[RadkitClient, Upstream]


def _plain(kind: str) -> str:
    return "".join(character for character in kind.lower() if character.isalnum())


@tool("radkit/device:read", toolset="devices", upstream="service.inventory")
async def list_devices(
    radkit: Radkit,
    name: Wild | None = None,
    host: Wild | None = None,
    type: Kind | None = None,  # noqa: A002 - the argument's name on the wire
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DevicePage:
    """List devices RADKit reaches."""

    def fits(device: DeviceFacts) -> bool:
        return (
            (name is None or fnmatchcase(device.name.lower(), name.lower()))
            and (host is None or fnmatchcase(device.host.lower(), host.lower()))
            and (type is None or _plain(device.kind) == _plain(type))
        )

    found = sorted((device for device in (await radkit.inventory()).values() if fits(device)), key=_name)
    page = slice_of(found, cursor, limit)
    devices = [Device.of(device).model_copy(update={"description": None}) for device in page.items]
    return DevicePage(devices=devices, more=page.more, next_cursor=page.next_cursor, total=page.total)


def _name(device: DeviceFacts) -> str:
    return device.name


@tool("radkit/device:read", toolset="devices", upstream="service.inventory")
async def get_device(radkit: Radkit, device: DeviceName) -> Device:
    """Show one device and what RADKit can do with it."""
    return Device.of(await radkit.device(device))
