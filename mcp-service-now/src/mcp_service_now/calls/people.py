"""People and groups."""

from mcp_common.errors import InvalidArguments
from mcp_common.paging import Slice
from mcp_common.principal import Principal
from mcp_common.untrusted import one_line
from mcp_service_now.calls.query import Condition, Query, checked_value
from mcp_service_now.calls.table import find, page
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.people import Group, GroupDetail, GroupMember, Member, User

MOST_MEMBERS = 25
_KEEP = 60.0


async def find_people(servicenow: ServiceNowClient, text: str, *, limit: int, cursor: str | None) -> Slice[User]:
    """Active people whose name, user name or whole e-mail address it is, in the order of their names."""
    query = Query().either(
        Condition("name", "contains", text), Condition("user_name", "contains", text), Condition("email", "=", text)
    )
    ordered = query.where("active", "=", "true").order_by("name")
    return await page(servicenow, "sys_user", User, ordered, limit=limit, cursor=cursor, private=True)


async def find_teams(
    servicenow: ServiceNowClient, text: str | None, *, members: bool, limit: int, cursor: str | None
) -> Slice[GroupDetail]:
    """Active groups with a text in their name, with up to 25 members each where asked."""
    query = Query().where("active", "=", "true").order_by("name")
    if text is not None:
        query = query.where("name", "contains", text)
    found = await page(servicenow, "sys_user_group", Group, query, limit=limit, cursor=cursor)
    groups = [GroupDetail.model_construct(**dict(group)) for group in found.items]
    if members:
        groups = [await _with_members(servicenow, group) for group in groups]
    return Slice(groups, found.more, found.next_cursor, found.total)


async def _with_members(servicenow: ServiceNowClient, group: GroupDetail) -> GroupDetail:
    query = Query().where("group", "=", group.id).where("user.active", "=", "true").order_by("user.name")
    found = await find(servicenow, "sys_user_grmember", Member, query, limit=MOST_MEMBERS + 1)
    members = [
        GroupMember(id=row.user.id, name=row.user.name, user_name=row.user_name)
        for row in found.items[:MOST_MEMBERS]
        if row.user
    ]
    return group.model_copy(update={"members": members, "more_members": len(found.items) > MOST_MEMBERS})


async def person_of(servicenow: ServiceNowClient, caller: Principal) -> User | None:
    """Who the caller is in ServiceNow: whom calls run as, else by user name; None for somebody it does not know.

    An instance may map its logins to user names or to e-mail addresses.
    """
    acting = await servicenow.acting_as()
    try:
        name = checked_value("user_name", acting or caller.username or caller.subject)
    except InvalidArguments:
        return None
    by = [Condition("user_name", "=", name)]
    if acting is not None and "@" in name:
        by.append(Condition("email", "=", name))
    query = Query().either(*by).where("active", "=", "true")
    found = (await find(servicenow, "sys_user", User, query, limit=2, keep=_KEEP, private=True)).items
    return found[0] if len(found) == 1 else None


async def signature(servicenow: ServiceNowClient, caller: Principal) -> str | None:
    """What the record must say of who is behind a write; None where ServiceNow itself names the person.

    The name is the one ServiceNow has for the account, or the account: not what people call themselves.
    """
    if await servicenow.acting_as() is not None:
        return None
    person = await person_of(servicenow, caller)
    account = str(one_line(caller.username or caller.subject))[:100]
    name = f"{person.name} ({account})" if person is not None and person.name else account
    return f"On behalf of {name.replace('[', '(').replace(']', ')')} via the platform."  # [code] would be markup
