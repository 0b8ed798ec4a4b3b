"""Repositories, their branches' protection, and who may do what in them."""

import re

from starlette.responses import Response

from simulators.github.accounts import Account
from simulators.github.answers import Refused, invalid, not_found
from simulators.github.call import Call, text_of
from simulators.github.gateway import last_modified, needing, route
from simulators.github.rendering import repositories as rendering
from simulators.github.rendering.accounts import account as rendered_account
from simulators.github.rendering.issues import label
from simulators.github.repository import Repository

_SORTS = {
    "created": lambda each: each.created,
    "updated": lambda each: each.pushed,
    "pushed": lambda each: each.pushed,
    "full_name": lambda each: each.full_name.lower(),
}


async def get_repository(call: Call) -> Response:
    """GET /repos/{owner}/{repo}."""
    return call.json(rendering.full(call, call.repository), headers=last_modified(call.repository.pushed))


async def patch_repository(call: Call) -> Response:
    """PATCH: name and description only."""
    body = await call.body()
    if isinstance(body.get("description"), str):
        call.repository.description = body["description"]
    if "name" in body and body["name"] != call.repository.name:
        name = text_of(body, "name", "Repository")
        if not re.fullmatch(r"[\w.-]{1,100}", name) or f"{call.repository.owner.login}/{name}" in call.hub.repositories:
            raise invalid({"resource": "Repository", "field": "name", "code": "custom",
                           "message": "name already exists on this account"})  # fmt: skip
        call.hub.rename(call.repository.full_name, name)
    return call.json(rendering.full(call, call.repository))


async def list_of_organisation(call: Call) -> Response:
    """GET /orgs/{org}/repos."""
    owner = _owner(call, "org", "Organization")
    kind = call.query("type", "all")
    found = [each for each in _seen(call) if each.owner.login == owner.login]
    if kind in ("private", "public"):
        found = [each for each in found if each.private == (kind == "private")]
    return _listed(call, found, "created")


async def list_of_user(call: Call) -> Response:
    """GET /users/{username}/repos: public ones."""
    owner = _owner(call, "username", "")
    found = [each for each in _seen(call) if each.owner.login == owner.login and not each.private]
    return _listed(call, found, "full_name")


async def list_of_mine(call: Call) -> Response:
    """GET /user/repos: where the caller has a role."""
    login = call.author.login
    return _listed(call, [each for each in _seen(call) if each.roles.get(login, "none") != "none"], "full_name")


async def list_of_installation(call: Call) -> Response:
    """GET /installation/repositories."""
    allowed = call.who.repositories
    found = [each for each in call.hub.repositories.values() if allowed is None or each.id in allowed]
    shown, headers = call.slice(found)
    body = {
        "total_count": len(found),
        "repository_selection": "all" if allowed is None else "selected",
        "repositories": [rendering.listed(call, each) for each in shown],
    }
    return call.json(body, headers=headers)


async def list_collaborators(call: Call) -> Response:
    """GET /repos/{owner}/{repo}/collaborators."""
    return call.page(sorted(call.repository.roles), lambda login: _collaborator(call, login))


async def get_permission(call: Call) -> Response:
    """GET /repos/…/collaborators/{username}/permission: triage counts as read, maintain as write."""
    somebody = call.hub.account(call.place("username"))
    if somebody is None:
        raise Refused(404, f"{call.place('username')} is not a user")
    role = call.repository.role_of(somebody.login)
    return call.json(
        {
            "permission": {"triage": "read", "maintain": "write"}.get(role, role),
            "user": _collaborator(call, somebody.login),
            "role_name": role,
        }
    )


async def is_collaborator(call: Call) -> Response:
    """GET /repos/…/collaborators/{username}: 204, or 404."""
    somebody = call.hub.account(call.place("username"))
    if somebody is None or somebody.login not in call.repository.roles:
        raise not_found()
    return Response(status_code=204)


async def list_labels(call: Call) -> Response:
    """GET /repos/…/labels."""
    return call.page(list(call.repository.labels.values()), lambda each: label(call, call.repository, each))


def _collaborator(call: Call, login: str) -> dict[str, object]:
    role = call.repository.role_of(login)
    order = ("pull", "triage", "push", "maintain", "admin")
    reach = {"none": 0, "read": 1, "triage": 2, "write": 3, "maintain": 4, "admin": 5}[role]
    return rendered_account(call.links, call.hub.accounts[login]) | {
        "permissions": {name: place < reach for place, name in enumerate(order)},
        "role_name": role,
    }


def _owner(call: Call, place: str, kind: str) -> Account:
    owner = call.hub.account(call.place(place))
    if owner is None or (kind and owner.kind != kind):
        raise not_found()
    return owner


def _seen(call: Call) -> list[Repository]:
    return [each for each in call.hub.repositories.values() if call.who.sees(each)]


def _listed(call: Call, found: list[Repository], by: str) -> Response:
    sort = call.query("sort", by)
    key = _SORTS.get(sort, _SORTS[by])
    descending = call.query("direction", "asc" if sort == "full_name" else "desc") == "desc"
    found.sort(key=key, reverse=descending)
    return call.page(found, lambda each: rendering.listed(call, each))


_METADATA = needing("metadata")
routes = [
    route("GET", "/repos/{owner}/{repo}", get_repository, _METADATA),
    route("PATCH", "/repos/{owner}/{repo}", patch_repository, needing("administration", "write", "admin")),
    route("GET", "/orgs/{org}/repos", list_of_organisation),
    route("GET", "/users/{username}/repos", list_of_user),
    route("GET", "/user/repos", list_of_mine, access="user"),
    route("GET", "/installation/repositories", list_of_installation, access="installation"),
    route("GET", "/repos/{owner}/{repo}/collaborators", list_collaborators, needing("metadata", "read", "write")),
    route("GET", "/repos/{owner}/{repo}/collaborators/{username}", is_collaborator, _METADATA),
    route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", get_permission, _METADATA),
    route("GET", "/repos/{owner}/{repo}/labels", list_labels, needing("issues")),
]
