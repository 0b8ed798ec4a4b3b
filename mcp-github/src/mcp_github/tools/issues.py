"""Tools about issues."""

from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_common.fields import described, select
from mcp_common.tools import Caller, Upstream, tool
from mcp_github.arguments import Cursor, Fields, Label, Limit, Line, Number, Prose, Repository, User, unlisted
from mcp_github.calls import issues
from mcp_github.client import GitHubClient
from mcp_github.models.issues import CommentAdded, IssueDetail, IssuePage, IssueWritten

GitHub = Annotated[GitHubClient, Upstream]

_SHOWN = ("number", "title", "state", "author", "labels", "comments", "updated")
_SHOWN_WRITTEN = ("number", "title", "state", "state_reason", "labels", "assignees", "url")

_Labels = Annotated[
    list[Annotated[Label, Field(json_schema_extra=unlisted)]], described("Names", min_length=1, max_length=20)
]
_AllLabels = Annotated[
    list[Annotated[Label, Field(json_schema_extra=unlisted)]], described("All of them", max_length=20)
]
_Users = Annotated[list[Annotated[User, Field(json_schema_extra=unlisted)]], described("Users", max_length=10)]
_Newest = Annotated[int, described("How many", ge=0, le=issues.MOST_COMMENTS)]


@tool("github/issue:read", toolset="issues", upstream="GET issues")
async def list_issues(
    github: GitHub,
    repository: Repository,
    state: Literal["open", "closed", "all"] = "open",
    labels: _Labels | None = None,
    assignee: User | None = None,
    fields: Fields = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> IssuePage:
    """List issues, last updated first."""
    query = {
        "state": state,
        "labels": ",".join(labels) if labels else None,
        "assignee": assignee,
    }
    found = await issues.list_page(github, repository, query, limit=limit, cursor=cursor)
    page, whose = found.page, found.authors
    shown = [
        select(
            one.model_copy(update={"title": whose.text(one.author, one.title)}),
            fields,
            default=_SHOWN,
            always=("number",),
        )
        for one in page.items
    ]
    return IssuePage(issues=shown, more=page.more, next_cursor=page.next_cursor, note=whose.note)


@tool("github/issue:read", toolset="issues", upstream="GET issues/{number}, issues/{number}/comments")
async def get_issue(
    github: GitHub, repository: Repository, number: Number, comments: _Newest = 10, cursor: Cursor = None
) -> IssueDetail:
    """Show an issue, or a pull request's discussion."""
    return await issues.in_detail(github, repository, number, comments, cursor)


@tool("github/issue:write", toolset="issue_editing", upstream="POST issues; GET issues/{number}")
async def create_issue(
    github: GitHub,
    caller: Caller,
    repository: Repository,
    title: Line,
    body: Prose | None = None,
    labels: _Labels | None = None,
    assignees: _Users | None = None,
) -> IssueWritten:
    """Open an issue; first look whether there is one."""
    made = await issues.create(github, caller, repository, title=title, body=body, labels=labels, assignees=assignees)
    return _shown(made)


@tool("github/issue:write", toolset="issue_editing", upstream="PATCH issues/{number}; GET issues/{number}")
async def update_issue(
    github: GitHub,
    repository: Repository,
    number: Number,
    title: Line | None = None,
    body: Prose | None = None,
    state: Literal["open", "closed"] | None = None,
    reason: Annotated[Literal["completed", "not_planned"], Field(description="For closed")] | None = None,
    labels: _AllLabels | None = None,
    assignees: _Users | None = None,
) -> IssueWritten:
    """Change an issue, close it or open it again."""
    asked: dict[str, Any] = {
        "title": title,
        "body": body,
        "state": state,
        "state_reason": reason if state == "closed" else None,
        "labels": labels,
        "assignees": assignees,
    }
    wanted = {name: value for name, value in asked.items() if value is not None}
    return _shown(await issues.update(github, repository, number, wanted))


@tool("github/issue:write", toolset="issues", upstream="POST issues/{number}/comments; GET issues/{number}/comments")
async def add_issue_comment(
    github: GitHub, caller: Caller, repository: Repository, number: Number, body: Prose
) -> CommentAdded:
    """Comment on an issue or pull request."""
    return await issues.add_comment(github, caller, repository, number, body)


def _shown(written: IssueWritten) -> IssueWritten:
    short = select(written.issue, None, default=_SHOWN_WRITTEN, always=("number",))
    return written.model_copy(update={"issue": short})
