"""Commits, branches, references, differences."""

from urllib.parse import quote

from simulators.github.answers import Json
from simulators.github.call import Call
from simulators.github.git.diffs import FileChange, changes
from simulators.github.git.objects import Commit
from simulators.github.rendering.accounts import account_or_none, signature
from simulators.github.repository import Protection, Repository
from simulators.github.times import node_id

UNVERIFIED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def git_commit(call: Call, repository: Repository, commit: Commit) -> Json:
    """As the git data API has it."""
    links = call.links
    return {
        "sha": commit.sha,
        "node_id": node_id("C", commit.sha),
        "url": links.repo(repository, f"/git/commits/{commit.sha}"),
        "html_url": links.page(repository, f"/commit/{commit.sha}"),
        "author": signature(commit.author),
        "committer": signature(commit.committer),
        "tree": {"url": links.repo(repository, f"/git/trees/{commit.tree}"), "sha": commit.tree},
        "message": commit.message,
        "parents": [
            {
                "url": links.repo(repository, f"/git/commits/{parent}"),
                "sha": parent,
                "html_url": links.page(repository, f"/commit/{parent}"),
            }
            for parent in commit.parents
        ],
        "verification": UNVERIFIED,
    }


def commit_of(call: Call, repository: Repository, commit: Commit) -> Json:
    """As lists have it: the accounts beside the names, without files."""
    links = call.links
    people = {each.email: each for each in call.hub.accounts.values()}
    return {
        "url": links.repo(repository, f"/commits/{commit.sha}"),
        "sha": commit.sha,
        "node_id": node_id("C", commit.sha),
        "html_url": links.page(repository, f"/commit/{commit.sha}"),
        "comments_url": links.repo(repository, f"/commits/{commit.sha}/comments"),
        "commit": {
            "url": links.repo(repository, f"/git/commits/{commit.sha}"),
            "author": signature(commit.author),
            "committer": signature(commit.committer),
            "message": commit.message,
            "tree": {"url": links.repo(repository, f"/git/trees/{commit.tree}"), "sha": commit.tree},
            "comment_count": 0,
            "verification": UNVERIFIED,
        },
        "author": account_or_none(links, people.get(commit.author.email)),
        "committer": account_or_none(links, people.get(commit.committer.email)),
        "parents": [
            {
                "url": links.repo(repository, f"/commits/{parent}"),
                "sha": parent,
                "html_url": links.page(repository, f"/commit/{parent}"),
            }
            for parent in commit.parents
        ],
    }


def changed_in(repository: Repository, commit: Commit) -> list[FileChange]:
    """What a commit changed since its first parent."""
    objects = repository.objects
    before = objects.commits[commit.parents[0]].tree if commit.parents else None
    return changes(objects, before, commit.tree)


def file_change(call: Call, repository: Repository, change: FileChange, ref: str) -> Json:
    """One file of a difference."""
    links = call.links
    path = quote(change.path)
    body: Json = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": links.page(repository, f"/blob/{ref}/{path}"),
        "raw_url": links.page(repository, f"/raw/{ref}/{path}"),
        "contents_url": links.repo(repository, f"/contents/{path}?ref={ref}"),
    }
    if change.patch is not None:
        body["patch"] = change.patch
    if change.previous is not None:
        body["previous_filename"] = change.previous
    return body


def reference(call: Call, repository: Repository, name: str, sha: str) -> Json:
    """A full ref, `refs/heads/main`, and what it points at."""
    links = call.links
    return {
        "ref": name,
        "node_id": node_id("REF", f"{repository.id}:{name}"),
        "url": links.repo(repository, f"/git/{quote(name)}"),
        "object": {"sha": sha, "type": "commit", "url": links.repo(repository, f"/git/commits/{sha}")},
    }


def short_branch(call: Call, repository: Repository, name: str) -> Json:
    """As lists have it."""
    sha = repository.heads[name]
    protection = repository.protections.get(name)
    return {
        "name": name,
        "commit": {"sha": sha, "url": call.links.repo(repository, f"/commits/{sha}")},
        "protected": protection is not None,
        "protection": _checks(protection),
        "protection_url": call.links.repo(repository, f"/branches/{quote(name)}/protection"),
    }


def branch(call: Call, repository: Repository, name: str) -> Json:
    """Asked for by itself: with its commit."""
    address = f"/branches/{quote(name)}"
    return short_branch(call, repository, name) | {
        "commit": commit_of(call, repository, repository.objects.commits[repository.heads[name]]),
        "_links": {
            "self": call.links.repo(repository, address),
            "html": call.links.page(repository, f"/tree/{quote(name)}"),
        },
    }


def _checks(protection: Protection | None) -> Json:
    checks = protection.checks if protection else ()
    level = "off" if not checks else "everyone" if protection and protection.enforce_admins else "non_admins"
    return {
        "enabled": protection is not None,
        "required_status_checks": {
            "enforcement_level": level,
            "contexts": list(checks),
            "checks": [{"context": context, "app_id": None} for context in checks],
        },
    }
