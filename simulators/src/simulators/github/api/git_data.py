"""Git itself over HTTP: references, trees, blobs, commits. With these several files go into one commit."""

import base64
import binascii
import re
from typing import Any

from starlette.responses import Response

from simulators.github.answers import BAD_REFERENCE, Json, Refused, invalid, not_found, unprocessable
from simulators.github.api.contents import lines_of
from simulators.github.call import Call, text_of
from simulators.github.gateway import last_modified, needing, route
from simulators.github.git.objects import BLOB_MODES, TREE_MODE, Commit, Entry, Files, Signature
from simulators.github.pushing import move, protected_from, signature_of
from simulators.github.rendering.commits import git_commit, reference
from simulators.github.times import moment, node_id

MOST_IN_TREE = 100_000
_SHA = re.compile(r"[0-9a-f]{40}")
_BAD_REF = re.compile(r"(^|/)\.|\.\.|//|\.lock(/|$)|[\x00-\x20~^:?*\[\\\x7f]|@\{|[/.]$|^/|/$")


async def get_ref(call: Call) -> Response:
    """GET /git/ref/{heads/… | tags/…}."""
    name = f"refs/{call.place('ref').removeprefix('refs/')}"
    return call.json(reference(call, call.repository, name, _ref(call, name)))


async def matching_refs(call: Call) -> Response:
    """GET /git/matching-refs/{ref}: all that begin so."""
    start = f"refs/{call.place('ref')}"
    found = sorted((name, sha) for name, sha in _all_refs(call).items() if name.startswith(start))
    response = call.page(found, lambda each: reference(call, call.repository, *each))
    response.headers.update(last_modified(call.repository.pushed) | {"X-Poll-Interval": "300"})
    return response


async def create_ref(call: Call) -> Response:
    """POST /git/refs {ref, sha}."""
    body = await call.body()
    name, sha = text_of(body, "ref", "Reference"), text_of(body, "sha", "Reference")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise unprocessable("Reference name must start with 'refs/' and contain at least two slashes.")
    if _BAD_REF.search(name):
        raise unprocessable(f"{name} is not a valid ref name.")
    if name in _all_refs(call):
        raise unprocessable("Reference already exists")
    _check_commit(call, sha)
    if any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in _all_refs(call)):
        raise unprocessable("Reference cannot be created: a reference with part of this name exists")
    if name.startswith("refs/tags/"):
        call.repository.tags[name.removeprefix("refs/tags/")] = sha
    else:
        move(call.hub, call.repository, name.removeprefix("refs/heads/"), sha, call.author)
    rendered = reference(call, call.repository, name, sha)
    return call.json(rendered, 201, {"Location": rendered["url"]})


async def update_ref(call: Call) -> Response:
    """PATCH /git/refs/{ref} {sha, force}."""
    body = await call.body()
    name = f"refs/{call.place('ref').removeprefix('refs/')}"
    _ref(call, name, missing=unprocessable(BAD_REFERENCE))
    sha = text_of(body, "sha", "Reference")
    _check_commit(call, sha)
    branch = name.removeprefix("refs/heads/")
    if problem := protected_from(call.repository, branch, call.who.account):
        raise unprocessable(problem)
    move(call.hub, call.repository, branch, sha, call.author, force=bool(body.get("force")))
    return call.json(reference(call, call.repository, name, sha))


async def delete_ref(call: Call) -> Response:
    """DELETE /git/refs/{ref}; open pull requests of the branch are closed."""
    name = f"refs/{call.place('ref').removeprefix('refs/')}"
    _ref(call, name, missing=unprocessable(BAD_REFERENCE))
    branch = name.removeprefix("refs/heads/")
    if name.startswith("refs/tags/"):
        del call.repository.tags[name.removeprefix("refs/tags/")]
        return Response(status_code=204)
    if branch in call.repository.protections or branch == call.repository.default_branch:
        raise unprocessable("Cannot delete this protected branch")
    del call.repository.heads[branch]
    for issue, pull in call.repository.pulls():
        if pull.head == branch and issue.state == "open":
            issue.state, issue.closed, issue.closed_by = "closed", call.now, call.author
    return Response(status_code=204)


async def get_tree(call: Call) -> Response:
    """GET /git/trees/{sha}?recursive=1: of a tree, a commit or a branch."""
    repository = call.repository
    name = call.place("tree_sha")
    commit = repository.commit(name)
    sha = commit.tree if commit else name
    if sha not in repository.objects.trees:
        raise not_found()
    rows = _rows(call, sha, "") if "recursive" in call.request.query_params else _level(call, sha, "")
    return call.json(_tree(call, sha) | {"tree": rows[:MOST_IN_TREE], "truncated": len(rows) > MOST_IN_TREE})


async def create_tree(call: Call) -> Response:
    """POST /git/trees {base_tree, tree: [{path, mode, type, sha | content}]}; `sha` null takes a path away."""
    body = await call.body()
    objects = call.repository.objects
    base = body.get("base_tree")
    if isinstance(base, str) and base in objects.commits:
        base = objects.commits[base].tree
    if base is not None and base not in objects.trees:
        raise not_found()
    given = body.get("tree")
    if not isinstance(given, list) or not given:
        raise unprocessable("Invalid tree info")
    files = dict(objects.files(base)) if base else {}
    for each in given:
        _put(call, files, each)
    sha = objects.tree_of(files)
    return call.json(_tree(call, sha) | {"tree": _level(call, sha, ""), "truncated": False}, 201)


async def create_blob(call: Call) -> Response:
    """POST /git/blobs {content, encoding: utf-8 | base64}."""
    body = await call.body()
    if not isinstance(body.get("content"), str):
        raise invalid({"resource": "Blob", "field": "content", "code": "missing_field"})
    content: str = body["content"]
    if body.get("encoding", "utf-8") not in ("utf-8", "base64"):
        raise invalid({"resource": "Blob", "field": "encoding", "code": "invalid"})
    try:
        encoded = body.get("encoding") == "base64"
        data = (
            base64.b64decode("".join(content.split()), validate=True) if encoded else content.encode(errors="replace")
        )
    except (binascii.Error, ValueError) as error:
        raise unprocessable("Input could not be decoded as Base64") from error
    sha = call.repository.objects.add_blob(data)
    url = call.links.repo(call.repository, f"/git/blobs/{sha}")
    return call.json({"url": url, "sha": sha}, 201, {"Location": url})


async def get_blob(call: Call) -> Response:
    """GET /git/blobs/{sha}: up to 100 MB."""
    sha = call.place("sha")
    data = call.repository.objects.blobs.get(sha)
    if data is None:
        raise not_found()
    if "vnd.github.raw" in call.request.headers.get("accept", ""):
        return Response(data, media_type="application/vnd.github.raw+json; charset=utf-8")
    body = {
        "sha": sha,
        "node_id": node_id("B", sha),
        "size": len(data),
        "url": call.links.repo(call.repository, f"/git/blobs/{sha}"),
        "content": lines_of(data),
        "encoding": "base64",
    }
    return call.json(body)


async def create_commit(call: Call) -> Response:
    """POST /git/commits {message, tree, parents, author, committer}."""
    body = await call.body()
    objects = call.repository.objects
    message, tree = text_of(body, "message", "Commit"), text_of(body, "tree", "Commit")
    if tree not in objects.trees:
        raise unprocessable("Tree SHA does not exist")
    parents = body.get("parents", [])
    if not isinstance(parents, list) or any(parent not in objects.commits for parent in parents):
        raise unprocessable("Parent SHA does not exist or is not a commit object")
    own = signature_of(call.author, call.now)
    author = _signature(body.get("author"), own)
    committer = _signature(body.get("committer"), author if "author" in body else own)
    commit = Commit(tree, tuple(parents), author, committer, message)
    objects.add_commit(commit)
    rendered = git_commit(call, call.repository, commit)
    return call.json(rendered, 201, {"Location": rendered["url"]})


async def get_commit(call: Call) -> Response:
    """GET /git/commits/{sha}."""
    commit = call.repository.objects.commits.get(call.place("sha"))
    if commit is None:
        raise not_found()
    return call.json(git_commit(call, call.repository, commit))


def _signature(given: object, default: Signature) -> Signature:
    if not isinstance(given, dict):
        return default
    when = moment(str(given.get("date", "")))
    return Signature(
        str(given.get("name") or default.name),
        str(given.get("email") or default.email),
        default.when if when is None else when,
    )


def _all_refs(call: Call) -> dict[str, str]:
    heads = {f"refs/heads/{name}": sha for name, sha in call.repository.heads.items()}
    return heads | {f"refs/tags/{name}": sha for name, sha in call.repository.tags.items()}


def _ref(call: Call, name: str, missing: Refused | None = None) -> str:
    found = _all_refs(call).get(name)
    if found is None:
        raise missing or not_found()
    return found


def _check_commit(call: Call, sha: str) -> None:
    if not _SHA.fullmatch(sha):
        raise unprocessable("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if sha not in call.repository.objects.commits:
        raise unprocessable("Object does not exist")


def _put(call: Call, files: Files, given: Any) -> None:
    """Raises: Refused 422."""
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        raise unprocessable("Invalid tree info")
    path = given["path"]
    if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise unprocessable("tree.path contains a malformed path component")
    if path.startswith(".github/workflows/") and not call.who.granted("workflows", "write"):
        raise Refused(403, "Resource not accessible by integration")
    gone = [each for each in files if each == path or each.startswith(f"{path}/")]
    if "sha" in given and given["sha"] is None:
        if not gone:
            raise unprocessable("GitRPC::BadObjectState")
        _take_away(files, gone)
        return
    _take_away(files, [*gone, *(path[:place] for place, letter in enumerate(path) if letter == "/")])
    _add(call, files, path, given)


def _take_away(files: Files, paths: list[str]) -> None:
    for path in paths:
        files.pop(path, None)


def _add(call: Call, files: Files, path: str, given: Json) -> None:
    objects = call.repository.objects
    mode = given.get("mode")
    if mode not in BLOB_MODES | {TREE_MODE}:
        raise unprocessable("Must supply a valid tree.mode")
    sha = given.get("sha")
    if sha is None:
        sha = objects.add_blob(str(given.get("content", "")).encode(errors="replace"))
    if mode == TREE_MODE and sha in objects.trees:
        files |= {f"{path}/{name}": value for name, value in objects.files(sha).items()}
    elif sha in objects.blobs:
        files[path] = (str(mode), str(sha))
    else:
        raise unprocessable(f"tree.sha {sha} is not a valid {'tree' if mode == TREE_MODE else 'blob'}")


def _tree(call: Call, sha: str) -> Json:
    return {"sha": sha, "url": call.links.repo(call.repository, f"/git/trees/{sha}")}


def _level(call: Call, sha: str, under: str) -> list[Json]:
    return [_row(call, entry, under) for entry in call.repository.objects.trees[sha]]


def _rows(call: Call, sha: str, under: str) -> list[Json]:
    rows: list[Json] = []
    for entry in call.repository.objects.trees[sha]:
        rows.append(_row(call, entry, under))
        if entry.kind == "tree":
            rows += _rows(call, entry.sha, f"{under}{entry.name}/")
    return rows


def _row(call: Call, entry: Entry, under: str) -> Json:
    row: Json = {"path": f"{under}{entry.name}", "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
    if entry.kind == "blob":
        row["size"] = len(call.repository.objects.blobs[entry.sha])
    place = "trees" if entry.kind == "tree" else "blobs"
    return row | {"url": call.links.repo(call.repository, f"/git/{place}/{entry.sha}")}


_READ, _WRITE = needing("contents"), needing("contents", "write")
_GIT = "/repos/{owner}/{repo}/git"
routes = [
    route("GET", f"{_GIT}/ref/{{ref:path}}", get_ref, _READ),
    route("GET", f"{_GIT}/matching-refs/{{ref:path}}", matching_refs, _READ),
    route("POST", f"{_GIT}/refs", create_ref, _WRITE),
    route("PATCH", f"{_GIT}/refs/{{ref:path}}", update_ref, _WRITE),
    route("DELETE", f"{_GIT}/refs/{{ref:path}}", delete_ref, _WRITE),
    route("POST", f"{_GIT}/trees", create_tree, _WRITE),
    route("GET", f"{_GIT}/trees/{{tree_sha:path}}", get_tree, _READ),
    route("POST", f"{_GIT}/blobs", create_blob, _WRITE),
    route("GET", f"{_GIT}/blobs/{{sha}}", get_blob, _READ),
    route("POST", f"{_GIT}/commits", create_commit, _WRITE),
    route("GET", f"{_GIT}/commits/{{sha}}", get_commit, _READ),
]
