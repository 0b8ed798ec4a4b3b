"""In whose name something is written."""

from mcp_common.principal import Principal
from mcp_common.untrusted import one_line
from mcp_github.client import GitHubClient


async def signed(github: GitHubClient, caller: Principal, text: str) -> str:
    """The text with who asked for it below, where the platform's own account writes it."""
    if await github.acting_as() is not None:
        return text
    name = str(one_line(caller.username or caller.subject))
    return f"{text.rstrip()}\n\nRequested-by: {name} via the platform"
