"""How to log in to ServiceNow: as a client of its OAuth, as the calling user by a signed assertion, or by password."""

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from pydantic import BaseModel, BeforeValidator, Field

from mcp_common.errors import Unavailable, UpstreamUnauthorized
from mcp_common.principal import Principal

TOKEN_PATH = "/oauth_token.do"  # noqa: S105 - a path
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SECRET_PATH = "api/servicenow"  # noqa: S105 - where it is, not what it is

USUAL_LIFE = 1_800.0
RENEW_BEFORE = 60.0
ASSERTION_LIFE = 120
_LONGEST_NAME = 100


def _seconds(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else USUAL_LIFE


class TokenAnswer(BaseModel):
    """What the token endpoint gives. `expires_in` is in seconds, 1799 by default."""

    access_token: str = Field(min_length=1, repr=False)
    expires_in: Annotated[float, BeforeValidator(_seconds)] = USUAL_LIFE

    @property
    def renew_after(self) -> float:
        """A minute before it ends. One that is about to end serves to its end: asking earlier gives the same again."""
        return self.expires_in - RENEW_BEFORE if self.expires_in > 2 * RENEW_BEFORE else self.expires_in


def acts_as_caller(secret: Mapping[str, Any]) -> bool:
    """True when every call is to run in the calling user's own name."""
    return bool(secret.get("jwt_private_key"))


def client_form(secret: Mapping[str, Any]) -> dict[str, str] | None:
    """Client id and secret, for the form of a token request; None where the secret store has none."""
    if not secret.get("client_id") or not secret.get("client_secret"):
        return None
    return {"client_id": str(secret["client_id"]), "client_secret": str(secret["client_secret"])}


def basic_authorization(secret: Mapping[str, Any]) -> dict[str, str]:
    """The header of the password login.

    Raises:
        Unavailable: when the secret store holds none of the logins there are.

    """
    if not secret.get("username") or not secret.get("password"):
        raise Unavailable(
            f"ServiceNow is not set up: {SECRET_PATH} in the secret store needs client_id and client_secret "
            "(with jwt_private_key and jwt_kid to act as the calling user), or username and password."
        )
    pair = f"{secret['username']}:{secret['password']}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def name_of(caller: Principal, secret: Mapping[str, Any]) -> str:
    """Who the caller is in ServiceNow, by the user field that `jwt_user_claim` names.

    Only what the identity provider vouches for as a user's counts: no display name, which people choose themselves, and
    no subject, which may be that of a program with the name of a user.

    Raises:
        UpstreamUnauthorized: when the token does not say it.

    """
    claim = secret.get("jwt_user_claim") or "user_name"
    if claim not in {"user_name", "email"}:
        raise Unavailable(f"ServiceNow is not set up: jwt_user_claim at {SECRET_PATH} is user_name or email.")
    name = caller.email if claim == "email" else caller.username
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UpstreamUnauthorized(
            f"ServiceNow calls run in the caller's own name, and the caller's token has no usable {claim}. "
            "An operator of the identity provider can add it."
        )
    return name


@lru_cache(maxsize=4)
def _signing_key(pem: str) -> RSAKey:
    """Reading a private key checks its primes, which takes tens of milliseconds: once for each key, not each login."""
    return RSAKey.import_key(pem)


def assertion(secret: Mapping[str, Any], user: str, now: datetime) -> str:
    """Sign that `user` asks for a token (RFC 7523), for two minutes.

    `jwt_audience` defaults to the client id, which is what a JWT endpoint of an instance compares with.

    Raises:
        Unavailable: when the key, or what belongs to it, is missing or unusable.

    """
    missing = [name for name in ("client_id", "jwt_kid") if not secret.get(name)]
    if missing:
        raise Unavailable(
            f"ServiceNow is not set up: {SECRET_PATH} has jwt_private_key and lacks {', '.join(missing)}."
        )
    issued = int(now.timestamp())
    claims = {
        "iss": str(secret["client_id"]),
        "sub": user,
        "aud": str(secret.get("jwt_audience") or secret["client_id"]),
        "iat": issued,
        "exp": issued + ASSERTION_LIFE,
        "jti": str(uuid.uuid4()),
    }
    header = {"alg": "RS256", "kid": str(secret["jwt_kid"]), "typ": "JWT"}
    try:
        return jwt.encode(header, claims, _signing_key(str(secret["jwt_private_key"])), algorithms=["RS256"])
    except (JoseError, ValueError, TypeError) as problem:
        raise Unavailable(
            f"ServiceNow is not set up: jwt_private_key at {SECRET_PATH} is no RSA private key in PEM form."
        ) from problem
