"""Issues, labels, comments."""

from urllib.parse import quote

from simulators.github.accounts import Account
from simulators.github.answers import Json
from simulators.github.call import Call
from simulators.github.rendering.accounts import account, account_or_none
from simulators.github.repository import Comment, Issue, Label, Repository
from simulators.github.times import iso, iso_or_none, node_id


def label(call: Call, repository: Repository, one: Label) -> Json:
    """A label."""
    return {
        "id": one.id,
        "node_id": node_id("LA", one.id),
        "url": call.links.repo(repository, f"/labels/{quote(one.name)}"),
        "name": one.name,
        "color": one.color,
        "default": one.default,
        "description": one.description,
    }


def association(repository: Repository, who: Account) -> str:
    """How the author stands to the repository."""
    role = repository.roles.get(who.login)
    if who.kind == "Bot":
        return "NONE"
    return "NONE" if role is None else "COLLABORATOR" if role == "read" else "MEMBER"


def reactions(url: str) -> Json:
    """Nobody reacts here."""
    faces = dict.fromkeys(("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"), 0)
    return {"url": f"{url}/reactions", "total_count": 0, **faces}


def issue(call: Call, repository: Repository, one: Issue) -> Json:
    """An issue, or a pull request as the issue it also is."""
    links = call.links
    url = links.repo(repository, f"/issues/{one.number}")
    kind = "pull" if one.pull else "issues"
    body: Json = {
        "url": url,
        "repository_url": links.repo(repository),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": links.page(repository, f"/{kind}/{one.number}"),
        "id": one.id,
        "node_id": node_id("PR" if one.pull else "I", one.id),
        "number": one.number,
        "title": one.title,
        "user": account(links, one.author),
        "labels": [label(call, repository, each) for each in one.labels],
        "state": one.state,
        "state_reason": one.reason,
        "locked": one.locked,
        "active_lock_reason": None,
        "assignee": account(links, one.assignees[0]) if one.assignees else None,
        "assignees": [account(links, each) for each in one.assignees],
        "milestone": None,
        "comments": len(one.comments),
        "created_at": iso(one.created),
        "updated_at": iso(one.updated),
        "closed_at": iso_or_none(one.closed),
        "closed_by": account_or_none(links, one.closed_by),
        "author_association": association(repository, one.author),
        "body": one.body,
        "reactions": reactions(url),
        "performed_via_github_app": None,
    }
    if one.pull:
        pulls = links.repo(repository, f"/pulls/{one.number}")
        page = body["html_url"]
        body["draft"] = one.pull.draft
        body["pull_request"] = {
            "url": pulls,
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": iso_or_none(one.pull.merged),
        }
    return body


def comment(call: Call, repository: Repository, one: Issue, said: Comment) -> Json:
    """What somebody said below it."""
    url = call.links.repo(repository, f"/issues/comments/{said.id}")
    kind = "pull" if one.pull else "issues"
    return {
        "url": url,
        "html_url": call.links.page(repository, f"/{kind}/{one.number}#issuecomment-{said.id}"),
        "issue_url": call.links.repo(repository, f"/issues/{one.number}"),
        "id": said.id,
        "node_id": node_id("IC", said.id),
        "user": account(call.links, said.author),
        "created_at": iso(said.created),
        "updated_at": iso(said.updated),
        "body": said.body,
        "author_association": association(repository, said.author),
        "reactions": reactions(url),
        "performed_via_github_app": None,
    }
