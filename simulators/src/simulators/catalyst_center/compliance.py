"""Compliance: states, details, and checks on demand."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import (
    accepted,
    bad_request,
    bare,
    enveloped,
    flag,
    json_object,
    not_found,
    page,
    values,
)
from simulators.catalyst_center.compliance_state import INTENT_TYPES, TYPES, Check
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.devices import INTENT
from simulators.catalyst_center.gateway import guarded
from simulators.clock import millis
from simulators.world.models import Device

_ROOT = f"{INTENT}/compliance"
_CATEGORIES = {"INTENT": INTENT_TYPES} | {kind: (kind,) for kind in TYPES}


def _state(request: Request, device: Device) -> dict[str, object]:
    compliance = controller_of(request).compliance
    checked = compliance.checked(device)
    return {
        "deviceUuid": device.id,
        "complianceStatus": compliance.status(device),
        "message": "",
        "scheduleTime": 0,
        "lastUpdateTime": None if checked is None else millis(checked),
    }


def _states(request: Request) -> list[dict[str, object]]:
    statuses, ids = values(request, "complianceStatus"), values(request, "deviceUuid")
    devices = [d for d in controller_of(request).compliance.devices() if not ids or d.id in ids]
    states = [_state(request, device) for device in devices]
    return [state for state in states if not statuses or state["complianceStatus"] in statuses]


async def list_states(request: Request) -> Response:
    """One for each device; here `offset` and `limit` are text as everywhere."""
    return enveloped(page(request, _states(request), cap=controller_of(request).behaviour.page_limit))


async def count_states(request: Request) -> Response:
    """Knows `complianceStatus` only."""
    return enveloped(len(_states(request)))


def _details(request: Request) -> list[dict[str, object]]:
    kinds, statuses = values(request, "complianceType"), values(request, "complianceStatus")
    ids, compliance = values(request, "deviceUuid"), controller_of(request).compliance
    return [
        _summary(device, check)
        for device in compliance.devices()
        if not ids or device.id in ids
        for check in compliance.checks(device)
        if (not kinds or check.kind in kinds) and (not statuses or check.status in statuses)
    ]


async def list_details(request: Request) -> Response:
    """One for each device and type."""
    return enveloped(page(request, _details(request), cap=controller_of(request).behaviour.page_limit))


async def count_details(request: Request) -> Response:
    """Counts what `list_details` lists."""
    return enveloped(len(_details(request)))


def _summary(device: Device, check: Check) -> dict[str, object]:
    return {
        "deviceUuid": device.id,
        "displayName": check.kind.replace("_", " ").title(),
        "complianceType": check.kind,
        "status": check.status,
        "state": "IN_PROGRESS" if check.status == "IN_PROGRESS" else "SUCCESS",
        "category": "INTENT" if check.kind in INTENT_TYPES else check.kind,
        "lastSyncTime": None if check.at is None else millis(check.at),
        "lastUpdateTime": None if check.at is None else millis(check.at),
    }


def _device(request: Request) -> Device:
    key = request.path_params["id"]
    for device in controller_of(request).compliance.devices():
        if device.id == key:
            return device
    raise not_found("compliance of the network device", key)


async def get_state(request: Request) -> Response:
    """One device."""
    return enveloped(_state(request, _device(request)))


async def get_details(request: Request) -> Response:
    """Every check of one device; the differences only when `diffList` asks for them."""
    device, compliance = _device(request), controller_of(request).compliance
    kinds, category = values(request, "complianceType"), request.query_params.get("category")
    wanted = [*kinds, *_CATEGORIES.get(category or "", ())]
    details = [
        _summary(device, check)
        | {"message": check.message, "sourceInfoList": _sources(check, flag(request, "diffList"))}
        for check in compliance.checks(device)
        if not wanted or check.kind in wanted
    ]
    return bare({"response": details, "deviceUuid": device.id, "version": "1.0"})


def _sources(check: Check, with_differences: bool) -> list[dict[str, Any]]:
    sections: dict[str, list[dict[str, object]]] = {}
    for found in check.differences:
        record: dict[str, object] = {
            "op": found.op,
            "configuredValue": found.configured,
            "intendedValue": found.intended,
            "path": found.section,
            "displayName": found.section,
            "moveFromPath": None,
            "businessKey": None,
            "extendedAttributes": None,
        }
        sections.setdefault(found.section, []).append(record)
    return [
        {
            "name": section,
            "displayName": section,
            "type": check.kind,
            "count": len(differences),
            "sourceEnum": check.kind,
            "diffList": differences if with_differences else [],
        }
        for section, differences in sections.items()
    ]


async def run(request: Request) -> Response:
    """202 with a task; the states change when it ends."""
    controller, body = controller_of(request), await json_object(request)
    ids, categories = body.get("deviceUuids"), body.get("categories") or []
    known = {device.id: device for device in controller.compliance.devices()}
    if not isinstance(ids, list) or not ids:
        raise bad_request("deviceUuids should name at least one device")
    if not body.get("triggerFull") and not categories:
        raise bad_request("categories should not be empty when triggerFull is false")
    if unknown := [key for key in ids if key not in known]:
        raise not_found("network device", str(unknown[0]))
    if not isinstance(categories, list) or any(category not in _CATEGORIES for category in categories):
        raise bad_request("categories holds an unknown category")
    kinds = TYPES if body.get("triggerFull") else [kind for category in categories for kind in _CATEGORIES[category]]
    devices = [known[key] for key in ids]
    controller.compliance.begin(devices)
    task = controller.tasks.start(
        account_of(request),
        going="Running compliance check",
        done="Compliance check has been completed",
        data=",".join(ids),
        seconds=controller.behaviour.compliance_seconds,
        service="Compliance",
        effect=lambda: controller.compliance.end(devices, kinds),
    )
    return accepted(task.id)


routes = [
    guarded(_ROOT, list_states),
    guarded(f"{_ROOT}/", run, "POST"),
    guarded(f"{_ROOT}/count", count_states),
    guarded(f"{_ROOT}/detail", list_details),
    guarded(f"{_ROOT}/detail/count", count_details),
    guarded(f"{_ROOT}/{{id}}", get_state),
    guarded(f"{_ROOT}/{{id}}/detail", get_details),
]
