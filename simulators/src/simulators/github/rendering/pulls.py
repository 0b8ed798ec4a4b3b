"""Pull requests, reviews, remarks at lines."""

from simulators.github.answers import Json
from simulators.github.call import Call
from simulators.github.git.diffs import changes
from simulators.github.git.history import merge_base, only_in
from simulators.github.rendering import repositories
from simulators.github.rendering.accounts import account, account_or_none
from simulators.github.rendering.issues import association, label, reactions
from simulators.github.repository import Issue, Pull, Repository, Review, ReviewComment
from simulators.github.times import iso, iso_or_none, node_id


def short(call: Call, repository: Repository, one: Issue, pull: Pull) -> Json:
    """As lists have it: nothing that must be computed."""
    links = call.links
    url = links.repo(repository, f"/pulls/{one.number}")
    issue_url = links.repo(repository, f"/issues/{one.number}")
    page = links.page(repository, f"/pull/{one.number}")
    statuses = links.repo(repository, f"/statuses/{pull.head_sha}")
    places = {
        "self": url,
        "html": page,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": links.repo(repository, "/pulls/comments{/number}"),
        "commits": f"{url}/commits",
        "statuses": statuses,
    }
    return {
        "url": url,
        "id": one.id,
        "node_id": node_id("PR", one.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue_url,
        "number": one.number,
        "state": one.state,
        "locked": one.locked,
        "title": one.title,
        "user": account(links, one.author),
        "body": one.body,
        "created_at": iso(one.created),
        "updated_at": iso(one.updated),
        "closed_at": iso_or_none(one.closed),
        "merged_at": iso_or_none(pull.merged),
        "merge_commit_sha": pull.merge_sha,
        "assignee": account(links, one.assignees[0]) if one.assignees else None,
        "assignees": [account(links, each) for each in one.assignees],
        "requested_reviewers": [account(links, each) for each in pull.reviewers],
        "requested_teams": [],
        "labels": [label(call, repository, each) for each in one.labels],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": places["commits"],
        "review_comments_url": places["review_comments"],
        "review_comment_url": places["review_comment"],
        "comments_url": places["comments"],
        "statuses_url": statuses,
        "head": _side(call, repository, pull.head, pull.head_sha),
        "base": _side(call, repository, pull.base, pull.base_sha),
        "_links": {name: {"href": place} for name, place in places.items()},
        "author_association": association(repository, one.author),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def full(call: Call, repository: Repository, one: Issue, pull: Pull, mergeable: bool | None, state: str) -> Json:
    """Asked for by itself."""
    objects = repository.objects
    commits = only_in(objects, pull.head_sha, pull.base_sha)
    base = merge_base(objects, pull.base_sha, pull.head_sha)
    changed = changes(objects, objects.commits[base].tree if base else None, objects.commits[pull.head_sha].tree)
    return short(call, repository, one, pull) | {
        "merged": pull.merged is not None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": state,
        "merged_by": account_or_none(call.links, pull.merged_by),
        "comments": len(one.comments),
        "review_comments": len(pull.comments),
        "maintainer_can_modify": False,
        "commits": len(commits),
        "additions": sum(each.additions for each in changed),
        "deletions": sum(each.deletions for each in changed),
        "changed_files": len(changed),
    }


def _side(call: Call, repository: Repository, branch: str, sha: str) -> Json:
    return {
        "label": f"{repository.owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": account(call.links, repository.owner),
        "repo": repositories.listed(call, repository),
    }


def review(call: Call, repository: Repository, one: Issue, said: Review) -> Json:
    """One review."""
    page = call.links.page(repository, f"/pull/{one.number}#pullrequestreview-{said.id}")
    pull = call.links.repo(repository, f"/pulls/{one.number}")
    return {
        "id": said.id,
        "node_id": node_id("PRR", said.id),
        "user": account(call.links, said.author),
        "body": said.body,
        "state": said.state,
        "html_url": page,
        "pull_request_url": pull,
        "author_association": association(repository, said.author),
        "_links": {"html": {"href": page}, "pull_request": {"href": pull}},
        "submitted_at": iso(said.submitted),
        "commit_id": said.commit,
    }


def review_comment(call: Call, repository: Repository, one: Issue, said: ReviewComment) -> Json:
    """One remark at a line."""
    url = call.links.repo(repository, f"/pulls/comments/{said.id}")
    page = call.links.page(repository, f"/pull/{one.number}#discussion_r{said.id}")
    pull = call.links.repo(repository, f"/pulls/{one.number}")
    return {
        "id": said.id,
        "node_id": node_id("PRRC", said.id),
        "url": url,
        "pull_request_review_id": said.review_id,
        "diff_hunk": said.diff_hunk,
        "path": said.path,
        "position": said.line,
        "original_position": said.line,
        "commit_id": said.commit,
        "original_commit_id": said.commit,
        "user": account(call.links, said.author),
        "body": said.body,
        "created_at": iso(said.created),
        "updated_at": iso(said.created),
        "html_url": page,
        "pull_request_url": pull,
        "author_association": association(repository, said.author),
        "_links": {"self": {"href": url}, "html": {"href": page}, "pull_request": {"href": pull}},
        "reactions": reactions(url),
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        "line": said.line,
        "original_line": said.line,
        "side": said.side,
        "subject_type": "line",
    }
