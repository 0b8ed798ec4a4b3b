"""Tools about what GitHub's scanners found. A secret that was found is never shown."""

from typing import Annotated, Literal

from mcp_common.fields import select
from mcp_common.tools import Upstream, tool
from mcp_github.arguments import Branch, Cursor, Fields, Limit, Repository
from mcp_github.calls import alerts
from mcp_github.client import GitHubClient
from mcp_github.models.alerts import (
    CodeScanningAlert,
    CodeScanningPage,
    DependabotAlert,
    DependabotPage,
    SecretAlert,
    SecretPage,
)

GitHub = Annotated[GitHubClient, Upstream]

_CODE = ("state", "severity", "level", "rule", "description", "path", "line", "created")
_DEPENDENCY = ("state", "severity", "package", "manifest", "summary", "vulnerable", "fixed_in", "created")
_SECRET = ("state", "type", "validity", "resolution", "publicly_leaked", "created", "url")
_NUMBER = ("number",)

_Severity = Literal["low", "medium", "high", "critical"]


@tool("github/alert:read", toolset="security", upstream="GET code-scanning/alerts")
async def list_code_scanning_alerts(
    github: GitHub,
    repository: Repository,
    state: Literal["open", "dismissed", "fixed"] = "open",
    severity: _Severity | None = None,
    ref: Branch | None = None,
    fields: Fields = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> CodeScanningPage:
    """List flaws that scanners found in the code, newest first."""
    query = {"state": state, "severity": severity, "ref": None if ref is None else f"refs/heads/{ref}"}
    found = await alerts.list_page(
        github, repository, "code-scanning", CodeScanningAlert, query, limit=limit, cursor=cursor
    )
    shown = [select(one, fields, default=_CODE, always=_NUMBER) for one in found.items]
    return CodeScanningPage(alerts=shown, more=found.more, next_cursor=found.next_cursor)


@tool("github/alert:read", toolset="security", upstream="GET dependabot/alerts")
async def list_dependabot_alerts(
    github: GitHub,
    repository: Repository,
    state: Literal["open", "fixed", "dismissed", "auto_dismissed"] = "open",
    severity: _Severity | None = None,
    fields: Fields = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> DependabotPage:
    """List dependencies with known vulnerabilities, newest first."""
    query: dict[str, str | None] = {"state": state, "severity": severity}
    found = await alerts.list_page(github, repository, "dependabot", DependabotAlert, query, limit=limit, cursor=cursor)
    shown = [select(one, fields, default=_DEPENDENCY, always=_NUMBER) for one in found.items]
    return DependabotPage(alerts=shown, more=found.more, next_cursor=found.next_cursor)


@tool("github/alert:read", toolset="security", upstream="GET secret-scanning/alerts?hide_secret=true")
async def list_secret_scanning_alerts(
    github: GitHub,
    repository: Repository,
    state: Literal["open", "resolved"] = "open",
    fields: Fields = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> SecretPage:
    """List secrets that lie in the repository, by their kind; the secrets themselves are never shown."""
    found = await alerts.list_page(
        github, repository, "secret-scanning", SecretAlert, {"state": state}, limit=limit, cursor=cursor
    )
    shown = [select(one, fields, default=_SECRET, always=_NUMBER) for one in found.items]
    return SecretPage(alerts=shown, more=found.more, next_cursor=found.next_cursor)
