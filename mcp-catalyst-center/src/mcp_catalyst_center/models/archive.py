"""Archived configurations, without their secrets."""

from pydantic import BaseModel, Field

from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_common.tools import Page
from mcp_common.untrusted import TextRange, Untrusted


class ArchivedConfig(Answered):
    """A file of the configuration archive."""

    id: str
    device_id: str | None = Field(default=None, validation_alias="networkDeviceId")
    version_id: str | None = Field(default=None, validation_alias="versionId", description="Files archived together")
    type: Untrusted | None = Field(default=None, validation_alias="fileType")
    created: Moment = Field(default=None, validation_alias="createdTime")
    created_by: Untrusted | None = Field(
        default=None, validation_alias="createdBy", description="CONFIG_CHANGE_EVENT: after a change on the device"
    )


class ArchivePage(Page):
    """Some of the archived configurations, newest first."""

    configs: list[ArchivedConfig]


class ArchivedText(ArchivedConfig):
    """An archived configuration with a part of its text."""

    content: TextRange


class ConfigComparison(BaseModel):
    """What changed from one archived configuration to another."""

    before: ArchivedConfig
    after: ArchivedConfig
    same: bool
    added: int
    removed: int
    diff: TextRange = Field(description="Unified diff; a line of which only the secret changed shows as changed")
