"""Compliance: states, checks, and requests for new ones."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.calls.tasks import TaskAccepted
from mcp_catalyst_center.client import V1, CatalystClient
from mcp_catalyst_center.models.compliance import ComplianceCheck, ComplianceState, Difference
from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_common.untrusted import Untrusted, UntrustedOutput

_COMPLIANCE = f"{V1}/compliance"
_NO_DEVICE = "Catalyst Center checks no device with this id. Ask list_devices; access points are not checked."


class DifferenceAnswer(Answered):
    """One entry of a `diffList`."""

    where: Untrusted | None = Field(default=None, validation_alias="displayName")
    path: Untrusted | None = None
    change: Untrusted | None = Field(default=None, validation_alias="op")
    configured: UntrustedOutput | None = Field(default=None, validation_alias="configuredValue")
    intended: UntrustedOutput | None = Field(default=None, validation_alias="intendedValue")

    def difference(self, source: str | None) -> Difference:
        """The same in our words."""
        return Difference(
            where=self.path or self.where or source,
            change=self.change,
            configured=self.configured or None,
            intended=self.intended or None,
        )


class SourceAnswer(Answered):
    """One entry of a `sourceInfoList`: a part of the configuration with its differences."""

    name: Untrusted | None = Field(default=None, validation_alias="displayName")
    differences: list[DifferenceAnswer] | None = Field(default=None, validation_alias="diffList")


class CheckAnswer(Answered):
    """One check of a device."""

    type: Untrusted | None = Field(default=None, validation_alias="complianceType")
    status: Untrusted | None = None
    checked: Moment = Field(default=None, validation_alias="lastSyncTime")
    message: UntrustedOutput | None = None
    sources: list[SourceAnswer] | None = Field(default=None, validation_alias="sourceInfoList")

    def check(self, most: int) -> ComplianceCheck:
        """The same in our words, with at most so many differences."""
        found = [d.difference(source.name) for source in self.sources or [] for d in source.differences or []]
        return ComplianceCheck(
            type=self.type,
            status=self.status,
            checked=self.checked,
            message=self.message or None,
            differences=found[:most] or None,
            more_differences=len(found) - most if len(found) > most else None,
        )


class DeviceChecks(Answered):
    """The answer about one device: an envelope with one member more than others."""

    checks: list[CheckAnswer] = Field(validation_alias="response")


async def count_states(catalyst: CatalystClient, status: str) -> int:
    """How many devices are in a state."""
    query = {"complianceStatus": status}
    return (await catalyst.get(Payload[int], f"{_COMPLIANCE}/count", query=query)).root


async def read_states(
    catalyst: CatalystClient, *, status: str | None = None, device_ids: Sequence[str] = (), offset: int = 0, limit: int
) -> list[ComplianceState]:
    """States from `offset` (0-based), of the devices named or of all."""
    query = {
        "complianceStatus": status,
        "deviceUuid": ",".join(device_ids) or None,
        "offset": offset + 1,
        "limit": limit,
    }
    return (await catalyst.get(Payload[list[ComplianceState]], _COMPLIANCE, query=query)).root


async def read_checks(catalyst: CatalystClient, device_id: str, kind: str | None) -> list[CheckAnswer]:
    """The checks of a device with their differences, of one type or of all."""
    query = {"complianceType": kind, "diffList": True}
    answer = await catalyst.get(DeviceChecks, _COMPLIANCE, device_id, "detail", query=query, missing=_NO_DEVICE)
    return answer.checks


async def start_check(
    catalyst: CatalystClient, device_ids: Sequence[str], categories: Sequence[str], *, find_out: str
) -> str:
    """Ask for a check of these devices, once, and answer the id of the task; no category means all."""
    body: dict[str, Any] = {"triggerFull": not categories, "deviceUuids": list(device_ids)}
    if categories:
        body["categories"] = list(categories)
    root = f"{_COMPLIANCE}/"
    answer = await catalyst.send(Payload[TaskAccepted], "POST", root, body=body, missing=_NO_DEVICE, find_out=find_out)
    return answer.root.task_id
