"""The Table API: every table in the same way."""

from typing import cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.servicenow import acl
from simulators.servicenow.answers import (
    Refused,
    acl_exception,
    bad_request,
    flag,
    json_object,
    no_record,
    result,
    whole_number,
)
from simulators.servicenow.display import Mode, View
from simulators.servicenow.gateway import guarded
from simulators.servicenow.incoming import actual_values
from simulators.servicenow.instance import instance_of
from simulators.servicenow.query.run import select
from simulators.servicenow.store import Record

API = "/api/now"


def view_of(request: Request, *, version: str = "") -> View:
    """How this request wants records shown. An unknown display mode counts as false."""
    instance = instance_of(request)
    mode = request.query_params.get("sysparm_display_value", "false").lower()
    return View(
        instance,
        instance.user_of(request),
        f"{str(request.base_url).rstrip('/')}{API}/{version}table",
        cast("Mode", mode) if mode in ("true", "all") else "false",
        links=not flag(request, "sysparm_exclude_reference_link"),
    )


def fields_of(request: Request) -> list[str] | None:
    """The columns asked for; None for all."""
    text = request.query_params.get("sysparm_fields", "")
    return [name.strip() for name in text.split(",") if name.strip()] or None


def _version(request: Request) -> str:
    version = request.path_params.get("version", "")
    if version not in ("", "v1", "v2"):
        raise bad_request(f"Requested URI does not represent any resource: {request.url.path}")
    return f"{version}/" if version else ""


def _visible(request: Request) -> tuple[str, Record]:
    """The record the path names, with its class. Raises: Refused 404, also when it may not be known of."""
    instance, name = instance_of(request), request.path_params["table"]
    record = instance.record(name, request.path_params["sys_id"])
    held = instance.class_of(name, record["sys_id"])
    if not acl.may_read(instance, instance.user_of(request), held, record):
        raise no_record()
    return held, record


async def list_records(request: Request) -> Response:
    """The limit cuts before access control does, so a page can be short while more follow."""
    version, name = _version(request), request.path_params["table"]
    instance = instance_of(request)
    user, table = instance.user_of(request), instance.table(name)
    found = select(instance, user, name, _query_of(request))
    limit = whole_number(request, "sysparm_limit", instance.behaviour.query_limit)
    offset = whole_number(request, "sysparm_offset", 0)
    view, fields = view_of(request, version=version), fields_of(request)
    shown = [
        view.render(name, record, fields)
        for record in found[offset : offset + limit]
        if acl.may_read(instance, user, instance.class_of(table.name, record["sys_id"]), record)
    ]
    if not shown and version == "v1/":
        raise Refused(404, "No Record found", "Records matching query not found")
    return result(shown, headers=_page_headers(request, len(found), limit, offset))


def _query_of(request: Request) -> str:
    """The encoded query; without one, parameters that are no `sysparm_` each compare a column."""
    query = request.query_params
    if "sysparm_query" in query:
        return query["sysparm_query"]
    return "^".join(f"{name}={value}" for name, value in query.items() if not name.startswith("sysparm_"))


def _page_headers(request: Request, total: int, limit: int, offset: int) -> dict[str, str]:
    headers = {}
    if not flag(request, "sysparm_no_count"):
        headers["X-Total-Count"] = str(total)
    if flag(request, "sysparm_suppress_pagination_header") or limit < 1:
        return headers
    pages = {"first": 0}
    if offset > 0:
        pages["prev"] = max(0, offset - limit)
    if offset + limit < total:
        pages["next"] = offset + limit
    if total:
        pages["last"] = (total - 1) // limit * limit
    query = [(k, v) for k, v in request.query_params.multi_items() if k not in ("sysparm_limit", "sysparm_offset")]
    base = f"{str(request.base_url).rstrip('/')}{request.url.path}"
    headers["Link"] = ",".join(
        f'<{base}?{urlencode([*query, ("sysparm_limit", limit), ("sysparm_offset", at)])}>;rel="{rel}"'
        for rel, at in pages.items()
    )
    return headers


async def get_record(request: Request) -> Response:
    """404 hides what the caller may not see."""
    version = _version(request)
    _, record = _visible(request)
    return result(view_of(request, version=version).render(request.path_params["table"], record, fields_of(request)))


async def create_record(request: Request) -> Response:
    """201 with the whole record and where it is."""
    version, name = _version(request), request.path_params["table"]
    instance = instance_of(request)
    user = instance.user_of(request)
    instance.table(name)
    if not acl.may_create(user, name):
        raise acl_exception("Insert")
    display = flag(request, "sysparm_input_display_value")
    values = actual_values(instance, user, name, await json_object(request), display=display)
    record = instance.insert(name, values, user)
    view = view_of(request, version=version)
    shown = view.render(name, record, fields_of(request))
    return result(shown, 201, {"Location": f"{view.base}/{name}/{record['sys_id']}"})


async def update_record(request: Request) -> Response:
    """PATCH and PUT do the same: what is sent is changed."""
    version, name = _version(request), request.path_params["table"]
    instance = instance_of(request)
    user = instance.user_of(request)
    held, record = _visible(request)
    allowed = acl.writable(user, held, record)
    if allowed is not None and not allowed:
        raise acl_exception("Update")
    display = flag(request, "sysparm_input_display_value")
    values = actual_values(instance, user, held, await json_object(request), display=display)
    if allowed is not None:
        values = {column: value for column, value in values.items() if column in allowed}
    changed = instance.update(name, record["sys_id"], values, user)
    return result(view_of(request, version=version).render(name, changed, fields_of(request)))


async def delete_record(request: Request) -> Response:
    """204 and nothing."""
    _version(request)
    instance = instance_of(request)
    user = instance.user_of(request)
    held, record = _visible(request)
    if not acl.may_delete(user, held):
        raise acl_exception("Delete")
    instance.delete(held, record["sys_id"], user)
    return Response(status_code=204)


def _routes(prefix: str) -> list[Route]:
    many, one = f"{prefix}/table/{{table}}", f"{prefix}/table/{{table}}/{{sys_id}}"
    return [
        guarded(many, list_records),
        guarded(many, create_record, "POST"),
        guarded(one, get_record),
        guarded(one, update_record, "PATCH"),
        guarded(one, update_record, "PUT"),
        guarded(one, delete_record, "DELETE"),
    ]


routes = [*_routes(API), *_routes(f"{API}/{{version}}")]
