"""What stands before every endpoint: User-Agent, version, credentials, limits, permissions, ETags."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from simulators.github.accounts import Identity, Role
from simulators.github.answers import Refused, not_found
from simulators.github.behaviour import Level
from simulators.github.call import Call
from simulators.github.hub import Hub, hub_of
from simulators.github.identify import identify, requires_authentication
from simulators.github.limits import Window
from simulators.github.repository import Repository
from simulators.request_log import recorded

API_VERSIONS = ("2022-11-28", "2026-03-10")
PREFIX = "/api/v3"
_AGENT = (
    "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header "
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). "
    "Check https://developer.github.com for other possible causes.\r\n"
)
_EXPOSED = (
    "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, "
    "X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, "
    "X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset"
)

Endpoint = Callable[[Call], Awaitable[Response]]
Access = Literal["anyone", "user", "app", "installation"]


@dataclass(frozen=True, slots=True)
class Needs:
    """A permission of a token, and the role a user must have in the repository."""

    permission: str
    level: Level
    role: Role


class Prefixed:
    """ASGI: an Enterprise Server's `/api/v3` and `/api/graphql` are the same API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope.get("path", "")
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            scope = {**scope, "path": path.removeprefix(PREFIX) or "/", "github.prefix": PREFIX}
        elif path == "/api/graphql":
            scope = {**scope, "path": "/graphql", "github.prefix": PREFIX}
        await self._app(scope, receive, send)


def needing(permission: str, level: Level = "read", role: Role | None = None) -> Needs:
    """The role is read for reading and write for writing unless given."""
    return Needs(permission, level, role or ("read" if level == "read" else "write"))


def route(
    method: str,
    path: str,
    endpoint: Endpoint,
    needs: Needs | None = None,
    *,
    access: Access = "anyone",
    resource: str = "core",
    free: bool = False,
) -> Route:
    """A route of the API. Paths below `/repos/{owner}/{repo}` must say what they need."""

    async def serve(request: Request) -> Response:
        hub = hub_of(request)
        window: Window | None = None
        who: Identity | None = None
        try:
            _check_headers(request)
            who = identify(request, hub)
            window = hub.limits.window(who.key, resource)
            hub.limits.hurry(who.key, method)
            if not free:
                window = hub.limits.count(who.key, resource)
            _check_access(who, access, method)
            call = Call(request, hub, who, _repository(request, hub, who, needs, method))
            response = _conditional(request, await endpoint(call))
        except Refused as refused:
            response = refused.response()
        if response.status_code == 304 and window and not free and who and who.kind != "anonymous":
            window.used -= 1
        _finish(response, request, hub, who, window.headers(resource) if window else {}, needs)
        return response

    return Route(path, recorded(serve, lambda request: hub_of(request).requests), methods=[method])


def _check_headers(request: Request) -> None:
    if not request.headers.get("user-agent", "").strip():
        raise _NoAgent
    version = request.headers.get("x-github-api-version")
    if version is not None and version not in API_VERSIONS:
        raise Refused(400, f'"{version}" is not a supported version of the GitHub API. Supported: '
                           + ", ".join(API_VERSIONS))  # fmt: skip


class _Forbidden(Refused):
    """Is answered in plain text by what stands before the API."""

    def response(self) -> Response:
        """The answer."""
        return Response(_AGENT, 403, media_type="text/html")


_NoAgent = _Forbidden(403, _AGENT)


def _check_access(who: Identity, access: Access, method: str) -> None:
    if access == "app":
        if who.kind != "app":
            raise Refused(401, "A JSON web token could not be decoded")
    elif who.kind == "app":
        raise Refused(401, "Bad credentials")
    elif who.kind == "anonymous" and (access != "anyone" or method != "GET"):
        raise requires_authentication()
    elif access == "user" and who.kind != "user":
        raise Refused(403, "Resource not accessible by integration")
    elif access == "installation" and who.kind != "installation":
        raise Refused(403, "You must authenticate with an installation access token in order to list repositories for "
                           "an installation.")  # fmt: skip


def _repository(request: Request, hub: Hub, who: Identity, needs: Needs | None, method: str) -> Repository | None:
    """Raises: Refused 404 where even the existence is a secret, 403 where only the permission is missing."""
    places = request.path_params
    if needs is None or not {"repo", "repository_id"} & set(places):
        return None
    if "repository_id" in places:
        if not str(places["repository_id"]).isdecimal():
            raise not_found()
        repository = hub.by_id(int(places["repository_id"]))
    else:
        full_name = f"{places['owner']}/{places['repo']}"
        moved = hub.renamed.get(full_name.lower())
        if moved is not None and who.sees(hub.by_id(moved)):
            raise _moved(request, full_name, moved, method)
        repository = hub.repository(full_name)
    if not who.sees(repository):
        raise not_found()
    if not who.may(repository, needs.permission, needs.level, needs.role):
        what = "integration" if who.kind == "installation" or who.permissions is not None else "personal access token"
        raise Refused(403, f"Resource not accessible by {what}")
    if repository.archived and method != "GET":
        raise Refused(403, "Repository was archived so is read-only.")
    return repository


def _moved(request: Request, full_name: str, number: int, method: str) -> Refused:
    prefix = request.scope.get("github.prefix", "")
    rest = request.url.path[len(f"/repos/{full_name}") :]
    query = f"?{request.url.query}" if request.url.query else ""
    location = f"{request.url.scheme}://{request.url.netloc}{prefix}/repositories/{number}{rest}{query}"
    return _Moved(301 if method == "GET" else 307, location)


class _Moved(Refused):
    """Says where the repository is now."""

    def __init__(self, status: int, location: str) -> None:
        super().__init__(status, "Moved Permanently" if status == 301 else "Temporary Redirect",
                         headers={"Location": location})  # fmt: skip
        self._location = location

    def response(self) -> Response:
        """The answer; its body names the place, too."""
        body = {"message": self.message, "url": self._location, "documentation_url": self.documentation}
        return JSONResponse(body, self.status, headers=self.headers)


def _conditional(request: Request, response: Response) -> Response:
    """Add an ETag, or answer 304 where the client has this already."""
    if response.status_code not in (200, 201, 202) or not response.body:
        return response
    varied = bytes(response.body) + request.headers.get("accept", "").encode()
    tag = f'W/"{hashlib.sha256(varied).hexdigest()}"'
    response.headers["ETag"] = tag
    if request.method != "GET":
        return response
    asked = request.headers.get("if-none-match")
    since = request.headers.get("if-modified-since")
    modified = response.headers.get("last-modified")
    same = asked is not None and tag.removeprefix("W/") in (
        each.strip().removeprefix("W/") for each in asked.split(",")
    )
    if asked is None and since and modified:
        same = parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    if not same:
        return response
    kept = {name: response.headers[name] for name in ("ETag", "Link", "Last-Modified") if name in response.headers}
    return Response(status_code=304, headers=kept)


def last_modified(seconds: float) -> dict[str, str]:
    """The header of a thing that knows when it changed."""
    return {"Last-Modified": formatdate(seconds, usegmt=True)}


def _finish(
    response: Response, request: Request, hub: Hub, who: Identity | None, limits: dict[str, str], needs: Needs | None
) -> None:
    if "content-type" in response.headers:
        response.headers["Content-Type"] = response.headers["content-type"].replace(
            "application/json", "application/json; charset=utf-8"
        )
    number = len(hub.requests) + 1
    response.headers["X-GitHub-Request-Id"] = f"{number:04X}:1A2B:3C4D5E:6F7081:{int(hub.clock()):08X}"
    response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if version := request.headers.get("x-github-api-version"):
        response.headers["X-GitHub-Api-Version-Selected"] = version
    if hub.behaviour.enterprise_version:
        response.headers["X-GitHub-Enterprise-Version"] = hub.behaviour.enterprise_version
    elif not {"x-ratelimit-limit"} & set(response.headers):
        response.headers.update(limits)
    if response.status_code < 400:
        private = who is not None and who.kind != "anonymous"
        response.headers["Cache-Control"] = f"{'private' if private else 'public'}, max-age=60, s-maxage=60"
        response.headers["Vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP" if private else "Accept"
    if who is not None and who.scopes is not None:
        response.headers["X-OAuth-Scopes"] = who.scopes
        response.headers["X-Accepted-OAuth-Scopes"] = "repo" if needs else ""
    elif who is not None and needs is not None:
        response.headers["X-Accepted-GitHub-Permissions"] = f"{needs.permission}={needs.level}"
