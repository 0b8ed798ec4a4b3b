"""What a device's own API answered."""

from pydantic import BaseModel, Field

from mcp_common.untrusted import TextRange, Untrusted


class HttpRead(BaseModel):
    """An answer of the device's own API."""

    device: Untrusted
    status: int = Field(description="HTTP status")
    content_type: Untrusted | None = None
    body: TextRange
