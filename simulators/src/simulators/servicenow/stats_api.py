"""The Aggregate API: counts and sums without the records."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.servicenow import acl
from simulators.servicenow.aggregates import FUNCTIONS, Group, Wanted, aggregate
from simulators.servicenow.answers import Refused, flag, result
from simulators.servicenow.display import View
from simulators.servicenow.gateway import guarded
from simulators.servicenow.instance import instance_of
from simulators.servicenow.query.run import select
from simulators.servicenow.store import Record
from simulators.servicenow.walk import column, reach

BASES = ("/api/now/stats", "/api/now/v1/stats")
_COMPARE = {
    "=": float.__eq__,
    "!=": float.__ne__,
    ">": float.__gt__,
    ">=": float.__ge__,
    "<": float.__lt__,
    "<=": float.__le__,
}


def _names(request: Request, name: str, table: str) -> tuple[str, ...]:
    """Column names of a parameter; those the table does not have are passed over."""
    given = request.query_params.get(name, "").split(",")
    return tuple(each.strip() for each in given if column(table, each.strip()) is not None)


def _wanted(request: Request, table: str) -> Wanted:
    return Wanted(
        count=flag(request, "sysparm_count"),
        fields={each: _names(request, f"sysparm_{each}_fields", table) for each in FUNCTIONS},
        group_by=_names(request, "sysparm_group_by", table),
    )


async def stats(request: Request) -> Response:
    """An object; with `sysparm_group_by` an array of one for each group, the grouping beside its figures."""
    instance, table = instance_of(request), request.path_params["table"]
    user, held = instance.user_of(request), instance.table(table)
    roles = acl.access(table).read
    if roles != acl.ANYBODY and not user.holds(*roles):
        raise Refused(403, "Insufficient rights to query records")
    wanted = _wanted(request, table)
    found = [
        record
        for record in select(instance, user, table, request.query_params.get("sysparm_query", ""))
        if acl.may_read(instance, user, instance.class_of(held.name, record["sys_id"]), record)
    ]
    paths = {*wanted.group_by, *(name for names in wanted.fields.values() for name in names)}
    rows = [_row(request, table, record, paths) for record in found]
    groups = aggregate(rows, wanted)
    if not wanted.group_by:
        return result({"stats": groups[0].stats(wanted)})
    samples = {tuple(row[name] for name in wanted.group_by): record for row, record in zip(rows, found, strict=True)}
    chosen = _ordered(request, [group for group in groups if _having(request, group)], wanted)
    return result(
        [
            {
                "stats": group.stats(wanted),
                "groupby_fields": _grouping(request, table, samples[group.key], wanted, group),
            }
            for group in chosen
        ]
    )


def _row(request: Request, table: str, record: Record, paths: set[str]) -> Record:
    reached = {path: reach(instance_of(request), table, record, path) for path in paths}
    return {path: each.value if each else "" for path, each in reached.items()}


def _grouping(request: Request, table: str, sample: Record, wanted: Wanted, group: Group) -> list[dict[str, str]]:
    instance = instance_of(request)
    view = View(instance, instance.user_of(request), "")
    mode = request.query_params.get("sysparm_display_value", "false")
    shown = []
    for name, value in zip(wanted.group_by, group.key, strict=True):
        display = view.display_value(table, sample, name)
        entry = {"field": name, "value": display if mode == "true" else value}
        shown.append(entry | {"display_value": display} if mode == "all" else entry)
    return shown


def _having(request: Request, group: Group) -> bool:
    """`count^priority^>^3`, several separated by commas; what cannot be read is passed over."""
    for text in filter(None, request.query_params.get("sysparm_having", "").split(",")):
        parts = text.split("^")
        if len(parts) != 4 or parts[2] not in _COMPARE or not parts[3].replace(".", "", 1).isdecimal():
            continue
        if not _COMPARE[parts[2]](group.number(parts[0].lower(), parts[1]), float(parts[3])):
            return False
    return True


def _ordered(request: Request, groups: list[Group], wanted: Wanted) -> list[Group]:
    """`COUNT^DESC`, `AVG^state`, or a column grouped by."""
    for text in reversed(request.query_params.get("sysparm_order_by", "").split(",")):
        parts = text.split("^")
        descending, name = parts[-1] == "DESC", parts[0]
        if name.upper() == "COUNT":
            groups = sorted(groups, key=lambda group: group.size, reverse=descending)
        elif name.lower() in FUNCTIONS and len(parts) > 1:
            function, of = name.lower(), parts[1]
            groups = sorted(groups, key=lambda group, f=function, n=of: group.number(f, n), reverse=descending)  # type: ignore[misc]  # bound now
        elif name in wanted.group_by:
            place = wanted.group_by.index(name)
            groups = sorted(groups, key=lambda group, at=place: group.key[at], reverse=descending)  # type: ignore[misc]  # the same
    return groups


def _routes(base: str) -> list[Route]:
    return [guarded(f"{base}/{{table}}", stats)]


routes = [route for base in BASES for route in _routes(base)]
