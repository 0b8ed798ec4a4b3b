"""Repositories."""

from simulators.github.answers import Json
from simulators.github.call import Call, Links
from simulators.github.rendering.accounts import account
from simulators.github.repository import Repository
from simulators.github.times import iso, node_id

# Members of a repository that are addresses of the API, and what follows the repository's own.
_PLACES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def minimal(links: Links, repository: Repository) -> Json:
    """As a repository stands inside other things."""
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": account(links, repository.owner),
        "html_url": links.page(repository),
        "description": repository.description or None,
        "fork": False,
        "url": links.repo(repository),
    } | {name: links.repo(repository, path) for name, path in _PLACES.items()}


def listed(call: Call, repository: Repository) -> Json:
    """As lists have it."""
    links = call.links
    host = links.html.split("://", 1)[1]
    open_issues = sum(issue.state == "open" for issue in repository.issues.values())
    return minimal(links, repository) | {
        "git_url": f"git://{host}/{repository.full_name}.git",
        "ssh_url": f"git@{host}:{repository.full_name}.git",
        "clone_url": f"{links.page(repository)}.git",
        "svn_url": links.page(repository),
        "mirror_url": None,
        "homepage": None,
        "language": repository.language,
        "license": None,
        "forks": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "size": sum(map(len, repository.objects.blobs.values())) // 1024,
        "default_branch": repository.default_branch,
        "open_issues": open_issues,
        "open_issues_count": open_issues,
        "is_template": False,
        "topics": list(repository.topics),
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": repository.archived,
        "disabled": False,
        "visibility": "private" if repository.private else "public",
        "allow_forking": False,
        "web_commit_signoff_required": False,
        "pushed_at": iso(repository.pushed),
        "created_at": iso(repository.created),
        "updated_at": iso(repository.pushed),
        "permissions": permissions(call, repository),
    }


def full(call: Call, repository: Repository) -> Json:
    """Asked for by itself. Who may not write is not told how merging is set up."""
    body = listed(call, repository) | {
        "temp_clone_token": "" if call.who.kind != "anonymous" else None,
        "network_count": 0,
        "subscribers_count": 0,
        "organization": account(call.links, repository.owner),
    }
    if body["permissions"]["push"]:
        body |= {
            "allow_merge_commit": True,
            "allow_squash_merge": True,
            "allow_rebase_merge": True,
            "allow_auto_merge": False,
            "allow_update_branch": True,
            "delete_branch_on_merge": False,
            "use_squash_pr_title_as_default": False,
            "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
            "squash_merge_commit_message": "COMMIT_MESSAGES",
            "merge_commit_title": "MERGE_MESSAGE",
            "merge_commit_message": "PR_TITLE",
            "security_and_analysis": {
                "secret_scanning": {"status": "enabled" if repository.secret_scanning else "disabled"},
                "dependabot_security_updates": {"status": "enabled" if repository.dependabot else "disabled"},
            },
        }
    return body


def permissions(call: Call, repository: Repository) -> Json:
    """What the caller may; an installation's token is told so, too."""
    role = call.who.role(repository)
    return {
        "admin": role == "admin",
        "maintain": role in ("maintain", "admin"),
        "push": role in ("write", "maintain", "admin"),
        "triage": role in ("triage", "write", "maintain", "admin"),
        "pull": role != "none",
    }
