"""Devices of RADKit's inventory, as the tools return them."""

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_radkit.library.port import Ability, DeviceFacts


class Device(BaseModel):
    """A device RADKit reaches. Its texts were written by whoever put it into the inventory."""

    name: Untrusted
    type: Untrusted | None = Field(default=None, description="RADKit's device type: IOS_XE (untrusted)")
    host: Untrusted | None = None
    abilities: list[Ability] | None = Field(default=None, description="What RADKit can do with it")
    description: UntrustedOutput | None = None

    @classmethod
    def of(cls, facts: DeviceFacts) -> "Device":
        """Under our names; what is empty is left out."""
        return cls(
            name=facts.name,
            type=facts.kind or None,
            host=facts.host or None,
            abilities=list(facts.abilities),
            description=facts.description or None,
        )


class DevicePage(Page):
    """Some of the inventory."""

    devices: list[Device]
