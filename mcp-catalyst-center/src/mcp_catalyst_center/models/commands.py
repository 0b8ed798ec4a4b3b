"""What devices answered to commands."""

from typing import Literal

from pydantic import BaseModel, Field

from mcp_common.untrusted import TextRange, Untrusted, UntrustedOutput

RunStatus = Literal["finished", "failed", "in_progress"]
CommandStatus = Literal["succeeded", "failed", "blocked"]


class AllowedCommands(BaseModel):
    """What run_commands takes."""

    first_words: list[Untrusted] = Field(description="What a command may begin with")
    filters: list[str] = Field(description="What may follow a |")
    commands_per_run: int
    devices_per_run: int


class CommandOutput(BaseModel):
    """What one device printed for one command."""

    device_id: str
    command: Untrusted
    status: CommandStatus
    output: TextRange | None = None


class CommandRun(BaseModel):
    """A run of commands on devices, as far as it is known."""

    status: RunStatus
    task_id: str = Field(description="For get_command_output")
    results: list[CommandOutput] = []
    message: UntrustedOutput | None = Field(default=None, description="What Catalyst Center said (untrusted)")
    next_step: str | None = Field(default=None, description="What to do now, where something is left to do")
