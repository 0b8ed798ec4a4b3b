"""What devices answered to commands."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from mcp_common.untrusted import TextRange, Untrusted, UntrustedOutput

CommandStatus = Literal["succeeded", "partial", "not_understood", "failed", "timed_out"]


class CommandOutput(BaseModel):
    """What one device printed for one command."""

    device: Untrusted
    command: Untrusted
    status: CommandStatus
    output: TextRange | None = None
    records: list[dict[str, Any]] | None = Field(
        default=None, description="What a parser read out of the output; untrusted text, secrets masked"
    )
    records_left_out: int | None = Field(default=None, description="How many more records there are")
    message: UntrustedOutput | None = Field(
        default=None, description="What there is to say about it, by RADKit or us (untrusted)"
    )


class CommandRun(BaseModel):
    """Commands on devices, and what came back, device by device."""

    run_id: str = Field(description="For get_command_output and compare_state, for an hour")
    at: datetime
    results: list[CommandOutput]
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")
