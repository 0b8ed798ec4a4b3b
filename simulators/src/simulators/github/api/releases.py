"""Releases. Drafts are seen by those who may write."""

from urllib.parse import quote

from starlette.responses import Response

from simulators.github.answers import Json, not_found
from simulators.github.call import Call
from simulators.github.gateway import last_modified, needing, route
from simulators.github.rendering.accounts import account
from simulators.github.repository import Release
from simulators.github.times import iso, iso_or_none, node_id


async def list_releases(call: Call) -> Response:
    """GET /repos/…/releases, the newest first."""
    return call.page(_seen(call), lambda each: _release(call, each))


async def latest(call: Call) -> Response:
    """GET /repos/…/releases/latest: neither draft nor prerelease."""
    found = [each for each in _seen(call) if not each.draft and not each.prerelease]
    if not found:
        raise not_found()
    return _one(call, found[0])


async def by_tag(call: Call) -> Response:
    """GET /repos/…/releases/tags/{tag}."""
    found = next((each for each in _seen(call) if each.tag == call.place("tag") and not each.draft), None)
    if found is None:
        raise not_found()
    return _one(call, found)


async def get_release(call: Call) -> Response:
    """GET /repos/…/releases/{release_id}."""
    found = next((each for each in _seen(call) if each.id == call.number("release_id")), None)
    if found is None:
        raise not_found()
    return _one(call, found)


def _one(call: Call, release: Release) -> Response:
    return call.json(_release(call, release), headers=last_modified(release.published or release.created))


def _seen(call: Call) -> list[Release]:
    writes = call.who.kind != "anonymous" and call.who.role(call.repository) in ("write", "maintain", "admin")
    found = [each for each in call.repository.releases if writes or not each.draft]
    return sorted(found, key=lambda each: -each.created)


def _release(call: Call, one: Release) -> Json:
    links, repository = call.links, call.repository
    url = links.repo(repository, f"/releases/{one.id}")
    tag = quote(one.tag)
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": links.page(repository, f"/releases/tag/{tag}"),
        "id": one.id,
        "author": account(links, one.author),
        "node_id": node_id("RE", one.id),
        "tag_name": one.tag,
        "target_commitish": repository.default_branch,
        "name": one.name,
        "draft": one.draft,
        "immutable": False,
        "prerelease": one.prerelease,
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
        "published_at": iso_or_none(one.published),
        "assets": [],
        "tarball_url": links.repo(repository, f"/tarball/{tag}"),
        "zipball_url": links.repo(repository, f"/zipball/{tag}"),
        "body": one.body,
    }


_READ = needing("contents")
_RELEASES = "/repos/{owner}/{repo}/releases"
routes = [
    route("GET", _RELEASES, list_releases, _READ),
    route("GET", f"{_RELEASES}/latest", latest, _READ),
    route("GET", f"{_RELEASES}/tags/{{tag:path}}", by_tag, _READ),
    route("GET", f"{_RELEASES}/{{release_id}}", get_release, _READ),
]
