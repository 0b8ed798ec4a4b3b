"""The one way in which a branch moves, with what follows from it."""

from simulators.github.accounts import Account
from simulators.github.answers import unprocessable
from simulators.github.git.history import ancestors
from simulators.github.git.objects import Commit, Files, Signature
from simulators.github.hub import Hub
from simulators.github.repository import Repository
from simulators.github.uploading import upload

THROUGH_PULL = "Changes must be made through a pull request."


def protected_from(repository: Repository, branch: str, account: Account | None) -> str | None:
    """Why somebody may not push to a branch, in GitHub's words; None for a branch that is open to them.

    Administrators pass where protection does not include them; `account` None is the App, which never does.
    """
    protection = repository.protections.get(branch)
    if protection is None:
        return None
    admin = account is not None and repository.role_of(account.login) == "admin"
    if admin and not protection.enforce_admins:
        return None
    checks = "".join(f' Required status check "{check}" is expected.' for check in protection.checks)
    return THROUGH_PULL + checks if protection.approvals else checks.strip() or None


def move(hub: Hub, repository: Repository, branch: str, sha: str, by: Account, *, force: bool = False) -> None:
    """Point a branch at a commit. Raises: Refused 422, commits would be lost and `force` does not say so."""
    before = repository.heads.get(branch)
    if before == sha:
        return
    if before is not None and not force and before not in ancestors(repository.objects, sha):
        raise unprocessable("Update is not a fast forward")
    repository.heads[branch] = sha
    repository.pushed = hub.clock()
    for issue, pull in repository.pulls():
        if issue.state == "open" and pull.head == branch:
            pull.head_sha = sha
            pull.base_sha = repository.heads.get(pull.base, pull.base_sha)
            issue.updated = hub.clock()
            protection = repository.protections.get(pull.base)
            for review in pull.reviews:
                if protection and protection.dismiss_stale and review.state == "APPROVED":
                    review.state = "DISMISSED"
            hub.started(repository, "pull_request", branch, sha, by, issue.number)
    hub.started(repository, "push", branch, sha, by)
    upload(hub, repository, branch, before, sha)


def commit_files(
    repository: Repository, parent: str, changed: dict[str, bytes | None], message: str, author: Signature,
    committer: Signature | None = None,
) -> Commit:  # fmt: skip
    """A commit that puts (or, with None, takes away) files; it is in the database and on no branch."""
    objects = repository.objects
    files: Files = objects.files(objects.commits[parent].tree)
    for path, content in changed.items():
        if content is None:
            files.pop(path, None)
        else:
            files[path] = files.get(path, ("100644", ""))[0], objects.add_blob(content)
    commit = Commit(objects.tree_of(files), (parent,), author, committer or author, message)
    objects.add_commit(commit)
    return commit


def signature_of(account: Account, when: float) -> Signature:
    """As GitHub writes it into commits it makes for somebody."""
    return Signature(account.name, account.email, float(int(when)))
