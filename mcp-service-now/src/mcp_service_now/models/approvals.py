"""Approvals."""

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_service_now.models.shared import Answered, Choice, Chosen, Key, Label, Moment, Passage, Referred


class Approval(Answered):
    """What somebody was asked to decide, and what they said."""

    id: Key = Field(validation_alias="sys_id")
    approver: Referred = None
    state: Chosen = None
    comments: Passage = None
    asked: Moment = Field(default=None, validation_alias="sys_created_on")
    updated: Moment = Field(default=None, validation_alias="sys_updated_on")


class PendingApproval(Answered):
    """A change that waits for the caller's decision."""

    id: Key = Field(validation_alias="sys_id")
    change: Referred = Field(default=None, validation_alias="sysapproval")
    short_description: Label = Field(default=None, validation_alias="sysapproval.short_description")
    asked: Moment = Field(default=None, validation_alias="sys_created_on")


class PendingApprovals(Page):
    """What waits for the caller's decision, the oldest first."""

    approvals: list[PendingApproval]


class Decided(BaseModel):
    """A decision, as it was read back."""

    number: str
    decision: str
    landed: bool = Field(description="True when ServiceNow shows the decision as the caller's")
    state: Choice | None = Field(default=None, description="The change's state afterwards")
    approval: Choice | None = Field(default=None, description="The change's approval afterwards")
