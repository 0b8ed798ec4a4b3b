"""A client as `/client-detail` describes it: most numbers are text, and what does not apply is null or missing."""

from simulators.clock import millis
from simulators.world import World
from simulators.world.clients import Client
from simulators.world.models import Device


def detail(world: World, device: Device, client: Client, now: float) -> dict[str, object]:
    """The client itself."""
    seen = millis(now) // 300_000 * 300_000
    mac = client.mac.upper()
    kind = "wired" if client.wired else "wireless"
    record: dict[str, object] = {
        "id": mac,
        "connectionStatus": "CONNECTED",
        "tracked": "No",
        "hostType": kind,
        "userId": client.user,
        "identifier": client.user or client.name,
        "hostName": client.name,
        "hostOs": client.os,
        "hostVersion": None,
        "subType": client.vendor,
        "deviceVendor": client.vendor,
        "lastUpdated": seen,
        "healthScore": [
            {"healthType": "OVERALL", "reason": "", "score": client.score},
            {"healthType": "ONBOARDED", "reason": "", "score": client.onboarding},
            {"healthType": "CONNECTED", "reason": _reason(client), "score": client.score},
        ],
        "hostMac": mac,
        "hostIpV4": client.ip,
        "hostIpV6": [],
        "authType": "802.1X" if client.user else "MAB",
        "vlanId": client.vlan,
        "ssid": client.ssid,
        "frequency": client.band,
        "channel": None if client.channel is None else str(client.channel),
        "location": world.sites[device.site_id].hierarchy,
        "clientConnection": device.hostname,
        "connectedDevice": [
            {
                "type": "Switch" if client.wired else "AP",
                "name": device.hostname,
                "mac": device.mac.upper(),
                "id": device.id,
                "ip address": device.management_ip,
                "mgmtIp": device.management_ip,
                "band": client.band,
                "mode": None if client.wired else "Local",
            }
        ],
        "issueCount": 1 if client.score < 8 else 0,
        "clientType": "OLD",
        "port": client.port,
        "onboarding": None,
        "onboardingTime": None,
        "privateMac": False,
        "linkSpeed": 1_000_000_000 if client.wired else None,
    }
    if client.rssi is not None:
        record |= {"rssi": f"{client.rssi}.0", "snr": f"{client.snr}.0", "dataRate": "234.0"}
    return record


def connection(device: Device, client: Client, now: float) -> dict[str, object]:
    """How it is connected."""
    return {
        "hostType": "Wired" if client.wired else "Wireless",
        "nwDeviceName": device.hostname,
        "nwDeviceMac": device.mac.upper(),
        "protocol": None if client.wired else "802.11ax",
        "band": f"{client.band} GHz" if client.band else None,
        "channel": None if client.channel is None else str(client.channel),
        "channelWidth": None if client.wired else "20 MHz",
        "spatialStream": None if client.wired else "2",
        "wmm": None if client.wired else "Supported",
        "uapsd": None if client.wired else "Disabled",
        "timestamp": millis(now) // 300_000 * 300_000,
    }


def topology(world: World, device: Device, client: Client) -> dict[str, object]:
    """The client, its device, and what that is linked to."""
    me = {"role": "CLIENT", "name": client.name, "id": client.mac.upper(), "healthScore": client.score, "level": 0}
    nodes: list[dict[str, object]] = [me, _node(device, 1)]
    links: list[dict[str, object]] = [
        {"source": client.mac.upper(), "target": device.id, "linkStatus": "UP", "label": [client.port or client.ssid]}
    ]
    for link in world.links_of(device.id):
        here, there = link.end_at(device.id) or (link.near, link.far)
        if there is not link.far:
            continue
        nodes.append(_node(world.devices[there.device_id], 2))
        links.append(
            {
                "source": device.id,
                "target": there.device_id,
                "linkStatus": "UP" if link.up else "DOWN",
                "label": [f"{here.port} -> {there.port}"],
                "sourceInterfaceName": here.port,
                "targetInterfaceName": there.port,
            }
        )
    return {"nodes": nodes, "links": links}


def _node(device: Device, level: int) -> dict[str, object]:
    return {
        "role": device.role,
        "name": device.hostname,
        "id": device.id,
        "description": device.platform.type,
        "deviceType": device.platform.type,
        "platformId": device.platform.product_id,
        "family": device.platform.family,
        "ip": device.management_ip,
        "softwareVersion": device.software_version,
        "nodeType": "DEVICE",
        "level": level,
    }


def _reason(client: Client) -> str:
    if client.score >= 8:
        return ""
    if not client.wired:
        return "Weak signal"
    return "Uplink of the switch is unstable" if client.score == 4 else "Errors on the link"
