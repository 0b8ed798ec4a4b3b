"""What changed on devices between two looks."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from mcp_common.untrusted import TextRange, Untrusted, UntrustedOutput

Verdict = Literal["same", "changed", "not_comparable"]


class CommandChange(BaseModel):
    """One command on one device, before and after."""

    device: Untrusted
    command: Untrusted
    verdict: Verdict
    added: int | None = Field(default=None, description="Lines that are new")
    removed: int | None = Field(default=None, description="Lines that are gone")
    diff: TextRange | None = Field(default=None, description="Unified diff, secrets masked")
    records: list[dict[str, Any]] | None = Field(
        default=None,
        description="What changed by record (untrusted); empty: only counters and times. Null: no parser knows it",
    )
    records_left_out: int | None = Field(default=None, description="How many more such changes there are")
    message: UntrustedOutput | None = Field(default=None, description="Why it cannot be compared (untrusted)")


class StateComparison(BaseModel):
    """Two runs of the same commands, compared."""

    before: str
    after: str = Field(description="run_id of the later run")
    before_at: datetime
    after_at: datetime
    changed: int = Field(description="How many outputs changed")
    same: int
    not_comparable: int
    changes: list[CommandChange] = Field(description="Those that changed or cannot be compared")
