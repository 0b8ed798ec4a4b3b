"""Who a request's credentials stand for."""

import base64
import binascii

from starlette.requests import Request

from simulators.github.accounts import ANONYMOUS, Identity
from simulators.github.answers import Refused
from simulators.github.behaviour import APP_ID, INSTALLATION_ID, PAT
from simulators.github.hub import Hub


def bad_credentials() -> Refused:
    """The same for a token that ended, was revoked, or never was."""
    return Refused(401, "Bad credentials")


def requires_authentication() -> Refused:
    """Nobody may do this without saying who it is."""
    return Refused(401, "Requires authentication")


def identify(request: Request, hub: Hub) -> Identity:
    """Raises: Refused 401."""
    given = request.headers.get("authorization", "")
    if not given:
        return ANONYMOUS
    scheme, _, token = given.partition(" ")
    token = token.strip()
    if scheme.lower() == "basic":
        token = _password(token)
    elif scheme.lower() not in ("bearer", "token"):
        raise bad_credentials()
    if token.count(".") == 2:
        hub.tokens.check_app(token)
        return Identity("app", None, f"app {APP_ID}")
    return _by_token(token, hub)


def _by_token(token: str, hub: Hub) -> Identity:
    login = hub.user_tokens.get(token)
    if login is not None:
        account = hub.accounts[login]
        if token == PAT:
            return Identity("user", account, str(account.id), scopes="repo, workflow, read:org")
        permissions = hub.behaviour.app_permissions
        return Identity("user", account, str(account.id), permissions, _installed(hub))
    issued = hub.tokens.known(token)
    if issued is None:
        raise bad_credentials()
    return Identity(
        "installation",
        None,
        f"installation ID {INSTALLATION_ID}",
        issued.permissions,
        issued.repositories,
        expires=issued.expires,
    )


def _installed(hub: Hub) -> frozenset[int] | None:
    """Ids of the repositories the App was installed for; None for all."""
    if hub.behaviour.installation_selection == "all":
        return None
    names = hub.behaviour.installation_repositories
    return frozenset(each.id for each in hub.repositories.values() if each.name in names)


def _password(encoded: str) -> str:
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise bad_credentials() from error
    return password if password not in ("", "x-oauth-basic") else user
