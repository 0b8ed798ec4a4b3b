"""Have devices collected anew, and see whether they were."""

from collections.abc import Sequence

from mcp_catalyst_center.calls.devices import devices_by_id, start_sync
from mcp_catalyst_center.calls.following import Follower, succeeded_task
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.devices import Device
from mcp_catalyst_center.models.interfaces import Resync, ResyncResult
from mcp_common.errors import NotFound

_LOOK = "Call get_device: `updated` tells when the device was collected last."
_GO_ON = f"Some are still being collected. {_LOOK}"
_REFUSED = "Catalyst Center did not collect them."


async def resync(catalyst: CatalystClient, device_ids: Sequence[str], *, wait: int) -> ResyncResult:
    """Ask for a collection, once, and look at the devices until it is over or the time is up.

    Raises:
        NotFound: one of the devices does not exist. Nothing was asked for.
        Conflict: Catalyst Center did not do it.
        OutcomeUnknown: it was asked for and cannot be seen.

    """
    device_ids = list(dict.fromkeys(device_ids))
    before = await devices_by_id(catalyst, device_ids)
    if missing := [device_id for device_id in device_ids if device_id not in before]:
        raise NotFound(f"There is no device {missing[0]}. Ask list_devices for the ids there are.")
    task_id = await start_sync(catalyst, device_ids, find_out=_LOOK)
    follower = Follower(catalyst, wait)
    await succeeded_task(catalyst, task_id, wait=wait, refused=_REFUSED, find_out=_LOOK)
    now = before
    while True:
        now = await follower.look(devices_by_id(catalyst, device_ids)) or now
        devices = [_became(before[device_id], now.get(device_id)) for device_id in device_ids]
        over = all(device.status != "in_progress" for device in devices)
        if over or not await follower.patience():
            return ResyncResult(task_id=task_id, devices=devices, next_step=None if over else _GO_ON)


def _became(before: Device, now: Device | None) -> Resync:
    """A device that was collected says so by a later time; one that was not, by an error or by the old time."""
    seen = now or before
    newer = seen.updated is not None and (before.updated is None or seen.updated > before.updated)
    going_on = now is None or seen.collection == "In Progress" or (seen.collection == "Managed" and not newer)
    return Resync(
        device_id=seen.id,
        hostname=seen.hostname,
        status="in_progress" if going_on else "collected" if newer else "failed",
        collection=seen.collection,
        error=None if newer and not seen.error_code else seen.error or seen.reachability_failure,
    )
