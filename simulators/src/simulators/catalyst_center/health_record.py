"""A device's health as the assurance services describe it: unknown is -1, -2, an empty object or no member at all."""

from simulators.catalyst_center.device_record import uptime_text
from simulators.catalyst_center.issue_store import IssueStore
from simulators.clock import millis
from simulators.world import World
from simulators.world.clients import clients_of
from simulators.world.health import health_of
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device
from simulators.world.platforms import APS, ROUTERS, SWITCHES, WIRELESS

_FAMILIES = {
    SWITCHES: "SWITCHES_AND_HUBS",
    ROUTERS: "ROUTERS",
    WIRELESS: "WIRELESS_CONTROLLER",
    APS: "UNIFIED_AP",
}
_ROLES = {ROUTERS: "ROUTER", WIRELESS: "WLC", APS: "AP"}


def health_role(device: Device) -> str:
    """ACCESS, DISTRIBUTION, CORE, ROUTER, WLC or AP: not the roles of the inventory."""
    return _ROLES.get(device.platform.family, device.role)


def in_list(world: World, device: Device, issues: IssueStore) -> dict[str, object]:
    """The record of `/device-health`."""
    health = health_of(device)
    is_ap = device.platform.family == APS
    record: dict[str, object] = {
        "name": device.hostname,
        "model": device.platform.type,
        "deviceType": device.platform.type,
        "deviceFamily": _FAMILIES[device.platform.family],
        "osVersion": device.software_version,
        "ipAddress": device.management_ip,
        "macAddress": device.mac.upper(),
        "uuid": device.id,
        "location": world.sites[device.site_id].hierarchy,
        "overallHealth": health.overall,
        "issueCount": sum(s.issue.device_id == device.id and s.status == "active" for s in issues.all()),
        "reachabilityHealth": _reachability(device),
        "cpuHealth": health.cpu_score,
        "memoryUtilizationHealth": health.memory_score,
        "interfaceLinkErrHealth": health.errors_score,
        "interDeviceLinkAvailHealth": health.links,
        "interDeviceLinkAvailFabric": -1,
        "freeTimerScore": -1,
        "packetPoolHealth": -1,
        "freeMemoryBufferHealth": -1,
        "wqePoolsHealth": -1,
        "band": {"radio0": "2.4", "radio1": "5.0"} if is_ap else {},
        "clientCount": _on_radios(device) if is_ap else {},
        "interferenceHealth": _radios(*health.radio) if is_ap and health.overall > 0 else {},
        "noiseHealth": _radios(10, 10) if is_ap and health.overall > 0 else {},
        "airQualityHealth": _radios(10, 10) if is_ap and health.overall > 0 else {},
        "utilizationHealth": _radios(10, 10) if is_ap and health.overall > 0 else {},
    }
    if health.cpu is not None:
        record |= {"cpuUtilization": health.cpu, "cpuUlitilization": health.cpu, "memoryUtilization": health.memory}
    if device.platform.family == ROUTERS:
        record["wanLinkUtilization"] = -1.0
    return record


def detail(world: World, device: Device, now: float) -> dict[str, object]:
    """The record of `/device-detail`: numbers are text here, and what is not known is left out or null."""
    health, site = health_of(device), world.sites[device.site_id]
    is_ap = device.platform.family == APS
    path = f"/{'/'.join(site.id_path)}/"
    record: dict[str, object] = {
        "nwDeviceId": device.id,
        "nwDeviceName": device.hostname,
        "nwDeviceRole": device.role,
        "nwDeviceFamily": device.platform.family,
        "nwDeviceType": device.platform.type,
        "deviceSeries": device.platform.series,
        "platformId": device.platform.product_id,
        "serialNumber": ", ".join(device.serials),
        "macAddress": device.mac.upper(),
        "managementIpAddr": device.management_ip,
        "ip_addr_managementIpAddr": device.management_ip,
        "ipV4Addr": device.management_ip,
        "ipV6Addr": None,
        "osType": device.platform.software_type,
        "softwareVersion": device.software_version,
        "communicationState": _reachability(device),
        "collectionStatus": _collection(device),
        "connectivityStatus": 100 if device.reachable else 0,
        "location": site.hierarchy,
        "siteHierarchyGraphId": path,
        "deviceGroupHierarchyId": path,
        "maintenanceMode": False,
        "overallHealth": health.overall,
        "cpuScore": health.cpu_score,
        "memoryScore": health.memory_score,
        "haStatus": "Non-redundant",
        "stackType": "STACK" if len(device.serials) > 1 else "NA",
        "ringStatus": len(device.serials) > 1,
        "tagIdList": [],
        "featureFlagList": None,
        "upTime": uptime_text(device, now),
        "lastBootTime": None if device.booted is None else millis(device.booted),
        "timestamp": millis(now) // 300_000 * 300_000,
    }
    if health.cpu is not None:
        record |= {"cpu": f"{health.cpu:.2f}", "memory": str(health.memory)}
    if is_ap:
        worst = min(health.radio)
        record |= {
            "interferenceScore": worst,
            "noiseScore": 10 if worst > 0 else -1,
            "ethernetMac": device.ethernet_mac,
        }
        record |= {"airQualityScore": 10 if worst > 0 else -1, "utilizationScore": 10 if worst > 0 else -1}
    return record


def metrics(device: Device) -> dict[str, object]:
    """The `metrics` view of the data API's `/networkDevices/{id}`: names the ports that are at fault."""
    health = health_of(device)
    down = [port.name for port in interfaces_of(device) if port.neighbor and not port.up]
    scores: dict[str, object] = {
        "overallHealthScore": health.overall,
        "cpuUtilization": health.cpu,
        "cpuScore": health.cpu_score,
        "memoryUtilization": health.memory,
        "memoryScore": health.memory_score,
        "errorScore": health.errors_score,
        "errorInterfaces": [],
        "discardScore": health.errors_score,
        "discardInterfaces": [],
        "interDeviceLinkScore": health.links_score,
        "interDeviceConnectedDownInterfaces": down,
        "clientCount": len(clients_of(device)),
    }
    return {
        "id": device.id,
        "name": device.hostname,
        "managementIpAddress": device.management_ip,
        "macAddress": device.mac.upper(),
        "metricsDetails": scores,
    }


def _reachability(device: Device) -> str:
    return device.trouble.reachability.upper().replace(" ", "_")


def _collection(device: Device) -> str:
    return {"Managed": "SUCCESS", "In Progress": "IN_PROGRESS"}.get(device.trouble.collection, "FAILURE")


def _radios(low: int, high: int) -> dict[str, int]:
    """The same twice: by radio and by band."""
    return {"radio0": low, "radio1": high, "Ghz24": low, "Ghz50": high}


def _on_radios(device: Device) -> dict[str, int]:
    bands = [client.band for client in clients_of(device)]
    return _radios(bands.count("2.4"), bands.count("5.0"))
