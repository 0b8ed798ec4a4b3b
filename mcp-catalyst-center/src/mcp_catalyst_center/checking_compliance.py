"""Compliance of many devices: how they divide, and a check on demand."""

from collections.abc import Sequence

from mcp_catalyst_center.calls.compliance import count_states, read_states, start_check
from mcp_catalyst_center.calls.devices import devices_by_id
from mcp_catalyst_center.calls.following import follow_task
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.compliance import ComplianceRun, ComplianceState

STATUSES = ("COMPLIANT", "NON_COMPLIANT", "ERROR", "IN_PROGRESS", "NOT_AVAILABLE", "NOT_APPLICABLE")
_LOOK = "Call get_device_compliance: `checked` tells when the last check was."
_GO_ON = f"The check goes on. {_LOOK}"


async def counts(catalyst: CatalystClient) -> dict[str, int]:
    """Devices by status, those without any left out."""
    found = {status: await count_states(catalyst, status) for status in STATUSES}
    return {status: count for status, count in found.items() if count}


async def named(catalyst: CatalystClient, states: Sequence[ComplianceState]) -> list[ComplianceState]:
    """The states with the names of their devices: the compliance service knows ids only."""
    if not states:
        return []
    devices = await devices_by_id(catalyst, [state.device_id for state in states])
    names = {device_id: device.hostname for device_id, device in devices.items()}
    return [state.model_copy(update={"hostname": names.get(state.device_id)}) for state in states]


async def check(
    catalyst: CatalystClient, device_ids: Sequence[str], categories: Sequence[str], *, wait: int
) -> ComplianceRun:
    """Ask for a check, once, and read what it found.

    Raises:
        NotFound: Catalyst Center does not check one of these devices.
        OutcomeUnknown: it was asked for and cannot be seen.

    """
    device_ids = list(dict.fromkeys(device_ids))
    task_id = await start_check(catalyst, device_ids, categories, find_out=_LOOK)
    task = await follow_task(catalyst, task_id, wait=wait, find_out=_LOOK)
    if task.failed:
        return ComplianceRun(status="failed", task_id=task_id, message=task.text)
    states = await named(catalyst, await read_states(catalyst, device_ids=device_ids, limit=len(device_ids)))
    if not task.finished:
        return ComplianceRun(status="in_progress", task_id=task_id, devices=states, next_step=_GO_ON)
    return ComplianceRun(status="finished", task_id=task_id, devices=states)
