"""The token endpoint."""

import hmac
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from simulators.servicenow.auth.able import able_named, with_password
from simulators.servicenow.auth.assertion import asserted
from simulators.servicenow.behaviour import OAuthClient
from simulators.servicenow.gateway import HIBERNATING, recorded
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.users import User

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
Form = Mapping[str, str]


async def token(request: Request) -> Response:
    """An access token. Only a form in the body is read: what is in the query does not count."""
    instance = instance_of(request)
    if instance.behaviour.hibernating:
        return HTMLResponse(HIBERNATING)
    form = await _form(request)
    client_id = form.get("client_id", "")
    client = instance.behaviour.clients.get(client_id)
    if client is None or not hmac.compare_digest(client.secret, form.get("client_secret", "")):
        return _error(401, "invalid_client", "access_denied")
    grant = _GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        return _error(400, "unsupported_grant_type", "grant type is not supported")
    user = grant(instance, client_id, client, form)
    if user is None:
        return _error(401, "server_error", "access_denied")
    return _granted(instance, client_id, user, form["grant_type"])


def _granted(instance: Instance, client_id: str, user: User, grant_type: str) -> Response:
    again = grant_type in ("password", "client_credentials")
    access, seconds = instance.tokens.access(client_id, user.user_name, again=again)
    answer: dict[str, object] = {"access_token": access}
    if grant_type in ("password", "refresh_token"):
        answer["refresh_token"] = instance.tokens.refresh(client_id, user.user_name)
    return JSONResponse(answer | {"scope": "useraccount", "token_type": "Bearer", "expires_in": seconds})


async def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


def _error(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error_description": description, "error": error}, status)


def _client_credentials(instance: Instance, client_id: str, client: OAuthClient, form: Form) -> User | None:
    return able_named(instance, client.runs_as)


def _password(instance: Instance, client_id: str, client: OAuthClient, form: Form) -> User | None:
    return with_password(instance, form.get("username", ""), form.get("password", ""))


def _refresh(instance: Instance, client_id: str, client: OAuthClient, form: Form) -> User | None:
    holder = instance.tokens.refreshed(form.get("refresh_token", ""), client_id)
    return None if holder is None else able_named(instance, holder)


def _jwt_bearer(instance: Instance, client_id: str, client: OAuthClient, form: Form) -> User | None:
    return asserted(instance, client_id, client, form.get("assertion", "")) if client.public_key else None


_GRANTS: Mapping[str, Callable[[Instance, str, OAuthClient, Form], User | None]] = {
    "client_credentials": _client_credentials,
    "password": _password,
    "refresh_token": _refresh,
    JWT_BEARER: _jwt_bearer,
}

routes = [Route("/oauth_token.do", recorded(token), methods=["POST"])]
