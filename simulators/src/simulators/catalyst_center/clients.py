"""Clients: health of all of them, and one by its MAC address."""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request, enveloped, not_found
from simulators.catalyst_center.client_record import connection, detail, topology
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.clock import millis
from simulators.world.clients import Client, clients_of

INTENT = "/dna/intent/api/v1"
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")


async def client_health(request: Request) -> Response:
    """Counts by kind and by how well they are; a kind without clients has the score -1."""
    controller = controller_of(request)
    clients = [client for device in controller.world.devices.values() for client in clients_of(device)]
    at = millis(controller.clock()) // 300_000 * 300_000
    groups = {
        "ALL": clients,
        "WIRED": [client for client in clients if client.wired],
        "WIRELESS": [client for client in clients if not client.wired],
    }
    details = [_score(name, group, at, listed=name != "ALL") for name, group in groups.items()]
    return enveloped([{"siteId": "global", "scoreDetail": details}])


def _score(name: str, clients: Sequence[Client], at: int, *, listed: bool) -> dict[str, object]:
    good = sum(client.score >= 8 for client in clients)
    record = _row("CLIENT_TYPE", name, len(clients), round(100 * good / len(clients)) if clients else -1, at)
    if listed:
        parts = {
            "POOR": sum(client.score <= 3 for client in clients),
            "FAIR": sum(4 <= client.score <= 7 for client in clients),
            "GOOD": good,
            "IDLE": 0,
            "NODATA": 0,
            "NEW": 0,
        }
        record["scoreList"] = [_row("SCORE_TYPE", kind, count, -1, at) for kind, count in parts.items()]
    return record


def _row(category: str, value: str, count: int, score: int, at: int) -> dict[str, object]:
    return {
        "scoreCategory": {"scoreCategory": category, "value": value},
        "scoreValue": score,
        "clientCount": count,
        "clientUniqueCount": count,
        "maintenanceAffectedClientCount": 0,
        "randomMacCount": 0,
        "duidCount": 0,
        "starttime": at - 300_000,
        "endtime": at,
        "connectedToUdnCount": 0,
        "unconnectedToUdnCount": 0,
    }


async def client_detail(request: Request) -> Response:
    """One client. Only the form with colons is understood, in either case; there is no envelope."""
    controller, mac = controller_of(request), request.query_params.get("macAddress", "")
    if not _MAC.fullmatch(mac):
        raise bad_request("macAddress is mandatory, in the form xx:xx:xx:xx:xx:xx")
    world = controller.world
    for device in world.devices.values():
        for client in clients_of(device):
            if client.mac == mac.lower():
                now = controller.clock()
                answer = {
                    "detail": detail(world, device, client, now),
                    "connectionInfo": connection(device, client, now),
                    "topology": topology(world, device, client),
                }
                return JSONResponse(answer)
    raise not_found("client", mac)


routes = [
    guarded(f"{INTENT}/client-health", client_health),
    guarded(f"{INTENT}/client-detail", client_detail),
]
