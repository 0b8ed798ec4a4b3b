"""The user behind a request."""

import base64
import binascii
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.auth.able import able_named, with_password
from simulators.servicenow.auth.sessions import COOKIE, ROUTE
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.users import User


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request acts as; `cookie` is the session it opened, empty when it brought one."""

    user: User
    cookie: str = ""

    def mark(self, response: Response) -> None:
        """Set the session's cookies on the answer."""
        if self.cookie:
            response.set_cookie(COOKIE, self.cookie, path="/", httponly=True)
            response.set_cookie(ROUTE, f"glide.{self.cookie.lower()}", path="/", httponly=True, max_age=2_147_483_647)


def identify(request: Request) -> Identity | None:
    """None when nobody is proven. A running session decides, even against the credentials beside it."""
    instance = instance_of(request)
    if not instance.behaviour.sessions:
        user = _proven(request, instance)
        return None if user is None else Identity(user)
    running = instance.sessions.user_of(request.cookies.get(COOKIE, ""))
    if running is not None and ("authorization" in request.headers or request.method == "GET"):
        user = able_named(instance, running)
        return None if user is None else Identity(user)
    user = _proven(request, instance)
    return None if user is None else Identity(user, instance.sessions.start(user.user_name))


def _proven(request: Request, instance: Instance) -> User | None:
    key = request.headers.get("x-sn-apikey")
    if key and key in instance.behaviour.api_keys:
        return able_named(instance, instance.behaviour.api_keys[key])
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        holder = instance.tokens.user_of(rest.strip())
        return None if holder is None else able_named(instance, holder)
    return _basic(instance, rest) if scheme.lower() == "basic" else None


def _basic(instance: Instance, encoded: str) -> User | None:
    try:
        user_name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return with_password(instance, user_name, password)
