"""People and groups: what it takes to assign work, and no more."""

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_service_now.models.shared import Answered, Flag, Key, Label, Passage, Referred


class User(Answered):
    """Somebody ServiceNow knows. Addresses and telephone numbers are left out."""

    id: Key = Field(validation_alias="sys_id")
    user_name: Label = None
    name: Label = None
    title: Label = None
    department: Referred = None
    location: Referred = None
    manager: Referred = None
    active: Flag = None
    vip: Flag = None


class UserPage(Page):
    """Some of the people."""

    users: list[User]


class Member(Answered):
    """Somebody in a group."""

    group: Referred = None
    user: Referred = None
    user_name: Label = Field(default=None, validation_alias="user.user_name")


class Group(Answered):
    """A group that work is assigned to."""

    id: Key = Field(validation_alias="sys_id")
    name: Label = None
    description: Passage = None
    manager: Referred = None
    parent: Referred = None
    active: Flag = None


class GroupMember(BaseModel):
    """Somebody in a group."""

    id: str
    name: Label = None
    user_name: Label = None


class GroupDetail(Group):
    """A group with its first members."""

    members: list[GroupMember] | None = None
    more_members: bool | None = Field(default=None, description="True when more members exist")


class GroupPage(Page):
    """Some of the groups."""

    groups: list[GroupDetail]
