"""Interfaces and the running configuration of a device. Hides that paging is in the path and begins at 1."""

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import DEVICES, PAGE, V1, CatalystClient
from mcp_catalyst_center.models.interfaces import Interface

_MOST_PAGES = 20
_NO_DEVICE = "There is no device with this id. Ask list_devices for the ids there are."


async def every_interface(catalyst: CatalystClient, device_id: str) -> list[Interface]:
    """All interfaces of a device, at most 10,000."""
    found: list[Interface] = []
    for page in range(_MOST_PAGES):
        part = (
            await catalyst.get(
                Payload[list[Interface]],
                f"{V1}/interface/network-device",
                *(device_id, str(page * PAGE + 1), str(PAGE)),
                missing=_NO_DEVICE,
            )
        ).root
        found += part
        if len(part) < PAGE:
            break
    return found


async def read_config(catalyst: CatalystClient, device_id: str) -> str:
    """The running configuration with its secrets: for nobody but `text_range`."""
    answer = await catalyst.get(Payload[str | None], DEVICES, device_id, "config", missing=_NO_DEVICE)
    return answer.root or ""
