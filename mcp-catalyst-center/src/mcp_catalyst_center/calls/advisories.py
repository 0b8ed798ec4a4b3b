"""Security advisories. Catalyst Center answers all of them at once."""

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import V1, CatalystClient
from mcp_catalyst_center.models.advisories import Advisory

_ROOT = f"{V1}/security-advisory"
_NO_DEVICE = "There is no device with this id. Ask list_devices for the ids there are."
_GRAVEST_FIRST = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL")


async def read_advisories(catalyst: CatalystClient, device_id: str | None) -> list[Advisory]:
    """The advisories that concern the network, or a device, the gravest first."""
    if device_id is None:
        found = (await catalyst.get(Payload[list[Advisory]], f"{_ROOT}/advisory")).root
    else:
        path = (f"{_ROOT}/device", device_id, "advisory")
        found = (await catalyst.get(Payload[list[Advisory]], *path, missing=_NO_DEVICE)).root
    return sorted(found, key=lambda advisory: (_rank(advisory.impact), -(advisory.devices or 0), advisory.id))


def _rank(impact: str | None) -> int:
    return _GRAVEST_FIRST.index(impact) if impact in _GRAVEST_FIRST else len(_GRAVEST_FIRST)
