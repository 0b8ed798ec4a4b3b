"""Traced paths, as the tools return them."""

from typing import Literal

from pydantic import BaseModel, Field

from mcp_common.untrusted import Untrusted, UntrustedOutput


class AccessListFinding(BaseModel):
    """What an access list on the way does to the traffic."""

    name: Untrusted | None = None
    result: Untrusted | None = Field(default=None, description="PERMIT or DENY")
    entries: list[UntrustedOutput] | None = Field(default=None, description="The entries that match")


class PathPort(BaseModel):
    """A port on the way."""

    name: Untrusted | None = None
    vlan: Untrusted | None = None
    vrf: Untrusted | None = None
    drops: int | None = Field(default=None, description="Packets dropped at its queues, where asked for")
    qos_drops: list[str] | None = Field(default=None, description="Traffic classes with drops, untrusted text")
    access_lists: list[AccessListFinding] | None = None


class PathHop(BaseModel):
    """A device or client on the way."""

    id: str | None = None
    name: Untrusted | None = None
    address: Untrusted | None = None
    type: Untrusted | None = None
    role: Untrusted | None = None
    entered: PathPort | None = None
    left: PathPort | None = None
    found_by: Untrusted | None = Field(default=None, description="How the next hop is known")
    cpu_percent: float | None = None


class PathTrace(BaseModel):
    """The way between two addresses."""

    status: Literal["completed", "failed", "in_progress", "unrecognised"]
    trace_id: str
    source: Untrusted | None = None
    destination: Untrusted | None = None
    blocked: bool | None = Field(default=None, description="True when an access list on the way denies it")
    hops: list[PathHop] = []
    more_hops: int | None = Field(default=None, description="How many hops are not shown")
    reason: UntrustedOutput | None = Field(default=None, description="Why it failed (untrusted text)")
    next_step: str | None = None
