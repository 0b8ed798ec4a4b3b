"""What `simulators.radkit.client` asks: sessions, the inventory, terminals, SNMP, the devices' own APIs."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.radkit.device_api import SWAGGER, has_http, has_swagger, http_answer
from simulators.radkit.mib import below, numbers, rows_of
from simulators.radkit.service import kind_of, service_of
from simulators.radkit.terminals import executed
from simulators.request_log import Endpoint, recorded
from simulators.world.models import Device

SESSION_HEADER = "X-Radkit-Session"


class Refused(Exception):
    """An answer that is not what was asked for: status, the kind of trouble, and a sentence."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message

    def response(self) -> Response:
        """As the client understands it."""
        return JSONResponse({"kind": self.kind, "message": self.message}, self.status)


async def log_in(request: Request) -> Response:
    """One of three proofs: a user of the service, an identity with its certificate, a token."""
    service, body = service_of(request), await _object(request)
    behaviour, proof = service.behaviour, body.get("proof")
    good = {
        "direct": bool(proof) and behaviour.accounts.get(str(body.get("identity"))) == proof,
        "certificate": body.get("identity") in behaviour.identities and proof == "certificate",
        "access_token": proof in behaviour.access_tokens,
    }
    if not good.get(str(body.get("method")), False):
        raise Refused(401, "authentication", "the identity or its proof is not accepted")
    return JSONResponse({"session": service.open_session()})


async def get_service(request: Request) -> Response:
    """Whether the service with a serial is there; `direct` stands for the one that listens here."""
    service = service_of(request)
    if request.path_params["serial"] not in ("direct", service.behaviour.serial):
        raise Refused(404, "service", "no service of this serial is known")
    if not service.reachable:
        raise Refused(503, "service", "the service is not connected to the cloud")
    return JSONResponse({"serial": service.behaviour.serial, "version": "1.9.4"})


async def get_inventory(request: Request) -> Response:
    """Every device with the attributes RADKit calls internal."""
    return JSONResponse({"devices": [_attributes(device) for device in service_of(request).inventory()]})


async def execute(request: Request) -> Response:
    """Run commands on one device."""
    body, device = await _object(request), _device(request)
    commands, timeout = body.get("commands"), body.get("timeout") or 0
    if not isinstance(commands, list) or not all(isinstance(command, str) for command in commands):
        raise Refused(400, "request", "commands is a list of texts")
    return JSONResponse(await executed(service_of(request), device, commands, float(timeout)))


async def snmp(request: Request) -> Response:
    """A value (get) or all below an OID (walk)."""
    service, device, body = service_of(request), _device(request), await _object(request)
    now = service.clock()
    rows = rows_of(service.world, device, now, calm=service.happenings.uplink(now).calm)
    oid = str(body.get("oid"))
    found = below(rows, oid) if body.get("operation") == "walk" else [r for r in rows if numbers(r[0]) == numbers(oid)]
    return JSONResponse({"rows": [{"oid": f".{oid}", "type": kind, "value": value} for oid, kind, value in found]})


async def http_get(request: Request) -> Response:
    """A GET at the device's own API."""
    device, path = _device(request), str((await _object(request)).get("path"))
    if not has_http(device) and not has_swagger(device):
        raise Refused(409, "request", "HTTP is not set up for this device")
    status, body = http_answer(service_of(request).world, device, path)
    kind = "application/json" if has_swagger(device) else "application/yang-data+json"
    return JSONResponse({"status": status, "headers": {"Content-Type": kind}, "text": json.dumps(body)})


async def get_swagger(request: Request) -> Response:
    """The paths of the device's document."""
    if not has_swagger(_device(request)):
        raise Refused(409, "request", "Swagger is not set up for this device")
    return JSONResponse({"paths": SWAGGER})


def _attributes(device: Device) -> dict[str, Any]:
    return {
        "name": device.hostname,
        "host": device.management_ip,
        "device_type": kind_of(device),
        "description": f"{device.platform.type}, {device.role.lower()}",
        "terminal_config": True,
        "netconf_config": device.platform.software_type == "IOS-XE",
        "snmp_version": "2c",
        "http_config": has_http(device),
        "swagger_config": has_swagger(device),
        "forwarded_tcp_ports": "",
        "terminal_capabilities": ["INTERACTIVE", "EXEC"],
    }


def _device(request: Request) -> Device:
    device = service_of(request).device(request.path_params["name"])
    if device is None:
        raise Refused(404, "device", "the device is not in the inventory")
    return device


async def _object(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise Refused(400, "request", "the body is not JSON") from error
    if not isinstance(body, dict):
        raise Refused(400, "request", "the body is no object")
    return body


def _route(path: str, endpoint: Endpoint, method: str = "GET", *, is_open: bool = False) -> Route:
    async def answer(request: Request) -> Response:
        service = service_of(request)
        try:
            if not is_open and not service.knows(request.headers.get(SESSION_HEADER)):
                raise Refused(401, "authentication", "the session is over")
            if not is_open and not service.reachable:
                raise Refused(503, "service", "the service is not connected to the cloud")
            return await endpoint(request)
        except Refused as refused:
            return refused.response()

    return Route(path, recorded(answer, lambda request: service_of(request).requests), methods=[method])


routes = [
    _route("/session", log_in, "POST", is_open=True),
    _route("/services/{serial}", get_service),
    _route("/inventory", get_inventory),
    _route("/devices/{name}/exec", execute, "POST"),
    _route("/devices/{name}/snmp", snmp, "POST"),
    _route("/devices/{name}/http", http_get, "POST"),
    _route("/devices/{name}/swagger", get_swagger),
]
