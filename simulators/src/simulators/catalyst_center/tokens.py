"""The controller's tokens: they are good for an hour, and nothing in the answer says so."""

import base64
import binascii
import json
import random
from collections.abc import Mapping

from simulators.clock import Clock


class Tokens:
    """Issues tokens to accounts and tells whose one is."""

    def __init__(self, accounts: Mapping[str, str], lifetime: float, clock: Clock) -> None:
        self._accounts = accounts
        self._lifetime = lifetime
        self._clock = clock
        self._issued: dict[str, tuple[str, float]] = {}
        self.logins = 0

    def log_in(self, authorization: str | None) -> str | None:
        """A token for a Basic header with a known account."""
        account = self._account(authorization)
        if account is None:
            return None
        self.logins += 1
        now = self._clock()
        claims = {
            "sub": f"{random.getrandbits(96):024x}",
            "authSource": "internal",
            "tenantName": "TNT0",
            "iat": int(now),
        }
        token = (
            ".".join(_part(part) for part in ({"alg": "RS256", "typ": "JWT"}, claims)) + f".{random.getrandbits(256):x}"
        )
        self._issued = {known: (who, until) for known, (who, until) in self._issued.items() if until > now}
        self._issued[token] = (account, now + self._lifetime)
        return token

    def account_of(self, token: str | None) -> str | None:
        """Who holds the token; None when it is unknown or past its hour."""
        account, until = self._issued.get(token or "", (None, 0.0))
        return account if until > self._clock() else None

    def expire_all(self) -> None:
        """What a restart of the controller does."""
        self._issued.clear()

    def _account(self, authorization: str | None) -> str | None:
        scheme, _, encoded = (authorization or "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            username, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return username if password and self._accounts.get(username) == password else None


def _part(content: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
