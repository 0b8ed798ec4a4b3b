"""Health of network, sites and devices, as the tools return it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from mcp_catalyst_center.models.shared import Answered, Count, Moment
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted


def _number(value: object) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _score(value: object) -> int | None:
    """1 to 10, and nothing else: 0, -1 and -2 all stand for no score."""
    number = _number(value)
    return int(number) if number is not None and 1 <= number <= 10 else None


def _percent(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 100 else None


Score = Annotated[int | None, BeforeValidator(_score)]
Percent = Annotated[float | None, BeforeValidator(_percent)]


class GroupHealth(Answered):
    """The health of one kind of device."""

    kind: Untrusted | None = Field(default=None, validation_alias="category")
    devices: Count = Field(default=None, validation_alias="totalCount")
    good: Count = Field(default=None, validation_alias="goodCount")
    fair: Count = Field(default=None, validation_alias="fairCount")
    poor: Count = Field(default=None, validation_alias="badCount")
    no_score: Count = Field(default=None, validation_alias="noHealthCount")
    good_percent: Percent = Field(default=None, validation_alias="healthScore")


class NetworkHealth(BaseModel):
    """The health of all devices and of each kind of device."""

    good_percent: float | None = Field(default=None, description="Of the devices that have a score; absent if unknown")
    devices: int | None = None
    good: int | None = None
    fair: int | None = None
    poor: int | None = None
    no_score: int | None = Field(default=None, description="Unreachable or not measured yet")
    measured: datetime | None = None
    kinds: list[GroupHealth] = []


class SiteHealth(Answered):
    """The health of an area or a building. What was not measured is absent."""

    id: str = Field(validation_alias="siteId")
    name: Untrusted | None = Field(default=None, validation_alias="siteName")
    type: Untrusted | None = Field(default=None, validation_alias="siteType")
    parent: Untrusted | None = Field(default=None, validation_alias="parentSiteName")
    parent_id: str | None = Field(default=None, validation_alias="parentSiteId")
    devices: Count = Field(default=None, validation_alias="numberOfNetworkDevice")
    good_devices_percent: Percent = Field(default=None, validation_alias="healthyNetworkDevicePercentage")
    access_percent: Percent = Field(default=None, validation_alias="networkHealthAccess")
    distribution_percent: Percent = Field(default=None, validation_alias="networkHealthDistribution")
    core_percent: Percent = Field(default=None, validation_alias="networkHealthCore")
    router_percent: Percent = Field(default=None, validation_alias="networkHealthRouter")
    wireless_percent: Percent = Field(default=None, validation_alias="networkHealthWireless")
    clients: Count = Field(default=None, validation_alias="numberOfClients")
    good_clients_percent: Percent = Field(default=None, validation_alias="healthyClientsPercentage")
    wired_clients_percent: Percent = Field(default=None, validation_alias="clientHealthWired")
    wireless_clients_percent: Percent = Field(default=None, validation_alias="clientHealthWireless")


class SiteHealthPage(Page):
    """The health of some of the sites."""

    sites: list[SiteHealth]


class ListedHealth(Answered):
    """The health of a device. Scores go from 1 (bad) to 10; what has no score was not measured or is unreachable."""

    id: str = Field(validation_alias="uuid")
    hostname: Untrusted | None = Field(default=None, validation_alias="name")
    address: Untrusted | None = Field(default=None, validation_alias="ipAddress")
    location: Untrusted | None = None
    score: Score = Field(default=None, validation_alias="overallHealth")
    reachability: Untrusted | None = Field(default=None, validation_alias="reachabilityHealth")
    issues: Count = Field(default=None, validation_alias="issueCount")
    cpu_score: Score = Field(default=None, validation_alias="cpuHealth")
    cpu_percent: Percent = Field(default=None, validation_alias="cpuUtilization")
    memory_score: Score = Field(default=None, validation_alias="memoryUtilizationHealth")
    memory_percent: Percent = Field(default=None, validation_alias="memoryUtilization")
    link_error_score: Score = Field(default=None, validation_alias="interfaceLinkErrHealth")
    links_up_percent: Percent = Field(default=None, validation_alias="interDeviceLinkAvailHealth")
    platform: Untrusted | None = Field(default=None, validation_alias="model")
    family: Untrusted | None = Field(default=None, validation_alias="deviceFamily")
    software_version: Untrusted | None = Field(default=None, validation_alias="osVersion")


class DeviceHealthPage(Page):
    """The health of some of the devices."""

    devices: list[ListedHealth]


class OpenIssue(BaseModel):
    """An active issue of a device."""

    id: str
    priority: Untrusted | None = None
    summary: Untrusted | None = None
    last_occurred: datetime | None = None


class DeviceHealth(Answered):
    """The health of a device, part by part: scores from 1 (bad) to 10, absent where there is none."""

    id: str = Field(validation_alias="nwDeviceId")
    hostname: Untrusted | None = Field(default=None, validation_alias="nwDeviceName")
    address: Untrusted | None = Field(default=None, validation_alias="managementIpAddr")
    role: Untrusted | None = Field(default=None, validation_alias="nwDeviceRole")
    platform: Untrusted | None = Field(default=None, validation_alias="platformId")
    software_version: Untrusted | None = Field(default=None, validation_alias="softwareVersion")
    location: Untrusted | None = None
    score: Score = Field(default=None, validation_alias="overallHealth")
    reasons: list[Untrusted] = Field(default=[], description="What the score suffers from, worst first")
    reachability: Untrusted | None = Field(default=None, validation_alias="communicationState")
    collection: Untrusted | None = Field(default=None, validation_alias="collectionStatus")
    uptime: Untrusted | None = Field(default=None, validation_alias="upTime")
    cpu_score: Score = Field(default=None, validation_alias="cpuScore")
    cpu_percent: Percent = Field(default=None, validation_alias="cpu")
    memory_score: Score = Field(default=None, validation_alias="memoryScore")
    memory_percent: Percent = Field(default=None, validation_alias="memory")
    noise_score: Score = Field(default=None, validation_alias="noiseScore")
    interference_score: Score = Field(default=None, validation_alias="interferenceScore")
    air_quality_score: Score = Field(default=None, validation_alias="airQualityScore")
    utilization_score: Score = Field(default=None, validation_alias="utilizationScore")
    link_score: Score = Field(default=None, description="Links to other network devices")
    down_interfaces: list[Untrusted] = Field(default=[], description="Ports to other network devices that are down")
    error_score: Score = Field(default=None, description="Errors on interfaces")
    error_interfaces: list[Untrusted] = []
    clients: Count = None
    maintenance: bool | None = Field(default=None, validation_alias="maintenanceMode")
    measured: Moment = Field(default=None, validation_alias="timestamp")
    issues: list[OpenIssue] = Field(
        default=[], description="Active issues of the last 24 hours, newest first, at most 5"
    )
    issues_total: int | None = None
