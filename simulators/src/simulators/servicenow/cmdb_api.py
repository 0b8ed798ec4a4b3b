"""The CMDB Instance API: a CI with its relations."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.servicenow import acl
from simulators.servicenow.answers import Refused, no_record, result, whole_number
from simulators.servicenow.display import View
from simulators.servicenow.gateway import guarded
from simulators.servicenow.instance import instance_of
from simulators.servicenow.query.run import select
from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.store import Record

BASES = ("/api/now/cmdb/instance", "/api/now/v1/cmdb/instance")
PAGE = 1000


def _class(request: Request) -> str:
    name = str(request.path_params["class"])
    if name not in SCHEMA.tables or not SCHEMA.is_a(name, "cmdb"):
        raise Refused(400, "Invalid class name", f"{name} is not a class of the CMDB")
    return name


async def listed(request: Request) -> Response:
    """Names and ids of the CIs of a class."""
    instance, name = instance_of(request), _class(request)
    user = instance.user_of(request)
    found = select(instance, user, name, request.query_params.get("sysparm_query", ""))
    start, size = whole_number(request, "sysparm_offset", 0), whole_number(request, "sysparm_limit", PAGE)
    cut = [each for each in found[start : start + size] if acl.may_read(instance, user, name, each)]
    return result([{"sys_id": each["sys_id"], "name": each["name"]} for each in cut])


async def one(request: Request) -> Response:
    """One CI: its attributes, and the relations in which it is the parent (outbound) and the child (inbound)."""
    instance, name = instance_of(request), _class(request)
    record = instance.record(name, request.path_params["id"])
    if not acl.may_read(instance, instance.user_of(request), name, record):
        raise no_record()
    relations = list(instance.tables["cmdb_rel_ci"].records())
    key = record["sys_id"]
    return result(
        {
            "outbound_relations": [_relation(request, each, "child") for each in relations if each["parent"] == key],
            "attributes": _attributes(request, instance.class_of(name, key), record),
            "inbound_relations": [_relation(request, each, "parent") for each in relations if each["child"] == key],
        }
    )


def _view(request: Request) -> View:
    instance = instance_of(request)
    return View(instance, instance.user_of(request), f"{str(request.base_url).rstrip('/')}/api/now/table", "all")


def _attributes(request: Request, table: str, record: Record) -> dict[str, object]:
    """References with name and link, everything else as actual values."""
    columns = SCHEMA.fields(table)
    shown = _view(request).render(table, record)
    return {
        name: value if columns[name].type == "reference" and record[name] else record[name]
        for name, value in shown.items()
    }


def _relation(request: Request, relation: Record, other: str) -> dict[str, object]:
    instance = instance_of(request)
    base = str(request.base_url).rstrip("/")
    target = instance.tables["cmdb_ci"].get(relation[other])
    kind = instance.tables["cmdb_rel_type"].get(relation["type"])
    return {
        "sys_id": relation["sys_id"],
        "type": {
            "display_value": kind["name"] if kind else "",
            "link": f"{base}/api/now/table/cmdb_rel_type/{relation['type']}",
            "value": relation["type"],
        },
        "target": {
            "display_value": target["name"] if target else "",
            "link": f"{base}/api/now/cmdb/instance/cmdb_ci/{relation[other]}",
            "value": relation[other],
        },
    }


def _routes(base: str) -> list[Route]:
    return [guarded(f"{base}/{{class}}", listed), guarded(f"{base}/{{class}}/{{id}}", one)]


routes = [route for base in BASES for route in _routes(base)]
