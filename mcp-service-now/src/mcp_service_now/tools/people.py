"""Tools about people and groups."""

from typing import Annotated

from pydantic import Field

from mcp_common.fields import Cursor, Limit
from mcp_common.tools import Upstream, tool
from mcp_service_now.arguments import Words
from mcp_service_now.calls.people import find_people, find_teams
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.people import GroupPage, UserPage

ServiceNow = Annotated[ServiceNowClient, Upstream]


@tool("servicenow/user:read", toolset="people", upstream="GET table/sys_user")
async def find_users(
    servicenow: ServiceNow,
    text: Annotated[Words, Field(description="Part of name or user name, or an e-mail address")],
    limit: Limit = 10,
    cursor: Cursor = None,
) -> UserPage:
    """Find people."""
    found = await find_people(servicenow, text, limit=limit, cursor=cursor)
    return UserPage(users=list(found.items), more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("servicenow/user:read", toolset="people", upstream="GET table/sys_user_group, sys_user_grmember")
async def find_groups(
    servicenow: ServiceNow,
    text: Annotated[Words, Field(description="Part of the name")] | None = None,
    members: Annotated[bool, Field(description="With up to 25 members")] = False,
    limit: Annotated[Limit, Field(le=25)] = 10,
    cursor: Cursor = None,
) -> GroupPage:
    """Find groups that work is assigned to."""
    found = await find_teams(servicenow, text, members=members, limit=limit, cursor=cursor)
    return GroupPage(groups=list(found.items), more=found.more, next_cursor=found.next_cursor, total=found.total)
