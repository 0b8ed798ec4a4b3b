"""Files and directories, as they are on a branch."""

import base64
import binascii
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from simulators.github.answers import Json, Refused, invalid, not_found, unprocessable
from simulators.github.call import Call, text_of
from simulators.github.gateway import last_modified, needing, route
from simulators.github.git.history import touching
from simulators.github.git.objects import Entry, Signature
from simulators.github.pushing import commit_files, move, protected_from, signature_of
from simulators.github.rendering.commits import git_commit
from simulators.github.times import moment

LARGEST_JSON = 1024 * 1024
LARGEST = 100 * 1024 * 1024
MOST_LISTED = 1000


async def get_contents(call: Call) -> Response:
    """GET /repos/…/contents/{path}?ref=: a file, or a directory as an array."""
    path = call.request.path_params.get("path", "").strip("/")
    ref = call.query("ref", call.repository.default_branch)
    commit = call.repository.commit(ref)
    if commit is None:
        raise Refused(404, f"No commit found for the ref {ref}")
    found = call.repository.objects.find(commit.tree, path)
    if found is None or ".." in path.split("/"):
        raise not_found()
    response = _found(call, path, ref, found)
    changed = next(touching(call.repository.objects, commit.sha, path), commit)
    response.headers.update(last_modified(changed.committer.when))
    return response


def _found(call: Call, path: str, ref: str, found: Entry) -> Response:
    if found.kind == "tree":
        return _directory(call, path, ref, found)
    if found.kind == "commit":
        return call.json(_described(call, path, ref, found) | {"submodule_git_url": None})
    data = call.repository.objects.blobs[found.sha]
    if _wants(call, "raw"):
        if len(data) > LARGEST:
            raise too_large()
        return Response(data, media_type="application/vnd.github.raw+json; charset=utf-8")
    if len(data) > LARGEST:
        raise too_large()
    small = len(data) <= LARGEST_JSON
    body = _described(call, path, ref, found) | {
        "content": lines_of(data) if small else "",
        "encoding": "base64" if small else "none",
    }
    return call.json(body)


async def put_contents(call: Call) -> Response:
    """PUT: make a file, or replace the one whose blob `sha` names; one commit."""
    body = await call.body()
    content = _decoded(body)
    return await _write(call, body, content)


async def delete_contents(call: Call) -> Response:
    """DELETE: take a file away."""
    return await _write(call, await call.body(), None)


async def _write(call: Call, body: Json, content: bytes | None) -> Response:
    repository, path = call.repository, call.place("path").strip("/")
    message = text_of(body, "message", "Commit") if content is not None else str(body.get("message") or "")
    if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise unprocessable("path contains a malformed path component")
    branch = str(body.get("branch") or repository.default_branch).removeprefix("refs/heads/")
    head = repository.heads.get(branch)
    if head is None:
        raise Refused(404, f"Branch {branch} not found")
    existing = repository.objects.find(repository.objects.commits[head].tree, path)
    _check_workflow(call, path)
    _check_sha(body.get("sha"), existing, path, content)
    if problem := protected_from(repository, branch, call.who.account):
        verb = "delete" if content is None else "update" if existing else "create"
        raise Refused(409, f"Could not {verb} file: {problem}")
    author = _person(call, body.get("author")) or _person(call, body.get("committer"))
    committer = _person(call, body.get("committer"))
    own = signature_of(call.author, call.now)
    commit = commit_files(repository, head, {path: content}, message, author or own, committer or own)
    move(call.hub, repository, branch, commit.sha, call.author)
    found = repository.objects.find(commit.tree, path)
    shown = None if found is None else _described(call, path, branch, found)
    return call.json({"content": shown, "commit": git_commit(call, repository, commit)}, 200 if existing else 201)


def _check_sha(given: object, existing: Entry | None, path: str, content: bytes | None) -> None:
    """Raises: Refused 404, 409, 422."""
    if existing is None:
        if content is None:
            raise not_found()
        if given:
            raise Refused(409, f"{path} does not match {given}")
        return
    if existing.kind != "blob":
        raise unprocessable(f"{path} is a directory")
    if not given:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if given != existing.sha:
        raise Refused(409, f"{path} does not match {given}")


def _check_workflow(call: Call, path: str) -> None:
    """Raises: Refused 403, workflows are written by whom the permission for it was given."""
    if path.startswith(".github/workflows/") and not call.who.granted("workflows", "write"):
        raise Refused(403, "Resource not accessible by integration")


def _decoded(body: Json) -> bytes:
    content = body.get("content")
    if content is None:
        raise Refused(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    try:
        return base64.b64decode("".join(str(content).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise unprocessable("content is not valid Base64") from error


def _person(call: Call, given: object) -> Signature | None:
    if not isinstance(given, dict):
        return None
    if not given.get("name") or not given.get("email"):
        raise invalid({"resource": "Commit", "field": "committer", "code": "missing_field"})
    return Signature(
        str(given["name"]), str(given["email"]), moment(str(given.get("date", ""))) or float(int(call.now))
    )


def _directory(call: Call, path: str, ref: str, found: Entry) -> Response:
    entries = sorted(call.repository.objects.trees[found.sha], key=lambda entry: entry.name)[:MOST_LISTED]
    below = f"{path}/" if path else ""
    listed: list[dict[str, Any]] = [_described(call, below + entry.name, ref, entry) for entry in entries]
    if _wants(call, "object"):
        return call.json(_described(call, path, ref, found) | {"entries": listed})
    return call.json(listed)


def _described(call: Call, path: str, ref: str, entry: Entry) -> Json:
    repository, links = call.repository, call.links
    kind = {"tree": "dir", "commit": "submodule"}.get(entry.kind, "symlink" if entry.mode == "120000" else "file")
    shown = quote(path)
    url = links.repo(repository, f"/contents/{shown}?ref={quote(ref)}")
    git = links.repo(repository, f"/git/{'trees' if kind == 'dir' else 'blobs'}/{entry.sha}")
    page = links.page(repository, f"/{'tree' if kind == 'dir' else 'blob'}/{quote(ref)}/{shown}")
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.sha,
        "size": len(repository.objects.blobs.get(entry.sha, b"")),
        "url": url,
        "html_url": page,
        "git_url": git,
        "download_url": links.page(repository, f"/raw/{quote(ref)}/{shown}") if kind == "file" else None,
        "type": kind,
        "_links": {"self": url, "git": git, "html": page},
    }


def _wants(call: Call, form: str) -> bool:
    accept = call.request.headers.get("accept", "")
    return f"vnd.github.{form}" in accept or f"vnd.github.v3.{form}" in accept


def lines_of(data: bytes) -> str:
    """Base64 as GitHub writes it: 60 characters a line, each with its newline."""
    text = base64.b64encode(data).decode()
    return "".join(f"{text[place : place + 60]}\n" for place in range(0, len(text), 60))


def too_large() -> Refused:
    """Only git itself hands such a file out."""
    error = {"resource": "Blob", "field": "data", "code": "too_large"}
    return Refused(403, "This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the "
                        "API, but you can always clone the repository via Git to obtain it.", [error])  # fmt: skip


_READ, _WRITE = needing("contents"), needing("contents", "write")
routes = [
    route("GET", "/repos/{owner}/{repo}/contents", get_contents, _READ),
    route("GET", "/repos/{owner}/{repo}/contents/{path:path}", get_contents, _READ),
    route("PUT", "/repos/{owner}/{repo}/contents/{path:path}", put_contents, _WRITE),
    route("DELETE", "/repos/{owner}/{repo}/contents/{path:path}", delete_contents, _WRITE),
]
