"""Sites and how devices are connected, as the tools return them."""

from pydantic import BaseModel, Field

from mcp_catalyst_center.models.shared import Answered
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted


class Site(Answered):
    """An area, a building or a floor."""

    id: str
    name: Untrusted | None = None
    hierarchy: Untrusted | None = Field(default=None, validation_alias="nameHierarchy")
    type: Untrusted | None = None
    parent_id: str | None = Field(default=None, validation_alias="parentId")
    address: Untrusted | None = None
    country: Untrusted | None = None
    floor: Untrusted | None = Field(default=None, validation_alias="floorNumber")


class SitePage(Page):
    """Some of the sites, in the order of the hierarchy."""

    sites: list[Site]


class Neighbor(BaseModel):
    """A link of a device and what is at its other end."""

    local_port: Untrusted | None = None
    state: Untrusted | None = Field(default=None, description="up, down, or another word (untrusted text)")
    speed_mbps: int | None = None
    id: str | None = Field(default=None, description="Device id of the neighbour")
    hostname: Untrusted | None = None
    port: Untrusted | None = None
    address: Untrusted | None = None
    role: Untrusted | None = None
    platform: Untrusted | None = None


class NeighborPage(Page):
    """The links of a device, those that are not up first."""

    hostname: Untrusted | None = None
    neighbors: list[Neighbor]


class Link(BaseModel):
    """A link between two devices."""

    state: Untrusted | None = Field(default=None, description="up, down, or another word (untrusted text)")
    speed_mbps: int | None = None
    from_id: str | None = None
    from_hostname: Untrusted | None = None
    from_port: Untrusted | None = None
    to_id: str | None = None
    to_hostname: Untrusted | None = None
    to_port: Untrusted | None = None


class LinkPage(Page):
    """Links of the devices of a site, those that are not up first."""

    devices: int = Field(description="How many devices the site has")
    complete: bool = Field(description="False when the site has more devices than could be looked at")
    links: list[Link]
