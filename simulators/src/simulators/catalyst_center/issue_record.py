"""An issue as the three generations of the API describe it."""

from collections.abc import Iterable

from simulators.catalyst_center.issue_store import IssueState
from simulators.clock import millis
from simulators.world import World
from simulators.world.clients import clients_of
from simulators.world.models import Device, Step
from simulators.world.platforms import APS, WIRELESS

_MOST_HOSTS = 20


def legacy(world: World, state: IssueState, now: float) -> dict[str, object]:
    """The record of `/issues`, misspelt members included; most of them are empty."""
    device = world.devices[state.issue.device_id]
    return {
        "issueId": state.issue.id,
        "name": state.issue.summary,
        "siteId": "/".join(world.sites[device.site_id].id_path),
        "deviceId": device.id,
        "deviceRole": "",
        "aiDriven": "No",
        "clientMac": "",
        "issue_occurence_count": state.occurrences,
        "status": state.shown(now),
        "priority": state.issue.priority,
        "category": "",
        "last_occurence_time": millis(state.last),
    }


def newer(world: World, state: IssueState, now: float) -> dict[str, object]:
    """The record of `/assuranceIssues`; what is not known is left out."""
    issue, device = state.issue, world.devices[state.issue.device_id]
    site = world.sites[device.site_id]
    record: dict[str, object] = {
        "issueId": issue.id,
        "name": issue.name,
        "description": issue.description,
        "summary": issue.summary,
        "priority": issue.priority,
        "severity": issue.severity,
        "deviceType": _device_type(device),
        "category": issue.category,
        "entityType": "network device",
        "entityId": entity_id(device),
        "firstOccurredTime": millis(state.first),
        "mostRecentOccurredTime": millis(state.last),
        "status": state.shown(now),
        "isGlobal": True,
        "siteId": site.id,
        "siteHierarchyId": f"/{'/'.join(site.id_path)}/",
        "siteName": site.name,
        "siteHierarchy": site.hierarchy,
        "suggestedActions": [_action(step, device) for step in issue.actions],
        "additionalAttributes": [{"key": "occurrences", "value": str(state.occurrences)}],
    }
    if state.changed_by:
        record |= {"updatedBy": state.changed_by, "updatedTime": millis(state.changes or state.last)}
    if issue.notes:
        record["notes"] = issue.notes
    return record


def enrichment(world: World, states: Iterable[IssueState], now: float) -> dict[str, object]:
    """The answer of `/issue-enrichment-details`."""
    return {"issueDetails": {"issue": [_enriched(world, state, now) for state in states]}}


def _enriched(world: World, state: IssueState, now: float) -> dict[str, object]:
    issue, device = state.issue, world.devices[state.issue.device_id]
    return {
        "issueId": issue.id,
        "issueSource": "Cisco DNA",
        "issueCategory": issue.category.capitalize(),
        "issueName": issue.name,
        "issueDescription": issue.description,
        "issueEntity": "network_device",
        "issueEntityValue": device.management_ip,
        "issueSeverity": issue.severity.upper(),
        "issuePriority": "",
        "issueSummary": issue.summary,
        "issueTimestamp": millis(state.last),
        "suggestedActions": [{"steps": [], **_action(step, device)} for step in issue.actions],
        "impactedHosts": _hosts(world, device, now) if issue.hosts else [],
    }


def _hosts(world: World, device: Device, now: float) -> list[dict[str, object]]:
    """The clients of the device."""
    site = world.sites[device.site_id]
    area, building = site.hierarchy.rsplit("/", 2)[:2] if site.kind == "floor" else (site.hierarchy, site.name)
    place = {"siteId": site.id, "siteType": "FLOOR", "area": area, "building": building, "floor": site.name}
    return [
        {
            "hostType": "WIRED" if client.wired else "WIRELESS",
            "hostName": client.name,
            "hostOs": client.os or "Unknown",
            "ssid": client.ssid or "Unknown",
            "connectedInterface": client.port or "Unknown",
            "macAddress": client.mac.upper(),
            "failedAttempts": 0,
            "location": place | {"apsImpacted": []},
            "timestamp": millis(now),
        }
        for client in clients_of(device)[:_MOST_HOSTS]
    ]


def entity_id(device: Device) -> str:
    """Access points are known by their MAC address, other devices by their id."""
    return device.mac.upper() if device.platform.family == APS else device.id


def _action(step: Step, device: Device) -> dict[str, object]:
    """`steps` is there only where there are some."""
    steps = [
        {"command": command, "description": shows, "entityId": device.id, "stepType": "command-Runner"}
        for command, shows in step.commands
    ]
    return {"message": step.message, "steps": steps} if steps else {"message": step.message}


def _device_type(device: Device) -> str:
    if device.platform.family == APS:
        return "access point"
    return "wireless controller" if device.platform.family == WIRELESS else device.role.lower()
