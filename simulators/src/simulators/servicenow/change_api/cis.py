"""The CIs and services of a change; adding them is work for later."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.answers import Refused, bad_request, json_object, result
from simulators.servicenow.change.engine import cis_of
from simulators.servicenow.change.workers import Outcome
from simulators.servicenow.change_api.listing import page
from simulators.servicenow.change_api.shared import WRITE, change_of, origin, serving
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.users import SYSTEM, User

TABLES = {
    "affected": ("task_ci", "ci_item", "cmdb_ci"),
    "impacted": ("task_cmdb_ci_service", "cmdb_ci_service", "cmdb_ci_service"),
    "offering": ("task_service_offering", "service_offering", "service_offering"),
}
"""By association: the table of the rows, the column that names the CI, the class it must have."""


def _association(text: object) -> str:
    if not isinstance(text, str) or text not in TABLES:
        raise bad_request("Invalid association_type", "association_type is affected, impacted or offering")
    return text


async def listed(request: Request) -> Response:
    """The rows of one kind of association."""
    kind = _association(request.query_params.get("association_type"))
    change = change_of(request)
    return page(request, TABLES[kind][0], {"task": change["sys_id"]}, but=("association_type",))


async def add(request: Request) -> Response:
    """Names a worker that makes the rows."""
    instance, change = instance_of(request), change_of(request)
    key, user, body = change["sys_id"], instance.user_of(request), await json_object(request)
    kind, given = _association(body.get("association_type")), body.get("cmdb_ci_sys_ids")
    listed = given.split(",") if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed:
        raise bad_request("Invalid cmdb_ci_sys_ids", "cmdb_ci_sys_ids is a list of sys_ids")
    keys = list(dict.fromkeys(str(each).strip() for each in listed))
    refresh = str(body.get("refresh_impacted_services", "")).lower() == "true"

    def work() -> Outcome:
        outcome = _associate(instance, key, kind, keys, user)
        if kind == "affected" and refresh:
            _refresh(instance, key)
        return outcome

    asked: dict[str, object] = {"cmdb_ci_sys_ids": keys, "association_type": kind, "task": key}
    worker = instance.workers.start(kind, key, asked, work)
    return result(instance.workers.describe(worker, origin(request)), 202)


async def refresh_impacted(request: Request) -> Response:
    """Names a worker that lists the services which the change's CIs carry."""
    instance, change = instance_of(request), change_of(request)
    key = change["sys_id"]

    def work() -> Outcome:
        _refresh(instance, key)
        return Outcome()

    worker = instance.workers.start("impacted", key, {"task": key}, work)
    return result(instance.workers.describe(worker, origin(request)))


def _associate(instance: Instance, key: str, kind: str, keys: list[str], user: User) -> Outcome:
    table, column, of_class = TABLES[kind]
    outcome = Outcome()
    for each in keys:
        if each not in instance.tables[of_class]:
            outcome.warnings.append(f"Invalid CMDB_CI sys_id provided: {each}")
        elif instance.tables[table].find(**{"task": key, column: each}) is not None:
            outcome.infos.append(f"CMDB_CI sys_id already associated to provided: {each}")
        else:
            try:
                instance.insert(table, {"task": key, column: each}, user)
            except Refused as refused:
                outcome.errors.append(refused.detail or refused.message)
    return outcome


def _refresh(instance: Instance, key: str) -> None:
    change = instance.tables["change_request"].get(key)
    if change is None:
        return
    cis, services = cis_of(instance, change), instance.tables["cmdb_ci_service"]
    carried = {each["parent"] for each in instance.tables["cmdb_rel_ci"].records() if each["child"] in cis}
    for service in sorted(carried):
        row = {"task": key, "cmdb_ci_service": service}
        if service in services and instance.tables["task_cmdb_ci_service"].find(**row) is None:
            instance.insert("task_cmdb_ci_service", row, SYSTEM)


routes = [
    *serving("/{id}/ci", listed),
    *serving("/{id}/ci", add, "POST", WRITE),
    *serving("/{id}/refresh_impacted_services", refresh_impacted, "POST", WRITE),
]
