"""Issues, as the tools return them."""

from typing import Literal

from pydantic import BaseModel, Field

from mcp_catalyst_center.models.shared import Answered, Count, Moment
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput


class Issue(Answered):
    """Something assurance complains about."""

    id: str = Field(validation_alias="issueId")
    name: Untrusted | None = Field(default=None, description="Kind of issue (untrusted text)")
    summary: UntrustedOutput | None = None
    description: UntrustedOutput | None = None
    priority: Untrusted | None = None
    severity: Untrusted | None = None
    status: Untrusted | None = None
    category: Untrusted | None = None
    device_type: Untrusted | None = Field(default=None, validation_alias="deviceType")
    entity_type: Untrusted | None = Field(default=None, validation_alias="entityType")
    entity_id: Untrusted | None = Field(
        default=None, validation_alias="entityId", description="Device id, or MAC of an AP (untrusted text)"
    )
    site: Untrusted | None = Field(default=None, validation_alias="siteHierarchy")
    site_id: Untrusted | None = Field(default=None, validation_alias="siteId")
    first_occurred: Moment = Field(default=None, validation_alias="firstOccurredTime")
    last_occurred: Moment = Field(default=None, validation_alias="mostRecentOccurredTime")
    updated_by: Untrusted | None = Field(default=None, validation_alias="updatedBy")
    updated: Moment = Field(default=None, validation_alias="updatedTime")
    notes: UntrustedOutput | None = None


class IssuePage(Page):
    """Some of the issues, newest first."""

    issues: list[Issue]


class SuggestedCommand(Answered):
    """A command that helps to look into an issue."""

    command: Untrusted | None = None
    shows: Untrusted | None = Field(default=None, validation_alias="description")


class SuggestedAction(Answered):
    """What Catalyst Center suggests to do."""

    message: UntrustedOutput | None = None
    commands: list[SuggestedCommand] | None = Field(default=None, validation_alias="steps")


class ImpactedHost(Answered):
    """A client that suffers from an issue."""

    name: Untrusted | None = Field(default=None, validation_alias="hostName")
    mac: Untrusted | None = Field(default=None, validation_alias="macAddress")
    type: Untrusted | None = Field(default=None, validation_alias="hostType")
    os: Untrusted | None = Field(default=None, validation_alias="hostOs")
    port: Untrusted | None = Field(default=None, validation_alias="connectedInterface")
    ssid: Untrusted | None = None
    failed_attempts: Count = Field(default=None, validation_alias="failedAttempts")


class IssueDetail(Issue):
    """An issue with what Catalyst Center suggests to do, and who suffers from it."""

    actions: list[SuggestedAction] | None = Field(default=None, validation_alias="suggestedActions")
    impacted_hosts: list[ImpactedHost] | None = Field(default=None, description="At most 25; absent if not known")
    impacted_hosts_total: int | None = None


class IssueResult(BaseModel):
    """What became of one issue."""

    id: str
    result: Literal["done", "accepted", "refused", "unknown"] = Field(
        description="done: read back so; accepted: taken, but not shown yet; refused: not taken; unknown: not mentioned"
    )
    status: Untrusted | None = Field(
        default=None, description="As read back (untrusted text); absent when it could not be read"
    )


class IssueChange(BaseModel):
    """What became of each issue."""

    done: int
    issues: list[IssueResult]
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")
