"""Path trace: `/flow-analysis`."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import Refused, bad_request, enveloped, json_object, page
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.path_traces import INCLUSIONS, Trace

FLOWS = "/dna/intent/api/v1/flow-analysis"
_MOST_RUNNING = 25


def _checked(body: Mapping[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for name in ("sourceIP", "destIP"):
        try:
            asked[name] = str(ipaddress.ip_address(str(body.get(name) or "")))
        except ValueError as error:
            raise bad_request(f"{name} is not an IP address") from error
    for name in ("sourcePort", "destPort"):
        if (port := body.get(name)) is not None:
            if not str(port).isdigit() or not 1 <= int(port) <= 65_535:
                raise bad_request(f"{name} is not a port")
            asked[name] = str(port)
    if (protocol := body.get("protocol")) is not None:
        if protocol not in ("TCP", "UDP"):
            raise bad_request("protocol is TCP or UDP")
        asked["protocol"] = protocol
    return asked


async def begin(request: Request) -> Response:
    """202 with the id of the analysis and of its task."""
    controller, body = controller_of(request), await json_object(request)
    asked, inclusions = _checked(body), body.get("inclusions") or []
    if not isinstance(inclusions, list) or set(inclusions) - INCLUSIONS:
        raise bad_request(f"inclusions are among {', '.join(sorted(INCLUSIONS))}")
    now = controller.clock()
    if sum(now < trace.ends for trace in controller.traces.values()) >= _MOST_RUNNING:
        raise Refused(500, "MaxRequests", "Too many path traces are in progress")
    ends = now + controller.behaviour.trace_seconds
    trace = Trace(controller.new_id(), asked, now, ends, controller.world, frozenset(inclusions))
    controller.traces[trace.id] = trace
    task = controller.tasks.start(account_of(request), going=trace.id, done=trace.id, service="Policy Analysis")
    answer = {"flowAnalysisId": trace.id, "taskId": task.id, "url": f"/api/v1/flow-analysis/{trace.id}"}
    return JSONResponse({"response": answer, "version": "1.0"}, 202)


def _trace(request: Request) -> Trace:
    key = request.path_params["id"]
    trace: Trace | None = controller_of(request).traces.get(key)
    if trace is None:
        message = f"Flow Analysis Request Id: {key} Not Found"
        raise Refused(404, "ResourceNotFound", message, "Policy Analysis Resource Not Found Error")
    return trace


async def get_trace(request: Request) -> Response:
    """How far one is, with the devices on the way once it is complete."""
    return enveloped(_trace(request).describe(controller_of(request).clock()))


async def delete_trace(request: Request) -> Response:
    """Forgets one."""
    controller, trace = controller_of(request), _trace(request)
    del controller.traces[trace.id]
    return JSONResponse({"response": {"taskId": controller.new_id(), "url": ""}, "version": "1.0"}, 202)


async def list_traces(request: Request) -> Response:
    """What was asked, newest first."""
    controller, query = controller_of(request), request.query_params
    records = [trace.request(controller.clock()) for trace in reversed(controller.traces.values())]
    for name in ("sourceIP", "destIP", "sourcePort", "destPort", "protocol", "status"):
        if wanted := query.get(name):
            records = [record for record in records if record.get(name) == wanted]
    return enveloped(page(request, records, cap=500))


routes = [
    guarded(FLOWS, begin, "POST"),
    guarded(FLOWS, list_traces),
    guarded(f"{FLOWS}/{{id}}", get_trace),
    guarded(f"{FLOWS}/{{id}}", delete_trace, "DELETE"),
]
