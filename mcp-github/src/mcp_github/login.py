"""How to log in to GitHub: as an installation of a GitHub App, as the calling user, or with a token of an account."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from pydantic import AfterValidator, BaseModel, Field

from mcp_common.errors import Unavailable
from mcp_common.principal import Principal

SECRET_PATH = "api/github"  # noqa: S105 - where it is, not what it is
API_VERSION = "2022-11-28"
STANDING = {"X-GitHub-Api-Version": API_VERSION, "User-Agent": "mcp-platform-github"}
"""What every request carries; GitHub refuses one without a User-Agent."""

JWT_LIFE = 540
"""Seconds from now; with the minute it is dated back, GitHub's limit of ten minutes is kept."""
_DATED_BACK = 60
RENEW_BEFORE = 300.0
_USUAL_LIFE = 3_600.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,1000}")


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class InstallationToken(BaseModel):
    """What GitHub gives an installation: a token for one hour."""

    token: str = Field(min_length=1, max_length=1_000, repr=False)
    expires_at: Annotated[datetime, AfterValidator(_utc)] | None = None

    def renew_after(self, now: datetime) -> float:
        """Five minutes before it ends, in seconds from now; one that ends sooner serves to its end."""
        left = _USUAL_LIFE if self.expires_at is None else (self.expires_at - now).total_seconds()
        return left - RENEW_BEFORE if left > 2 * RENEW_BEFORE else max(left, 1.0)


def is_app(secret: Mapping[str, Any]) -> bool:
    """True when the platform's own calls run as an installation of a GitHub App."""
    return bool(secret.get("private_key"))


def user_of(secret: Mapping[str, Any], caller: Principal) -> str | None:
    """Under which name the secret holds a token of the caller's own; None where it holds none.

    Only what the identity provider vouches for counts; a display name, which people choose themselves, does not.
    """
    name = caller.username or caller.subject
    return name if name in _user_tokens(secret) else None


def headers_of(token: object) -> dict[str, str]:
    """The headers of calls with a token.

    Raises:
        Unavailable: when it is none.

    """
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Unavailable(f"GitHub is not set up: what {SECRET_PATH} in the secret store has as a token is none.")
    return {**STANDING, "Authorization": f"Bearer {token}"}


def own_token(secret: Mapping[str, Any], user: str) -> object:
    """The token the secret holds for a user of the platform."""
    return _user_tokens(secret).get(user)


def installation_path(secret: Mapping[str, Any]) -> str:
    """Where the App asks about its installation; below it, for a token.

    Raises:
        Unavailable: when what belongs to the App is missing or malformed.

    """
    installation = str(secret.get("installation_id") or "")
    if not (installation.isascii() and installation.isdigit()) or not _issuer(secret):
        raise Unavailable(
            f"GitHub is not set up: {SECRET_PATH} in the secret store has private_key and lacks "
            "installation_id (a number), or client_id (or app_id)."
        )
    return f"/app/installations/{installation}"


def app_token(secret: Mapping[str, Any], now: datetime) -> str:
    """Sign that this is the App (RS256), for at most ten minutes.

    Raises:
        Unavailable: when the key is unusable.

    """
    issued = int(now.timestamp())
    claims = {"iss": _issuer(secret), "iat": issued - _DATED_BACK, "exp": issued + JWT_LIFE}
    try:
        key = _signing_key(str(secret["private_key"]))
        return jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, key, algorithms=["RS256"])
    except (JoseError, ValueError, TypeError) as problem:
        raise Unavailable(
            f"GitHub is not set up: private_key at {SECRET_PATH} is no RSA private key in PEM form."
        ) from problem


@lru_cache(maxsize=4)
def _signing_key(pem: str) -> RSAKey:
    """Reading a private key checks its primes, which takes tens of milliseconds: once for each key, not each login."""
    return RSAKey.import_key(pem)


def _issuer(secret: Mapping[str, Any]) -> str:
    return str(secret.get("client_id") or secret.get("app_id") or "")


def _user_tokens(secret: Mapping[str, Any]) -> Mapping[str, Any]:
    found = secret.get("user_tokens")
    return found if isinstance(found, dict) else {}
