"""Making issues; numbers run through issues and pull requests together."""

from simulators.github.accounts import Account
from simulators.github.hub import Hub
from simulators.github.repository import Issue, Repository


def open_issue(
    hub: Hub, repository: Repository, author: Account, title: str, body: str | None, when: float | None = None
) -> Issue:
    """A new one with the next number; `when` is now unless given."""
    number = max(repository.issues, default=0) + 1
    created = hub.clock() if when is None else when
    issue = Issue(hub.new_id(), number, author, title, body, created, created)
    repository.issues[number] = issue
    return issue
