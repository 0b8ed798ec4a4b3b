"""OAuth tokens: who holds one, for which application, until when."""

import random
from dataclasses import dataclass

from simulators.clock import Clock

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for."""

    client_id: str
    user_name: str
    until: float


class Tokens:
    """Access and refresh tokens of one instance."""

    def __init__(self, clock: Clock, rng: random.Random, access_lifetime: float, refresh_lifetime: float) -> None:
        self._clock = clock
        self._rng = rng
        self._access_lifetime = access_lifetime
        self._refresh_lifetime = refresh_lifetime
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._seen: dict[str, float] = {}
        self.logins = 0

    def access(self, client_id: str, user_name: str, *, again: bool) -> tuple[str, int]:
        """A token and its seconds; with `again` the one in force, however little of it is left."""
        self.logins += 1
        now = self._clock()
        self._access = {token: grant for token, grant in self._access.items() if grant.until > now}
        if again:
            for token, grant in self._access.items():
                if (grant.client_id, grant.user_name) == (client_id, user_name):
                    return token, int(grant.until - now)
        token = self._token()
        self._access[token] = Grant(client_id, user_name, now + self._access_lifetime)
        return token, int(self._access_lifetime)

    def refresh(self, client_id: str, user_name: str) -> str:
        """A refresh token; the one in force if there is one."""
        now = self._clock()
        self._refresh = {token: grant for token, grant in self._refresh.items() if grant.until > now}
        for token, grant in self._refresh.items():
            if (grant.client_id, grant.user_name) == (client_id, user_name):
                return token
        token = self._token()
        self._refresh[token] = Grant(client_id, user_name, now + self._refresh_lifetime)
        return token

    def refreshed(self, token: str, client_id: str) -> str | None:
        """Whose refresh token this is; None when unknown, another application's or past its end."""
        grant = self._refresh.get(token)
        good = grant is not None and grant.client_id == client_id and grant.until > self._clock()
        return grant.user_name if grant is not None and good else None

    def user_of(self, token: str) -> str | None:
        """Who holds an access token; None when it is unknown or past its end."""
        grant = self._access.get(token)
        return grant.user_name if grant is not None and grant.until > self._clock() else None

    def first_time(self, jti: str, until: float) -> bool:
        """False for the id of an assertion that was used before."""
        now = self._clock()
        self._seen = {known: end for known, end in self._seen.items() if end > now}
        if jti in self._seen:
            return False
        self._seen[jti] = until
        return True

    def void_access(self) -> None:
        """Every access token ends now; refresh tokens stay."""
        self._access.clear()

    def void_all(self) -> None:
        """Every token ends now."""
        self._access.clear()
        self._refresh.clear()

    def _token(self) -> str:
        return "".join(self._rng.choice(_ALPHABET) for _ in range(86))
