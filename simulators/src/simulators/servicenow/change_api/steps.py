"""Where a change can go, who has approved it, how risky it is."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.answers import bad_request, json_object, result
from simulators.servicenow.change.engine import cis_of, situation
from simulators.servicenow.change.models import model_of
from simulators.servicenow.change.moves import describe
from simulators.servicenow.change.risk import assess
from simulators.servicenow.change.rounds import OPEN, rows_of
from simulators.servicenow.change_api.shared import READ, WRITE, answered, change_of, serving
from simulators.servicenow.instance import instance_of
from simulators.servicenow.users import SYSTEM

APPROVER = ("sn_change_read", "approver_user", "sn_change_write")


async def next_states(request: Request) -> Response:
    """Every state the change's model leads to from here, with the conditions of each way."""
    change = change_of(request)
    return result(describe(model_of(change), situation(instance_of(request), change)))


async def decide(request: Request) -> Response:
    """Approve or reject in the caller's own name. Nobody can do it for somebody else."""
    instance, change = instance_of(request), change_of(request)
    user, body = instance.user_of(request), await json_object(request)
    state, comments = str(body.get("state") or ""), str(body.get("comments") or "")
    if state not in ("approved", "rejected"):
        raise bad_request("Invalid approval state", "state is approved or rejected")
    if state == "rejected" and not comments.strip():
        raise bad_request("Comments are required", "comments are required when the change is rejected")
    mine = [row for row in rows_of(instance, change["sys_id"]) if row["approver"] == user.sys_id]
    waiting = next((row for row in mine if row["state"] == OPEN), None)
    if waiting is None:
        raise bad_request("Approval not found", f"{user.user_name} has no pending approval for {change['number']}")
    instance.update("sysapproval_approver", waiting["sys_id"], {"state": state, "comments": comments}, user)
    return answered(request, "change_request", change_of(request))


async def evaluate_risk(request: Request) -> Response:
    """Risk and impact by the risk conditions."""
    instance, change = instance_of(request), change_of(request)
    held = instance.tables["cmdb_ci"]
    decided = assess(change, [held[ci] for ci in cis_of(instance, change) if ci in held])
    values = {"risk": decided.risk, "impact": decided.impact}
    return answered(request, "change_request", instance.update("change_request", change["sys_id"], values, SYSTEM))


routes = [
    *serving("/{id}/nextstates", next_states, roles=READ),
    *serving("/{id}/approvals", decide, "PATCH", APPROVER),
    *serving("/standard/{id}/risk", evaluate_risk, "PATCH", WRITE),
    *serving("/{id}/risk", evaluate_risk, "PATCH", WRITE),
]
