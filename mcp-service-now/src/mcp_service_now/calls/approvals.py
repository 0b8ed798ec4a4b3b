"""Approvals: given in the caller's own name, and never by whoever asked for the change."""

from typing import Literal

from mcp_common.errors import Conflict, Denied, Unavailable
from mcp_common.paging import Slice
from mcp_common.principal import Principal
from mcp_service_now.calls import change_api
from mcp_service_now.calls.authorship import check_apart
from mcp_service_now.calls.people import person_of
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.table import find, page, read
from mcp_service_now.calls.tasks import by_key
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.login import SECRET_PATH
from mcp_service_now.models.approvals import Approval, Decided, PendingApproval
from mcp_service_now.models.changes import Change
from mcp_service_now.models.people import User

TABLE = "sysapproval_approver"

_ASKED = "requested"


async def approvals_of(servicenow: ServiceNowClient, change_id: str, *, most: int) -> list[Approval]:
    """Who was asked about a change and what they said, the newest first."""
    query = Query().where("sysapproval", "=", change_id).order_by("sys_created_on", descending=True).order_by("sys_id")
    return (await find(servicenow, TABLE, Approval, query, limit=most)).items


async def pending(
    servicenow: ServiceNowClient, caller: Principal, *, limit: int, cursor: str | None
) -> Slice[PendingApproval]:
    """Changes that wait for the caller's decision, the oldest first."""
    person = await _known(servicenow, caller)
    query = (
        Query()
        .where("approver", "=", person.id)
        .where("state", "=", _ASKED)
        .where("source_table", "=", "change_request")
        .order_by("sys_created_on")
        .order_by("sys_id")
    )
    return await page(servicenow, TABLE, PendingApproval, query, limit=limit, cursor=cursor)


async def decide(
    servicenow: ServiceNowClient,
    caller: Principal,
    key: str,
    decision: Literal["approved", "rejected"],
    comments: str | None,
) -> Decided:
    """Approve or reject a change as the caller, once, and read it back.

    Raises:
        Denied: the caller asked for the change, or is nobody in ServiceNow.
        Conflict: the change does not wait for the caller.
        Unavailable: calls run in the service account's name, which can decide for nobody.

    """
    if await servicenow.acting_as() is None:
        raise Unavailable(
            "Approvals are given in the approver's own name, and this server calls ServiceNow as a service account. "
            f"An operator adds jwt_private_key and jwt_kid to {SECRET_PATH} in the secret store."
        )
    person = await _known(servicenow, caller)
    change = await by_key(servicenow, "change_request", Change, key)
    await check_apart(servicenow, change, person, caller)
    mine = await _waiting(servicenow, change, person)
    values = {"state": decision} | ({"comments": comments} if comments else {})
    find_out = "get_change shows its approvals."
    await change_api.patch(servicenow, change.id, "approvals", values=values, find_out=find_out)
    row = await read(servicenow, TABLE, Approval, mine.id)
    after = await by_key(servicenow, "change_request", Change, change.id)
    return Decided(
        number=change.number or change.id,
        decision=decision,
        landed=row.state is not None and row.state.value == decision,
        state=after.state,
        approval=after.approval,
    )


async def _known(servicenow: ServiceNowClient, caller: Principal) -> User:
    person = await person_of(servicenow, caller)
    if person is None:
        raise Denied("ServiceNow has no active user of your name, so nothing can wait for your decision there.")
    return person


async def _waiting(servicenow: ServiceNowClient, change: Change, person: User) -> Approval:
    query = Query().where("sysapproval", "=", change.id).where("approver", "=", person.id).where("state", "=", _ASKED)
    found = (await find(servicenow, TABLE, Approval, query, limit=1)).items
    if not found:
        raise Conflict(f"{change.number} does not wait for your decision. list_my_approvals shows what does.")
    return found[0]
