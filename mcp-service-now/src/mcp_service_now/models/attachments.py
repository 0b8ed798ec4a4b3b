"""Files on records."""

from pydantic import BaseModel, Field

from mcp_common.tools import Page
from mcp_common.untrusted import TextRange
from mcp_service_now.models.shared import Answered, Code, Key, Label, Moment, Whole


class Attachment(Answered):
    """A file on a record."""

    id: Key = Field(validation_alias="sys_id")
    name: Label = Field(default=None, validation_alias="file_name")
    type: Label = Field(default=None, validation_alias="content_type")
    size: Whole = Field(default=None, validation_alias="size_bytes", description="In bytes")
    by: Label = Field(default=None, validation_alias="sys_created_by")
    at: Moment = Field(default=None, validation_alias="sys_created_on")


class AttachmentRecord(Attachment):
    """A file, and what it hangs on."""

    table: Code = Field(default=None, validation_alias="table_name")
    record: Code = Field(default=None, validation_alias="table_sys_id")


class AttachmentPage(Page):
    """The files on a record, newest first."""

    attachments: list[Attachment]


class AttachmentText(Attachment):
    """A part of a text file. Device secrets in it are masked."""

    text: TextRange


class Attached(BaseModel):
    """A file that was attached, as it was read back."""

    attachment: Attachment
    landed: bool = Field(description="True when ServiceNow shows it with its whole size")
    masked: int | None = Field(default=None, description="How many device secrets were masked before it was sent")
