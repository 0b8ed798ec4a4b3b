"""Issues: the old list, the data API, resolving and ignoring, and what enriches one."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import Refused, bad_request, enveloped, json_object, not_found, whole_number
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.data_api import DATA, invalid, no_such, paged
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.issue_record import enrichment, entity_id, legacy, newer
from simulators.catalyst_center.issue_store import IssueState, Status
from simulators.clock import millis

INTENT = "/dna/intent/api/v1"
DAY = 86_400_000
CAP = 25
"""The most issues of the data API at once; 10 where nobody says how many."""

_EXACT = ("priority", "severity", "status", "entityType", "category", "deviceType", "name", "issueId", "entityId")
_WILD = ("siteHierarchy", "siteHierarchyId", "siteName", "siteId")
_SITE = ("siteName", "siteHierarchy", "siteId", "siteHierarchyId")
_VIEWS = {"update": ("updatedTime", "updatedBy"), "site": _SITE}
_ON_DEMAND = {*_SITE, "updatedTime", "updatedBy", "deviceType", "notes", "suggestedActions", "additionalAttributes"}
"""Answered all when neither a view nor an attribute is asked for, else only those asked for."""

_SORTABLE = ("name", "priority", "severity", "category", "firstOccurredTime", "mostRecentOccurredTime", "status")


def _within(request: Request, state: IssueState) -> bool:
    """Whether it occurred last in the window asked for: the last 24 hours when nobody says."""
    until = whole_number(request, "endTime", millis(controller_of(request).clock()))
    since = whole_number(request, "startTime", until - DAY)
    return since <= millis(state.last) <= until


async def list_legacy(request: Request) -> Response:
    """`totalCount` is text; nothing is paged."""
    controller, query = controller_of(request), request.query_params
    now, world = controller.clock(), controller.world
    if query.get("siteId") and (query.get("deviceId") or query.get("macAddress")):
        raise bad_request("siteId cannot be used together with deviceId or macAddress")
    records = [legacy(world, state, now) for state in controller.issues.all() if _within(request, state)]
    if wanted := query.get("siteId"):
        records = [record for record in records if wanted in str(record["siteId"]).split("/")]
    for name, member in (("deviceId", "deviceId"), ("priority", "priority"), ("issueStatus", "status")):
        if wanted := query.get(name):
            records = [record for record in records if str(record[member]).lower() == wanted.lower()]
    if query.get("macAddress") or query.get("aiDriven", "").upper() == "YES":
        records = []
    return JSONResponse({"version": "1.0", "totalCount": str(len(records)), "response": records})


def _chosen(request: Request) -> list[dict[str, object]]:
    controller, query = controller_of(request), request.query_params
    now, world = controller.clock(), controller.world
    states = [state for state in controller.issues.all() if _within(request, state)]
    if ids := query.getlist("networkDeviceId"):
        states = [state for state in states if state.issue.device_id in ids]
    if macs := query.getlist("macAddress"):
        states = [state for state in states if entity_id(world.devices[state.issue.device_id]) in macs]
    records = [newer(world, state, now) for state in states]
    for name in _EXACT:
        if wanted := query.getlist(name):
            records = [record for record in records if record[name] in wanted]
    for name in _WILD:
        if wanted := query.getlist(name):
            records = [record for record in records if any(_like(text, str(record[name])) for text in wanted)]
    return [record for record in records if query.get("aiDriven") != "true"]


def _like(pattern: str, text: str) -> bool:
    """`*` stands for anything."""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), text) is not None


async def list_newer(request: Request) -> Response:
    """At most 25 at once, in ascending order of the time they occurred last unless told otherwise."""
    query = request.query_params
    sort_by, order = query.get("sortBy", "mostRecentOccurredTime"), query.get("order", "asc")
    if sort_by not in _SORTABLE or order not in ("asc", "desc"):
        raise invalid("sortBy or order has a value that is not supported")
    records = _checked(request)
    records.sort(key=lambda record: (str(record[sort_by]), str(record["issueId"])), reverse=order == "desc")
    records = [_with_attributes(request, record) for record in records]
    return paged(request, records, cap=CAP, default=10, sort_by=sort_by, order=order)


def _with_attributes(request: Request, record: dict[str, object]) -> dict[str, object]:
    query = request.query_params
    wanted = {*query.getlist("attribute"), *(name for view in query.getlist("view") for name in _VIEWS.get(view, ()))}
    if not wanted:
        return record
    return {name: value for name, value in record.items() if name not in _ON_DEMAND - wanted}


async def count_newer(request: Request) -> Response:
    """Counts what `list_newer` lists."""
    return enveloped({"count": len(_checked(request))})


def _checked(request: Request) -> list[dict[str, object]]:
    try:
        return _chosen(request)
    except Refused as refused:
        raise invalid(refused.detail) from refused


async def get_newer(request: Request) -> Response:
    """One issue; no time window applies."""
    controller, key = controller_of(request), request.path_params["id"]
    state = controller.issues.get(key)
    if state is None:
        raise no_such("issue", key)
    return enveloped(_with_attributes(request, newer(controller.world, state, controller.clock())))


async def _change(request: Request, status: Status, hours: int | None = None) -> Response:
    ids = (await json_object(request)).get("issueIds")
    if not isinstance(ids, list) or not ids or not all(isinstance(one, str) for one in ids):
        raise invalid("issueIds is a list of ids that is not empty")
    done, failed = controller_of(request).issues.change(ids, status, account_of(request), hours)
    answer = {"successfulIssueIds": done, "failureIssueIds": failed}
    return enveloped({name: value for name, value in answer.items() if value})


async def resolve(request: Request) -> Response:
    """Names what was resolved and what was not; a list that would be empty is left out."""
    return await _change(request, "resolved")


async def ignore(request: Request) -> Response:
    """As `resolve`; `ignoreHours` says for how long, 24 unless told otherwise."""
    hours = (await json_object(request)).get("ignoreHours", 24)
    if not isinstance(hours, int) or isinstance(hours, bool) or hours < 1:
        raise invalid("ignoreHours is a number of hours")
    return await _change(request, "ignored", hours)


async def enrich(request: Request) -> Response:
    """What is asked for stands in two headers."""
    controller = controller_of(request)
    kind, value = request.headers.get("entity_type"), request.headers.get("entity_value", "")
    if kind not in ("issue_id", "mac_address") or not value:
        raise bad_request("The headers entity_type (issue_id or mac_address) and entity_value are mandatory")
    state = controller.issues.get(value) if kind == "issue_id" else None
    if state is None:
        raise not_found("issue", value)
    return JSONResponse(enrichment(controller.world, [state], controller.clock()))


routes = [
    guarded(f"{INTENT}/issues", list_legacy),
    guarded(f"{INTENT}/issue-enrichment-details", enrich),
    guarded(f"{DATA}/assuranceIssues", list_newer),
    guarded(f"{DATA}/assuranceIssues/count", count_newer),
    guarded(f"{DATA}/assuranceIssues/{{id}}", get_newer),
    guarded(f"{INTENT}/assuranceIssues/resolve", resolve, "POST"),
    guarded(f"{INTENT}/assuranceIssues/ignore", ignore, "POST"),
]
