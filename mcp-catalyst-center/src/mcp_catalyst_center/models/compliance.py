"""How far devices keep to what was agreed."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput


class ComplianceState(Answered):
    """The overall state of one device."""

    device_id: str = Field(validation_alias="deviceUuid")
    hostname: Untrusted | None = None
    status: Untrusted | None = Field(default=None, validation_alias="complianceStatus")
    checked: Moment = Field(default=None, validation_alias="lastUpdateTime")


class ComplianceSummary(Page):
    """How the devices divide, and some of those that were asked for."""

    counts: dict[str, int] = Field(description="Devices by status")
    devices: list[ComplianceState]


class Difference(BaseModel):
    """Something on the device that is not as intended; both values are quoted configuration, without secrets."""

    where: Untrusted | None = None
    change: Untrusted | None = Field(default=None, description="add, remove or replace, seen from the device")
    configured: UntrustedOutput | None = None
    intended: UntrustedOutput | None = None


class ComplianceCheck(BaseModel):
    """One type of check on one device."""

    type: Untrusted | None = None
    status: Untrusted | None = None
    checked: datetime | None = None
    message: UntrustedOutput | None = None
    differences: list[Difference] | None = None
    more_differences: int | None = Field(default=None, description="How many were left out")


class DeviceCompliance(BaseModel):
    """The checks of one device."""

    device_id: str
    checks: list[ComplianceCheck]


class ComplianceRun(BaseModel):
    """A requested check, as far as it is known."""

    status: Literal["finished", "failed", "in_progress"]
    task_id: str
    devices: list[ComplianceState] = []
    message: UntrustedOutput | None = Field(default=None, description="What Catalyst Center said (untrusted)")
    next_step: str | None = None
