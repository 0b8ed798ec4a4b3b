"""What differs between controllers, releases and days; every field has the default of release 2.3.7.9."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

USERNAME = "mcp-platform"
PASSWORD = "mcp-platform-demo"  # noqa: S105  # of a simulator that holds nothing


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests per minute and token; beyond it 429, with or without `Retry-After`."""

    per_minute: int
    retry_after: bool = True


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Times in seconds of the simulator's clock."""

    accounts: Mapping[str, str] = field(default_factory=lambda: {USERNAME: PASSWORD})
    release: str = "2.3.7.9-70301"
    token_lifetime: float = 3600.0
    page_limit: int = 500
    rate_limit: RateLimit | None = None
    task_seconds: float = 0.5
    """How long a task takes before it has an end."""
    issue_seconds: float = 0.4
    """How long a resolved or ignored issue is still shown as it was."""
    appears_after: float = 0.3
    """How long a deployment id answers 404 after it was named."""
    init_seconds: float = 0.6
    push_seconds: float = 1.0
    """How long one reachable device takes; devices are configured at the same time, five at once."""
    connect_timeout: float = 2.0
    """How long until an unreachable device is given up."""
    command_seconds: float = 0.3
    """How long a device takes for one command of the command runner."""
    slow_command_seconds: float = 20.0
    """The same for a command that prints very much."""
    collection_seconds: float = 3.0
    """How long a device is collected that was asked for."""
    compliance_seconds: float = 2.0
    """How long a compliance check of any number of devices takes."""
    trace_seconds: float = 1.5
    """How long a path trace is in progress."""
    masked_download: Literal["text", "zip"] = "text"
    """Whether an archived configuration comes as it is or in a zip."""
    spelling: Literal["Deployemnt", "Deployment"] = "Deployemnt"
    """Both occur in the field, in the text that names a deployment."""
    failure_reason_in_progress: bool = True
    """Release 2.3.7.9 ends the progress of a deployment task with ` | failureReason: `."""
