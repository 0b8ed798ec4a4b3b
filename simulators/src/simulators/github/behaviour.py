"""What differs between GitHub's editions and days, and who may come in; times in seconds of the simulator's clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

APP_ID = 4711
CLIENT_ID = "Iv1.nordhaven"
APP_SLUG = "nordhaven-platform"
INSTALLATION_ID = 9001
PAT_OWNER = "nordhaven-ci"
PAT = "ghp_demo" + "mcpplatform".rjust(32, "0")

Level = Literal["read", "write", "admin"]
LEVELS: tuple[Level, ...] = ("read", "write", "admin")

APP_PERMISSIONS: Mapping[str, Level] = {
    "actions": "write",
    "administration": "read",
    "checks": "read",
    "contents": "write",
    "issues": "write",
    "members": "read",
    "metadata": "read",
    "pull_requests": "write",
    "secret_scanning_alerts": "read",
    "security_events": "read",
    "statuses": "write",
    "vulnerability_alerts": "read",
    "workflows": "write",
}
"""What the organisation granted the App; a token may have less of it, never more."""


def user_token(account: str) -> str:
    """The token with which the App acts for somebody of the company."""
    return "ghu_demo" + account.rjust(32, "0")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Every field has github.com's own value where there is one."""

    app_public_key: str = ""
    """PEM; without it no JWT of the App is believed."""
    app_permissions: Mapping[str, Level] = field(default_factory=lambda: APP_PERMISSIONS)
    installation_selection: Literal["all", "selected"] = "selected"
    installation_repositories: tuple[str, ...] = ("network-config", "network-docs", "netlab-tools")
    """Of the organisation, when selected; the App does not see any other that is private."""
    token_lifetime: float = 3600.0
    clock_skew: float = 60.0
    core_limit: int = 5000
    search_limit: int = 30
    code_search_limit: int = 10
    anonymous_limit: int = 60
    limited_status: Literal[403, 429] = 403
    """How an exhausted primary limit is answered; GitHub does both."""
    points_per_minute: int = 900
    creations_per_minute: int = 80
    mergeable_seconds: float = 0.5
    """How long GitHub thinks about whether a pull request can be merged; null until then."""
    run_seconds: float = 4.0
    """How long a workflow run takes, half of it queued."""
    log_link_seconds: float = 60.0
    search_incomplete: bool = False
    """Searches run out of time and say so."""
    enterprise_version: str = ""
    """`3.19.0` makes it a GitHub Enterprise Server: the header says so and limits are off."""
