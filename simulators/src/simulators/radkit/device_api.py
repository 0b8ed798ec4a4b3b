"""The devices' own APIs: RESTCONF on switches, and on routers one that a Swagger document describes."""

from typing import Any

from simulators.cli.config import secrets_in
from simulators.world import World
from simulators.world.interfaces import Interface, interfaces_of
from simulators.world.models import Device
from simulators.world.platforms import ROUTERS, SWITCHES

SWAGGER: dict[str, list[str]] = {
    "/api/v1/global/hostname": ["get", "put"],
    "/api/v1/global/snmp": ["get"],
    "/api/v1/interfaces": ["get", "post"],
    "/api/v1/global/save-config": ["put"],
}


def has_http(device: Device) -> bool:
    """True where RESTCONF is on."""
    return device.platform.family == SWITCHES


def has_swagger(device: Device) -> bool:
    """True where the other API is on."""
    return device.platform.family == ROUTERS


def http_answer(world: World, device: Device, path: str) -> tuple[int, Any]:
    """Status and JSON for a GET."""
    plain = path.partition("?")[0].rstrip("/")
    if has_swagger(device):
        return _swagger(world, device, plain)
    match plain:
        case "/restconf/data/ietf-interfaces:interfaces":
            return 200, {"ietf-interfaces:interfaces": {"interface": [_interface(i) for i in interfaces_of(device)]}}
        case "/restconf/data/Cisco-IOS-XE-native:native":
            return 200, {"Cisco-IOS-XE-native:native": _native(world, device)}
        case "/restconf":
            return 200, {"ietf-restconf:restconf": {"data": {}, "operations": {}, "yang-library-version": "2016-06-21"}}
    problem = {"error-type": "application", "error-tag": "invalid-value", "error-message": "uri keypath not found"}
    return 404, {"ietf-restconf:errors": {"error": [problem]}}


def _swagger(world: World, device: Device, path: str) -> tuple[int, Any]:
    match path:
        case "/api/v1/global/hostname":
            return 200, {"kind": "object#hostname", "host-name": device.hostname}
        case "/api/v1/global/snmp":
            community = [{"name": text, "access": "read-only"} for text in secrets_in(world, device)[:2]]
            return 200, {"kind": "object#snmp", "community": community}
        case "/api/v1/interfaces":
            return 200, {"kind": "collection#interface", "items": [_interface(i) for i in interfaces_of(device)]}
    return 404, {"error-code": -1, "error-message": "not found"}


def _interface(port: Interface) -> dict[str, Any]:
    return {
        "name": port.name,
        "description": port.description,
        "type": "iana-if-type:ethernetCsmacd",
        "enabled": not port.shut,
    }


def _native(world: World, device: Device) -> dict[str, Any]:
    """A configuration holds secrets in every form it has."""
    first, second, third, *_ = secrets_in(world, device)
    return {
        "version": ".".join(device.software_version.split(".")[:2]),
        "hostname": device.hostname,
        "enable": {"secret": {"type": "9", "secret": first}},
        "username": [{"name": "netops", "privilege": 15, "secret": {"encryption": "9", "secret": second}}],
        "snmp-server": {"Cisco-IOS-XE-snmp:community-config": [{"name": third, "permission": "ro"}]},
        "tacacs": {"Cisco-IOS-XE-aaa:server": [{"name": "ISE", "key": {"encryption": "7", "key": second}}]},
    }
