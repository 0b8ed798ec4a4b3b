"""The user behind a request."""

import base64
import binascii
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.users import User


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request acts as."""

    user: User

    def mark(self, response: Response) -> None:
        """Set what the instance sets on every answer."""


def identify(request: Request) -> Identity | None:
    """None when nobody is proven."""
    user = _basic(instance_of(request), request.headers.get("authorization", ""))
    return None if user is None else Identity(user)


def _basic(instance: Instance, authorization: str) -> User | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user_name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return with_password(instance, user_name, password)


def with_password(instance: Instance, user_name: str, password: str) -> User | None:
    """The user, unless the password is another or the account is closed or locked."""
    known = instance.behaviour.accounts.get(user_name)
    return able(instance, user_name) if password and known == password else None


def able(instance: Instance, user_name: str) -> User | None:
    """The user so named, unless inactive or locked out."""
    record = instance.tables["sys_user"].find(user_name=user_name)
    if record is None or record["active"] != "true" or record["locked_out"] == "true":
        return None
    return instance.user(record["sys_id"])
