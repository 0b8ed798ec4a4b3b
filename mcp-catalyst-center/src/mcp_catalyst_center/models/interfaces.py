"""Interfaces and configurations of a device."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from mcp_catalyst_center.models.shared import Answered, Count
from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted


def _said(value: object) -> object:
    """Catalyst Center says nothing by an empty text, and no VLAN by 0."""
    return None if value in ("", "0", 0) else value


Said = Annotated[Untrusted | None, BeforeValidator(_said)]


class Interface(Answered):
    """A port or a virtual interface, as the inventory collected it last."""

    name: Untrusted | None = Field(default=None, validation_alias="portName")
    description: Said = None
    status: Untrusted | None = Field(default=None, description="up or down")
    admin: Untrusted | None = Field(default=None, validation_alias="adminStatus", description="DOWN where it was shut")
    mode: Untrusted | None = Field(default=None, validation_alias="portMode")
    vlan: Said = Field(default=None, validation_alias="vlanId")
    voice_vlan: Said = Field(default=None, validation_alias="voiceVlan")
    native_vlan: Said = Field(default=None, validation_alias="nativeVlanId")
    address: Untrusted | None = Field(default=None, validation_alias="ipv4Address")
    mask: Untrusted | None = Field(default=None, validation_alias="ipv4Mask")
    mac_address: Untrusted | None = Field(default=None, validation_alias="macAddress")
    speed_kbps: Count = Field(default=None, validation_alias="speed")
    duplex: Untrusted | None = None
    media: Untrusted | None = Field(default=None, validation_alias="mediaType")
    type: Untrusted | None = Field(default=None, validation_alias="interfaceType")
    id: str | None = None
    updated: Untrusted | None = Field(default=None, validation_alias="lastUpdated")


class InterfacePage(Page):
    """Some of the interfaces of a device."""

    interfaces: list[Interface]


class DeviceConfig(BaseModel):
    """The running configuration of a device, or sections of it, without its secrets."""

    device_id: str
    section: str | None = None
    sections: int | None = Field(default=None, description="How many sections match; 0: none, so the text is empty")
    config: TextRange


class Resync(BaseModel):
    """What became of the collection of one device."""

    device_id: str
    hostname: Untrusted | None = None
    status: Literal["collected", "failed", "in_progress"]
    collection: Untrusted | None = Field(default=None, description="The inventory's own word")
    error: Untrusted | None = None


class ResyncResult(BaseModel):
    """A requested collection, as far as it is known."""

    task_id: str
    devices: list[Resync]
    next_step: str | None = None
