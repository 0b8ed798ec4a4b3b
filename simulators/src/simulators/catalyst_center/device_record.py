"""A device as the inventory describes it: nulls are frequent and counts are text."""

from simulators.clock import millis, stamp
from simulators.world import World
from simulators.world.models import Device
from simulators.world.platforms import APS

TIME = "%Y-%m-%d %H:%M:%S"


def describe(world: World, device: Device, now: float) -> dict[str, object]:
    """The record of `/network-device`."""
    is_ap = device.platform.family == APS
    trouble = device.trouble
    collected = now - device.collected_ago
    return {
        "memorySize": "NA",
        "family": device.platform.family,
        "type": device.platform.type,
        "macAddress": device.mac,
        "softwareType": device.platform.software_type,
        "softwareVersion": device.software_version,
        "deviceSupportLevel": "Supported",
        "serialNumber": ", ".join(device.serials),
        "collectionInterval": "NA" if is_ap else "Global Default",
        "dnsResolvedManagementAddress": "" if is_ap else device.management_ip,
        "managementState": "Managed",
        "pendingSyncRequestsCount": "0",
        "reasonsForDeviceResync": "" if is_ap else "Periodic",
        "reasonsForPendingSyncRequests": "",
        "syncRequestedByApp": "",
        "inventoryStatusDetail": "NA" if is_ap else f'<status><general code="{_inventory_code(device)}"/></status>',
        "upTime": uptime_text(device, now),
        "uptimeSeconds": uptime_seconds(device, now),
        "bootDateTime": stamp(device.booted) if device.booted is not None and not is_ap else None,
        "roleSource": "AUTO",
        "role": device.role,
        "lastUpdated": stamp(collected),
        "lastUpdateTime": millis(collected),
        "lastManagedResyncReasons": "" if is_ap else "Periodic",
        "lastDeviceResyncStartTime": "" if is_ap else stamp(collected - 31),
        "apManagerInterfaceIp": device.wlc_ip or "",
        "apEthernetMacAddress": device.ethernet_mac,
        "associatedWlcIp": device.wlc_ip or "",
        "collectionStatus": trouble.collection,
        "hostname": device.hostname,
        "locationName": None,
        "location": None,
        "managementIpAddress": device.management_ip,
        "platformId": ", ".join([device.platform.product_id] * len(device.serials)),
        "reachabilityFailureReason": trouble.failure_reason,
        "reachabilityStatus": trouble.reachability,
        "series": device.platform.series,
        "snmpContact": "",
        "snmpLocation": "default location" if is_ap else world.sites[device.site_id].hierarchy,
        "errorCode": trouble.error_code,
        "errorDescription": trouble.error_description,
        "interfaceCount": "0",
        "lineCardCount": "0",
        "lineCardId": "",
        "managedAtleastOnce": not is_ap,
        "tagCount": "0",
        "tunnelUdpPort": None,
        "vendor": "NA" if is_ap else "Cisco",
        "waasDeviceMode": None,
        "description": None if is_ap else _description(device),
        "instanceTenantId": world.tenant_id,
        "instanceUuid": device.id,
        "id": device.id,
    }


def describe_newer(world: World, device: Device, now: float) -> dict[str, object]:
    """The record of `/networkDevices` (3.x): a stack's serials and products are arrays."""
    return {
        "id": device.id,
        "managementAddress": device.management_ip,
        "hostname": device.hostname,
        "macAddress": device.mac,
        "serialNumbers": list(device.serials),
        "type": device.platform.type,
        "family": device.platform.family,
        "series": device.platform.series,
        "role": device.role,
        "roleSource": "AUTO",
        "platformIds": [device.platform.product_id] * len(device.serials),
        "softwareType": device.platform.software_type,
        "softwareVersion": device.software_version,
        "vendor": "Cisco",
        "bootTime": None if device.booted is None else millis(device.booted),
        "status": "MANAGED" if device.trouble.collection == "Managed" else "SYNC_FAILED",
        "reachabilityStatus": device.trouble.reachability.upper().replace(" ", "_"),
        "reachabilityFailureReason": device.trouble.failure_reason or None,
        "errorCode": device.trouble.error_code,
        "errorDescription": device.trouble.error_description,
        "lastSuccessfulSyncTime": millis(now - device.collected_ago),
        "snmpLocation": world.sites[device.site_id].hierarchy,
    }


def uptime_seconds(device: Device, now: float) -> int:
    """-1 when unknown."""
    return -1 if device.booted is None else max(0, int(now - device.booted))


def uptime_text(device: Device, now: float) -> str | None:
    """`2 days, 23:21:13.020`."""
    if device.booted is None:
        return None
    seconds = max(0.0, now - device.booted)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(int(minutes), 60)
    days, hour = divmod(hours, 24)
    return f"{days} day{'' if days == 1 else 's'}, {hour}:{minute:02d}:{second:05.2f}"


def _inventory_code(device: Device) -> str:
    return "SUCCESS" if device.trouble.error_code is None else "FAILED_GENERAL"


def _description(device: Device) -> str:
    return f"Cisco IOS Software, Version {device.software_version}, RELEASE SOFTWARE (fc3)"
