"""Events: what can be notified of, what was, and the audit log. Arrays without an envelope."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import bad_request, bare, page, values, whole_number
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.event_store import KINDS
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.task_store import Task
from simulators.clock import millis

INTENT = "/dna/intent/api/v1"
AUDIT_LOGS = "/dna/data/api/v1/event/event-series/audit-logs"
_CAP = 500
_DEFAULT = 10
_FILTERS = {
    "eventIds": "eventId",
    "category": "category",
    "type": "type",
    "severity": "severity",
    "domain": "domain",
    "subDomain": "subDomain",
    "source": "source",
    "namespace": "namespace",
}


async def list_kinds(request: Request) -> Response:
    """`tags` has to be given."""
    tags = values(request, "tags")
    if not tags:
        raise bad_request("tags is required")
    wanted = values(request, "eventId")
    found = [kind.describe() for kind in KINDS if "ASSURANCE" in tags and (not wanted or kind.event_id in wanted)]
    return bare(list(page(request, found, cap=_CAP, default=_DEFAULT)))


def _series(request: Request) -> list[dict[str, object]]:
    controller = controller_of(request)
    since, until = whole_number(request, "startTime", 0), whole_number(request, "endTime", 1 << 62)
    events = [event for event in controller.events.all() if since <= millis(event.when) <= until]
    records = [event.describe(controller.world) for event in events]
    for name, member in _FILTERS.items():
        if wanted := values(request, name):
            records = [record for record in records if str(record[member]) in wanted]
    if wanted := values(request, "siteId"):
        kept = {event.id for event in events if event.device.site_id in wanted}
        records = [record for record in records if record["instanceId"] in kept]
    return records[::-1] if request.query_params.get("order", "").lower() == "asc" else records


async def list_series(request: Request) -> Response:
    """Newest first, ten unless `limit` says otherwise. `offset` is 1-based and nothing tells how many there are."""
    return bare(list(page(request, _series(request), cap=_CAP, default=_DEFAULT)))


async def count_series(request: Request) -> Response:
    """The number as text."""
    return JSONResponse({"response": str(len(_series(request)))})


def _audited(task: Task) -> dict[str, object]:
    """A write as the audit log words it."""
    return {
        "version": "1.0.0",
        "instanceId": task.id,
        "eventId": "AUDIT_LOG_EVENT",
        "namespace": "com.cisco.dnac.audit",
        "name": "AUDIT_LOG",
        "description": task.going,
        "type": "AUDIT_LOG",
        "category": "INFO",
        "domain": "Audit",
        "subDomain": "",
        "severity": 1,
        "source": task.service,
        "timestamp": millis(task.started),
        "tags": [],
        "details": {},
        "userId": task.account,
        "childCount": 0,
        "parentInstanceId": None,
    }


async def list_audit_logs(request: Request) -> Response:
    """What was written, newest first. Times go in pairs."""
    query = request.query_params
    if ("startTime" in query) != ("endTime" in query):
        raise bad_request("startTime and endTime are given together")
    since, until = whole_number(request, "startTime", 0), whole_number(request, "endTime", 1 << 62)
    records = [_audited(task) for task in controller_of(request).tasks.all()]
    records = [record for record in records if since <= int(str(record["timestamp"])) <= until]
    for name in ("userId", "instanceId", "category", "source"):
        if wanted := query.get(name):
            records = [record for record in records if record[name] == wanted]
    if text := query.get("description"):
        records = [record for record in records if text.lower() in str(record["description"]).lower()]
    return bare(list(page(request, records, cap=_CAP, default=25)))


routes = [
    guarded(f"{INTENT}/events", list_kinds),
    guarded(f"{INTENT}/event/event-series", list_series),
    guarded(f"{INTENT}/event/event-series/count", count_series),
    guarded(AUDIT_LOGS, list_audit_logs),
]
