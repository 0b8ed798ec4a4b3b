"""Software images, and which devices run which. Release 2.3.7.9 and later answer both."""

from typing import Any

from pydantic import BaseModel, Field

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import DEVICES, V1, CatalystClient
from mcp_catalyst_center.models.devices import Device
from mcp_catalyst_center.models.images import ImageCompliance, SoftwareImage
from mcp_catalyst_center.models.shared import Answered
from mcp_common.untrusted import Untrusted

_IMAGES = f"{V1}/images"
_ON_DEVICES = f"{V1}/networkDeviceImages"
_TOO_OLD = "This Catalyst Center does not list images this way; release 2.3.7.9 and later do."


class _Total(BaseModel):
    count: int


class _Installed(Answered):
    name: Untrusted | None = None
    version: Untrusted | None = None
    kind: str | None = Field(default=None, validation_alias="imageType")


class _OnDevice(Answered):
    """What `networkDeviceImages` says of a device."""

    id: str
    address: Untrusted | None = Field(default=None, validation_alias="managementAddress")
    product: dict[str, Any] | None = Field(default=None, validation_alias="networkDevice")
    status: Untrusted | None = Field(default=None, validation_alias="networkDeviceImageStatus")
    update: Untrusted | None = Field(default=None, validation_alias="networkDeviceUpdateStatus")
    installed: list[_Installed] | None = Field(default=None, validation_alias="installedImages")
    golden: list[_Installed] | None = Field(default=None, validation_alias="goldenImages")

    def compliance(self, hostname: str | None) -> ImageCompliance:
        """In our words; of several images the system image counts, not its patches."""
        runs, should = _system(self.installed), _system(self.golden)
        return ImageCompliance(
            device_id=self.id,
            hostname=hostname,
            address=self.address,
            product=(self.product or {}).get("productName"),
            status=self.status,
            update=self.update,
            running=runs.version if runs else None,
            golden=should.version if should else None,
            running_image=runs.name if runs else None,
            golden_image=should.name if should else None,
        )


def _system(images: list[_Installed] | None) -> _Installed | None:
    found = images or []
    return next((image for image in found if image.kind == "SYSTEM"), found[0] if found else None)


async def read_images(
    catalyst: CatalystClient, *, name: str | None, golden: bool | None, offset: int, limit: int
) -> list[SoftwareImage]:
    """Images from `offset` (0-based), by a part of their name."""
    query = {"name": name, "golden": golden, "offset": offset + 1, "limit": limit}
    return (await catalyst.get(Payload[list[SoftwareImage]], _IMAGES, query=query, missing=_TOO_OLD)).root


async def image_total(catalyst: CatalystClient, *, name: str | None, golden: bool | None) -> int:
    """How many images match."""
    query = {"name": name, "golden": golden}
    return (await catalyst.get(Payload[_Total], f"{_IMAGES}/count", query=query, missing=_TOO_OLD)).root.count


async def read_image_compliance(
    catalyst: CatalystClient, *, status: str | None, role: str | None, offset: int, limit: int
) -> list[ImageCompliance]:
    """Devices from `offset` (0-based) with what they run and should run; the inventory adds their host names."""
    query = {
        "networkDeviceImageStatus": status,
        "role": role,
        "sortBy": "id",
        "order": "asc",
        "offset": offset + 1,
        "limit": limit,
    }
    found = (await catalyst.get(Payload[list[_OnDevice]], _ON_DEVICES, query=query, missing=_TOO_OLD)).root
    names = await _hostnames(catalyst, [device.id for device in found])
    return [device.compliance(names.get(device.id)) for device in found]


async def image_compliance_total(catalyst: CatalystClient, *, status: str | None, role: str | None) -> int:
    """How many devices match."""
    query = {"networkDeviceImageStatus": status, "role": role}
    return (await catalyst.get(Payload[_Total], f"{_ON_DEVICES}/count", query=query, missing=_TOO_OLD)).root.count


async def _hostnames(catalyst: CatalystClient, ids: list[str]) -> dict[str, str | None]:
    if not ids:
        return {}
    devices = (await catalyst.get(Payload[list[Device]], DEVICES, query={"id": ",".join(ids)})).root
    return {device.id: device.hostname for device in devices}
