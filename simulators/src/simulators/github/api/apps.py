"""The App, its installation, its tokens; who one is; what is left of the limits."""

from typing import Any

from starlette.responses import Response

from simulators.github.answers import Json, not_found, unprocessable
from simulators.github.behaviour import APP_ID, APP_SLUG, CLIENT_ID, INSTALLATION_ID, LEVELS, Level
from simulators.github.call import Call
from simulators.github.gateway import route
from simulators.github.rendering import repositories
from simulators.github.rendering.accounts import account
from simulators.github.times import iso, node_id

MOST_REPOSITORIES = 500
ORGANISATION = "nordhaven"


async def get_app(call: Call) -> Response:
    """GET /app."""
    owner = call.hub.accounts[ORGANISATION]
    body = {
        "id": APP_ID,
        "client_id": CLIENT_ID,
        "slug": APP_SLUG,
        "node_id": node_id("A", APP_ID),
        "owner": account(call.links, owner),
        "name": "Nordhaven Platform",
        "description": None,
        "external_url": "https://nordhaven.example",
        "html_url": f"{call.links.html}/apps/{APP_SLUG}",
        "created_at": iso(call.hub.world.epoch - 400 * 86_400),
        "updated_at": iso(call.hub.world.epoch - 40 * 86_400),
        "permissions": dict(call.hub.behaviour.app_permissions),
        "events": ["push", "pull_request"],
        "installations_count": 1,
    }
    return call.json(body)


async def list_installations(call: Call) -> Response:
    """GET /app/installations."""
    return call.page([INSTALLATION_ID], lambda _: _installation(call))


async def get_installation(call: Call) -> Response:
    """GET /app/installations/{installation_id}."""
    _check(call)
    return call.json(_installation(call))


async def create_token(call: Call) -> Response:
    """POST …/access_tokens {repositories, repository_ids, permissions}: 201, one hour."""
    _check(call)
    body = await call.body()
    behaviour = call.hub.behaviour
    allowed = _allowed(call)
    chosen = _chosen(call, body, allowed)
    permissions = dict(behaviour.app_permissions)
    if body.get("permissions") is not None:
        permissions = _narrowed(body["permissions"], permissions)
    if behaviour.installation_selection == "all" and chosen is None:
        issued = call.hub.tokens.issue(permissions, None)
    else:
        issued = call.hub.tokens.issue(permissions, allowed if chosen is None else chosen)
    answer: Json = {
        "token": issued.token,
        "expires_at": iso(issued.expires),
        "permissions": {**permissions, "metadata": "read"},
        "repository_selection": "all" if issued.repositories is None else "selected",
    }
    if chosen is not None:
        answer["repositories"] = [repositories.listed(call, call.hub.by_id(one)) for one in sorted(chosen)]
    return call.json(answer, 201)


async def revoke_token(call: Call) -> Response:
    """DELETE /installation/token: 204."""
    token = call.hub.tokens.known(call.request.headers["authorization"].partition(" ")[2].strip())
    if token is not None:
        token.revoked = True
    return Response(status_code=204)


async def get_user(call: Call) -> Response:
    """GET /user: not for installations."""
    return call.json(_person(call, call.author.login))


async def get_user_named(call: Call) -> Response:
    """GET /users/{username}."""
    return call.json(_person(call, call.place("username")))


async def rate_limit(call: Call) -> Response:
    """GET /rate_limit: costs nothing."""
    limits, key = call.hub.limits, call.who.key
    resources: Json = {}
    for name in ("core", "search", "code_search", "graphql"):
        window = limits.window(key, name)
        left = max(window.limit - window.used, 0)
        resources[name] = {"limit": window.limit, "used": window.used, "remaining": left, "reset": window.reset}
    return call.json({"resources": resources, "rate": resources["core"]})


async def get_root(call: Call) -> Response:
    """GET /: where to go from here; of an Enterprise Server's `/meta` the version."""
    return call.json({"current_user_url": f"{call.links.api}/user", "rate_limit_url": f"{call.links.api}/rate_limit"})


async def get_meta(call: Call) -> Response:
    """GET /meta."""
    version = call.hub.behaviour.enterprise_version
    return call.json(
        {"verifiable_password_authentication": False} | ({"installed_version": version} if version else {})
    )


def _check(call: Call) -> None:
    if call.number("installation_id") != INSTALLATION_ID:
        raise not_found()


def _allowed(call: Call) -> frozenset[int]:
    behaviour = call.hub.behaviour
    return frozenset(
        each.id
        for each in call.hub.repositories.values()
        if behaviour.installation_selection == "all" or each.name in behaviour.installation_repositories
    )


def _chosen(call: Call, body: Json, allowed: frozenset[int]) -> frozenset[int] | None:
    """Raises: Refused 422, one of them is not the installation's."""
    names, ids = body.get("repositories"), body.get("repository_ids")
    if names is None and ids is None:
        return None
    by_name = {call.hub.by_id(one).name.lower(): one for one in allowed}
    wanted: list[Any] = [by_name.get(str(name).lower()) for name in names or []] + list(ids or [])
    if len(wanted) > MOST_REPOSITORIES:
        raise unprocessable("The number of repositories exceeds the maximum of 500")
    if any(one not in allowed for one in wanted):
        raise unprocessable("There is at least one repository that does not exist or is not accessible to the parent "
                            "installation.")  # fmt: skip
    return frozenset(wanted)


def _narrowed(given: object, granted: dict[str, Level]) -> dict[str, Level]:
    """Raises: Refused 422, more than was granted."""
    if not isinstance(given, dict):
        raise unprocessable("permissions is not an object")
    narrowed: dict[str, Level] = {}
    for name, level in given.items():
        if level not in LEVELS:
            raise unprocessable(f"Invalid permission level for {name}")
        held = "read" if name == "metadata" else granted.get(name)
        if held is None or LEVELS.index(level) > LEVELS.index(held):
            raise unprocessable("The permissions requested are not granted to this installation.")
        narrowed[name] = level
    return narrowed


def _installation(call: Call) -> Json:
    owner = call.hub.accounts[ORGANISATION]
    own = f"{call.links.api}/app/installations/{INSTALLATION_ID}"
    return {
        "id": INSTALLATION_ID,
        "client_id": CLIENT_ID,
        "account": account(call.links, owner),
        "repository_selection": call.hub.behaviour.installation_selection,
        "access_tokens_url": f"{own}/access_tokens",
        "repositories_url": f"{call.links.api}/installation/repositories",
        "html_url": f"{call.links.html}/organizations/{ORGANISATION}/settings/installations/{INSTALLATION_ID}",
        "app_id": APP_ID,
        "app_slug": APP_SLUG,
        "target_id": owner.id,
        "target_type": "Organization",
        "permissions": {**call.hub.behaviour.app_permissions, "metadata": "read"},
        "events": ["push", "pull_request"],
        "created_at": iso(call.hub.world.epoch - 400 * 86_400),
        "updated_at": iso(call.hub.world.epoch - 40 * 86_400),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": None,
    }


def _person(call: Call, login: str) -> Json:
    somebody = call.hub.account(login)
    if somebody is None:
        raise not_found()
    since = iso(call.hub.world.epoch - 900 * 86_400)
    return account(call.links, somebody) | {
        "name": somebody.name,
        "company": "Nordhaven Logistics" if somebody.email.endswith("@nordhaven.example") else None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": since,
        "updated_at": since,
    }


routes = [
    route("GET", "/", get_root),
    route("GET", "/meta", get_meta),
    route("GET", "/app", get_app, access="app"),
    route("GET", "/app/installations", list_installations, access="app"),
    route("GET", "/app/installations/{installation_id}", get_installation, access="app"),
    route("POST", "/app/installations/{installation_id}/access_tokens", create_token, access="app"),
    route("DELETE", "/installation/token", revoke_token, access="installation"),
    route("GET", "/user", get_user, access="user"),
    route("GET", "/users/{username}", get_user_named),
    route("GET", "/rate_limit", rate_limit, free=True),
]
