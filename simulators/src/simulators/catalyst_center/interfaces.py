"""Interfaces of a device; paging is in the path."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.devices import INTENT, device_by_id
from simulators.catalyst_center.gateway import guarded
from simulators.clock import stamp
from simulators.world.interfaces import Interface, interfaces_of
from simulators.world.models import Device


def _describe(request: Request, device: Device, interface: Interface) -> dict[str, object]:
    controller = controller_of(request)
    return {
        "id": interface.id,
        "instanceUuid": interface.id,
        "instanceTenantId": controller.world.tenant_id,
        "deviceId": device.id,
        "portName": interface.name,
        "description": interface.description,
        "adminStatus": "DOWN" if interface.shut else "UP",
        "status": "up" if interface.up else "down",
        "ifIndex": str(interface.index),
        "interfaceType": "Physical" if interface.physical else "Virtual",
        "portType": "Ethernet Port" if interface.physical else "Ethernet SVI",
        "portMode": interface.mode,
        "macAddress": interface.mac,
        "ipv4Address": interface.ip,
        "ipv4Mask": "255.255.255.0" if interface.ip else None,
        "vlanId": str(interface.vlan or 0),
        "nativeVlanId": None,
        "voiceVlan": "",
        "speed": str(interface.speed_kbps),
        "duplex": "FullDuplex" if interface.up and interface.physical else None,
        "mediaType": None,
        "className": "EthrntPrtclEndpntExtndd" if interface.physical else "VLANInterfaceExtended",
        "lastUpdated": stamp(controller.clock() - device.collected_ago),
        "pid": device.platform.product_id,
        "serialNo": device.serials[0],
        "series": device.platform.series,
        "mappedPhysicalInterfaceId": None,
        "mappedPhysicalInterfaceName": None,
        "isisSupport": "false",
        "ospfSupport": "false",
    }


def _ports(request: Request, device: Device) -> tuple[Interface, ...]:
    controller = controller_of(request)
    return interfaces_of(device, calm=controller.happenings.uplink(controller.clock()).calm)


async def list_interfaces(request: Request) -> Response:
    """All of them."""
    device = device_by_id(request)
    return enveloped([_describe(request, device, interface) for interface in _ports(request, device)])


async def count_interfaces(request: Request) -> Response:
    """How many."""
    return enveloped(len(interfaces_of(device_by_id(request))))


async def interface_range(request: Request) -> Response:
    """1-based."""
    device, start, size = device_by_id(request), request.path_params["start"], request.path_params["size"]
    if start < 1 or not 1 <= size <= controller_of(request).behaviour.page_limit:
        raise bad_request("startIndex starts at 1 and recordsToReturn is between 1 and 500")
    chosen = _ports(request, device)[start - 1 : start - 1 + size]
    return enveloped([_describe(request, device, interface) for interface in chosen])


async def get_interface(request: Request) -> Response:
    """One, by its own id."""
    key = request.path_params["id"]
    for device in controller_of(request).world.devices.values():
        for interface in _ports(request, device):
            if interface.id == key:
                return enveloped(_describe(request, device, interface))
    raise not_found("interface", key)


async def by_address(request: Request) -> Response:
    """An array, of those with the address."""
    key, devices = request.path_params["ip"], controller_of(request).world.devices.values()
    found = [(device, interface) for device in devices for interface in _ports(request, device) if interface.ip == key]
    if not found:
        raise not_found("interface", key)
    return enveloped([_describe(request, device, interface) for device, interface in found])


routes = [
    guarded(f"{INTENT}/interface/ip-address/{{ip}}", by_address),
    guarded(f"{INTENT}/interface/network-device/{{id}}", list_interfaces),
    guarded(f"{INTENT}/interface/network-device/{{id}}/count", count_interfaces),
    guarded(f"{INTENT}/interface/network-device/{{id}}/{{start:int}}/{{size:int}}", interface_range),
    guarded(f"{INTENT}/interface/{{id}}", get_interface),
]
