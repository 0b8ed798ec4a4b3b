"""Lockdown for what is named by commit: a fork's commits can be asked for in the repository it was forked from.

Branches and tags belong to people who can push. A commit does when it is on the default branch, or in a pull request
that one of them opened from the repository itself.
"""

import re

from pydantic import AliasPath, BaseModel, Field

from mcp_common.errors import Denied
from mcp_github.arguments import owner_and_name
from mcp_github.calls.authors import authors, writers
from mcp_github.client import REPOS, GitHubClient
from mcp_github.models.shared import Answered, Login

_PULL = re.compile(r"(refs/)?pull/", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{4,40}", re.IGNORECASE)
_KEEP = 300.0
_ON_IT = frozenset({"behind", "identical"})
_REFUSED = (
    "Lockdown: this commit is neither on the default branch nor in a pull request by somebody who can push, so what is "
    "in it is not shown. Name the branch it is on."
)


class _Pull(Answered):
    author: Login = Field(default=None, validation_alias="user")
    source: str | None = Field(default=None, validation_alias=AliasPath("head", "repo", "full_name"))


class _Compared(BaseModel):
    status: str


class _Sha(BaseModel):
    sha: str


async def check_refs(github: GitHubClient, repository: str, *refs: str | None) -> None:
    """Under lockdown, let nobody read by a sha, or by the number of a pull request, what strangers committed.

    Raises:
        Denied: saying what to name instead.

    """
    if not await github.lockdown():
        return
    for ref in refs:
        if ref is not None and _PULL.match(ref):
            raise Denied(_REFUSED)
        if ref is not None and _COMMIT.fullmatch(ref) and not await _is_own(github, repository, ref):
            raise Denied(_REFUSED)


async def _is_own(github: GitHubClient, repository: str, ref: str) -> bool:
    where = (REPOS, *owner_and_name(repository))
    sha = (await github.get(_Sha, *where, "commits", ref, missing=_REFUSED, keep=_KEEP)).sha
    pulls = await github.get(list[_Pull], *where, "commits", sha, "pulls", keep=_KEEP)
    wrote = [writers(repository, pull.author, pull.source) for pull in pulls]
    whose = await authors(github, repository, [login for logins in wrote for login in logins])
    if any(whose.shows(*logins) for logins in wrote):
        return True
    compared = await github.get(
        _Compared, *where, "compare", f"HEAD...{sha}", query={"per_page": 1}, missing=_REFUSED, keep=_KEEP
    )
    return compared.status in _ON_IT
