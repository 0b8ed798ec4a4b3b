"""What tests about pull requests begin with: somebody's branch, their pull request, and a check that has passed."""

from typing import Any

from mcp_common.testing.plugin import Connect
from simulators.github.hub import Hub
from simulators.github.repository import Repository, Status
from tests.mcp_github.calling import answer, content, error_of

REPO = "nordhaven/network-config"
TEMPLATE = "templates/switching/uplink-storm-control.j2"


async def by(connect: Connect, account: str, tool: str, **arguments: Any) -> Any:
    """One call by somebody in the group of developers, whatever their account."""
    async with connect("developers", subject=account, preferred_username=account) as client:
        return await client.call_tool(tool, arguments, raise_on_error=False)


async def said_to(connect: Connect, account: str, tool: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that must go well."""
    return content(await by(connect, account, tool, **arguments))


async def refused_to(connect: Connect, account: str, tool: str, **arguments: Any) -> dict[str, Any]:
    """The error of a call that must not."""
    return error_of(await by(connect, account, tool, **arguments))


def config_of(hub: Hub) -> Repository:
    """The configuration repository."""
    return hub.repositories[REPO]


async def proposed(connect: Connect, account: str = "developer", branch: str = "raise-it", **more: Any) -> int:
    """The number of a pull request that puts the threshold right, made by `account` through the tools."""
    await said_to(connect, account, "create_branch", repository=REPO, branch=branch)
    file = await said_to(connect, account, "get_file", repository=REPO, path=TEMPLATE)
    text = file["text"]["text"].replace("level 0.10", "level 1.00")
    await said_to(
        connect,
        account,
        "commit_files",
        repository=REPO,
        branch=branch,
        message="Raise the threshold",
        files=[{"path": TEMPLATE, "text": text}],
    )
    made = await said_to(
        connect, account, "create_pull_request", repository=REPO, title="Raise the threshold", head=branch, **more
    )
    number: int = made["pull_request"]["number"]
    return number


async def head_of(connect: Connect, number: int, account: str = "developer") -> str:
    """The head commit, as the tool shows it."""
    sha: str = (await said_to(connect, account, "get_pull_request", repository=REPO, number=number))["head_sha"]
    return sha


def passed(hub: Hub, sha: str, context: str = "validate", state: str = "success") -> None:
    """Let a check have an outcome at a commit, newer than any there is."""
    repository = config_of(hub)
    status = Status(hub.new_id(), sha, state, context, None, None, hub.accounts["nordhaven-ci"], hub.clock())
    repository.statuses.append(status)


__all__ = ["REPO", "TEMPLATE", "answer", "by", "config_of", "head_of", "passed", "proposed", "refused_to", "said_to"]
