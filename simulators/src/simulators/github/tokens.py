"""The App's proof of itself, and the tokens it gets for an installation."""

import json
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from simulators.clock import Clock
from simulators.github.answers import Refused
from simulators.github.behaviour import APP_ID, CLIENT_ID, Behaviour, Level

LONGEST_JWT = 600
_ALPHABET = string.ascii_letters + string.digits


@dataclass(slots=True)
class InstallationToken:
    """What one token may, until when."""

    token: str
    expires: float
    permissions: Mapping[str, Level]
    repositories: frozenset[int] | None
    """None: all of the organisation."""
    revoked: bool = False


class Tokens:
    """Hands tokens out and knows them again."""

    def __init__(self, behaviour: Behaviour, clock: Clock, seed: int) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._rng = random.Random(seed)
        self.issued: dict[str, InstallationToken] = {}

    def issue(self, permissions: Mapping[str, Level], repositories: frozenset[int] | None) -> InstallationToken:
        """A new one, good for an hour."""
        text = "ghs_" + "".join(self._rng.choices(_ALPHABET, k=36))
        token = InstallationToken(text, self._clock() + self._behaviour.token_lifetime, permissions, repositories)
        self.issued[text] = token
        return token

    def known(self, text: str) -> InstallationToken | None:
        """None for one that ended, was revoked or never was."""
        token = self.issued.get(text)
        return token if token and not token.revoked and token.expires > self._clock() else None

    def void_all(self) -> None:
        """Every token is worthless from now on."""
        for token in self.issued.values():
            token.revoked = True

    def check_app(self, text: str) -> None:
        """Raises: Refused 401, this JWT does not prove that the App is asking."""
        claims = self._claims(text)
        now = self._clock()
        issued, expires = claims.get("iat"), claims.get("exp")
        if str(claims.get("iss")) not in (str(APP_ID), CLIENT_ID):
            raise Refused(401, "'Issuer' claim ('iss') must be an Integer, and must be the App's id")
        if not isinstance(expires, int | float):
            raise Refused(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time "
                               "at which the assertion expires")  # fmt: skip
        if not isinstance(issued, int | float) or issued > now + self._behaviour.clock_skew:
            raise Refused(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion "
                               "was issued")  # fmt: skip
        if expires <= now:
            raise Refused(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time "
                               "at which the assertion expires")  # fmt: skip
        if expires > now + LONGEST_JWT or expires - issued > LONGEST_JWT + self._behaviour.clock_skew:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")

    def _claims(self, text: str) -> dict[str, object]:
        undecodable = Refused(401, "A JSON web token could not be decoded")
        if not self._behaviour.app_public_key:
            raise undecodable
        try:
            key = RSAKey.import_key(self._behaviour.app_public_key)
            return dict(jwt.decode(text, key, algorithms=["RS256"]).claims)
        except (JoseError, ValueError, json.JSONDecodeError) as error:
            raise undecodable from error
