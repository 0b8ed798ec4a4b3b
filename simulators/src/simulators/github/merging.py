"""Whether a pull request can be merged, and merging it."""

from simulators.github.accounts import Account
from simulators.github.answers import Refused
from simulators.github.git.history import ancestors, merge_base, only_in
from simulators.github.git.merging import Conflict, merged_tree
from simulators.github.git.objects import Commit
from simulators.github.hub import Hub
from simulators.github.pushing import signature_of
from simulators.github.repository import Issue, Protection, Pull, Repository

NOT_MERGEABLE = "Pull Request is not mergeable"


def mergeable(hub: Hub, repository: Repository, issue: Issue, pull: Pull) -> tuple[bool | None, str]:
    """Whether, and the state in GitHub's word; None and unknown while GitHub still thinks about it."""
    if issue.state == "closed":
        return None, "unknown"
    base = repository.heads.get(pull.base)
    if base is None:
        return False, "dirty"
    asked = repository.merge_asked.setdefault((pull.head_sha, base), hub.clock())
    if hub.clock() < asked + hub.behaviour.mergeable_seconds or asked == hub.clock():
        return None, "unknown"
    if combined(repository, pull) is None:
        return False, "dirty"
    return True, _state(hub, repository, issue, pull)


def _state(hub: Hub, repository: Repository, issue: Issue, pull: Pull) -> str:
    if pull.draft:
        return "draft"
    protection = repository.protections.get(pull.base)
    if protection and protection.strict and repository.heads[pull.base] not in ancestors(
        repository.objects, pull.head_sha
    ):  # fmt: skip
        return "behind"
    if protection and objection(hub, repository, issue, pull, protection):
        return "blocked"
    verdicts = hub.verdicts(repository, pull.head_sha)
    return "unstable" if any(verdict != "success" for verdict in verdicts.values()) else "clean"


def objection(hub: Hub, repository: Repository, issue: Issue, pull: Pull, protection: Protection) -> str | None:
    """What protection has against merging now, in GitHub's words."""
    latest = {
        review.author.login: review
        for review in pull.reviews
        if review.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED") and review.author != issue.author
    }
    counting = [each for each in latest.values() if repository.pushes(each.author)]
    if protection.approvals and any(each.state == "CHANGES_REQUESTED" for each in counting):
        return "Changes have been requested."
    if sum(each.state == "APPROVED" for each in counting) < protection.approvals:
        needed = protection.approvals
        some = "an approving review is" if needed == 1 else f"{needed} approving reviews are"
        return f"At least {needed} approving review is required by reviewers with write access." if needed == 1 else (
            f"At least {some} required by reviewers with write access."
        )  # fmt: skip
    verdicts = hub.verdicts(repository, pull.head_sha)
    for check in protection.checks:
        verdict = verdicts.get(check)
        if verdict is None or verdict == "pending":
            return f'Required status check "{check}" is {"in progress" if verdict else "expected"}.'
        if verdict != "success":
            return f'Required status check "{check}" is failing.'
    return None


def combined(repository: Repository, pull: Pull) -> str | None:
    """The tree that merging would give, None on conflicts."""
    objects = repository.objects
    base = repository.heads[pull.base]
    common = merge_base(objects, base, pull.head_sha)
    if common is None:
        return None
    try:
        return merged_tree(
            objects, objects.commits[common].tree, objects.commits[base].tree, objects.commits[pull.head_sha].tree
        )
    except Conflict:
        return None


def merge_commit(
    hub: Hub, repository: Repository, issue: Issue, pull: Pull, method: str, by: Account, message: str
) -> Commit:
    """The commit the base branch will point at. Raises: Refused 405, conflicts."""
    objects, base = repository.objects, repository.heads[pull.base]
    tree = combined(repository, pull)
    if tree is None:
        raise Refused(405, NOT_MERGEABLE)
    own = signature_of(by, hub.clock())
    if method == "rebase":
        return _rebased(repository, pull, base)
    if method == "squash":
        author = signature_of(issue.author, hub.clock())
        commit = Commit(tree, (base,), author, own, message or f"{issue.title} (#{issue.number})")
    else:
        title = f"Merge pull request #{issue.number} from {repository.owner.login}/{pull.head}\n\n{issue.title}"
        commit = Commit(tree, (base, pull.head_sha), own, own, message or title)
    objects.add_commit(commit)
    return commit


def _rebased(repository: Repository, pull: Pull, base: str) -> Commit:
    objects = repository.objects
    tip = objects.commits[base]
    for commit in only_in(objects, pull.head_sha, base):
        if len(commit.parents) != 1:
            continue
        try:
            tree = merged_tree(objects, objects.commits[commit.parents[0]].tree, tip.tree, commit.tree)
        except Conflict as conflict:
            raise Refused(405, "This branch can't be rebased") from conflict
        tip = Commit(tree, (tip.sha,), commit.author, commit.committer, commit.message)
        objects.add_commit(tip)
    return tip
