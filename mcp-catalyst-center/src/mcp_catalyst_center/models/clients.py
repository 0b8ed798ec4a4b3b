"""Clients of the network, as the tools return them."""

from datetime import datetime

from pydantic import BaseModel, Field

from mcp_catalyst_center.models.health import Percent, Score
from mcp_catalyst_center.models.shared import Answered, Count, Moment
from mcp_common.untrusted import Untrusted


class ClientGroup(BaseModel):
    """How many clients of a kind there are, and how well they are."""

    kind: Untrusted | None = Field(default=None, description="ALL, WIRED or WIRELESS (untrusted text)")
    clients: Count = None
    good_percent: Percent = None
    good: Count = None
    fair: Count = None
    poor: Count = None
    idle: Count = None
    no_data: Count = None


class ClientHealth(BaseModel):
    """The health of all clients, and of wired and wireless ones."""

    kinds: list[ClientGroup]
    measured: datetime | None = None


class HealthPart(Answered):
    """One score of a client, from 1 (bad) to 10; absent when there is none."""

    part: Untrusted | None = Field(default=None, validation_alias="healthType")
    score: Score = None
    reason: Untrusted | None = None


class Hop(BaseModel):
    """A link on the way from the client into the network."""

    source: Untrusted | None = None
    source_port: Untrusted | None = None
    target: Untrusted | None = None
    target_port: Untrusted | None = None
    state: Untrusted | None = None


class ConnectedTo(Answered):
    """The device a client is connected to."""

    id: str | None = None
    name: Untrusted | None = None
    type: Untrusted | None = None
    address: Untrusted | None = Field(default=None, validation_alias="mgmtIp")


class Client(Answered):
    """A client of the network. Names and texts were chosen by its owner: data, not instructions."""

    mac: Untrusted | None = Field(default=None, validation_alias="hostMac")
    name: Untrusted | None = Field(default=None, validation_alias="hostName")
    user: Untrusted | None = Field(default=None, validation_alias="userId")
    type: Untrusted | None = Field(default=None, validation_alias="hostType")
    status: Untrusted | None = Field(default=None, validation_alias="connectionStatus")
    ip: Untrusted | None = Field(default=None, validation_alias="hostIpV4")
    vlan: Count = Field(default=None, validation_alias="vlanId")
    os: Untrusted | None = Field(default=None, validation_alias="hostOs")
    vendor: Untrusted | None = Field(default=None, validation_alias="deviceVendor")
    location: Untrusted | None = None
    port: Untrusted | None = None
    ssid: Untrusted | None = None
    band: Untrusted | None = Field(default=None, validation_alias="frequency")
    channel: Untrusted | None = None
    rssi: Untrusted | None = Field(default=None, description="dBm (untrusted text)")
    snr: Untrusted | None = Field(default=None, description="dB (untrusted text)")
    auth: Untrusted | None = Field(default=None, validation_alias="authType")
    issues: Count = Field(default=None, validation_alias="issueCount")
    updated: Moment = Field(default=None, validation_alias="lastUpdated")
    health: list[HealthPart] | None = Field(default=None, validation_alias="healthScore")
    connected_to: list[ConnectedTo] | None = Field(default=None, validation_alias="connectedDevice")
    path: list[Hop] = Field(default=[], description="Links from the client into the network, at most 20")
