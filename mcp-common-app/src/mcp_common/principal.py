"""Who is calling: the verified facts of a token, and nothing that could be replayed."""

import json
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. Holds no token, so it may be logged.

    `actors` is the RFC 8693 `act` chain: who acts for the subject, nearest first.
    `auth_time` and `expires_at` are epoch seconds. `name` is for people to read, and may be one they chose themselves;
    `username` (`preferred_username`) and `email` (unless marked unverified) are what the provider keeps of accounts.
    """

    subject: str
    issuer: str
    name: str = ""
    groups: tuple[str, ...] = ()
    client_id: str | None = None
    actors: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    acr: str | None = None
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    expires_at: int | None = None
    username: str = ""
    email: str = ""

    @property
    def label(self) -> str:
        """The name a person recognises."""
        return self.name or self.subject

    @property
    def owner(self) -> str:
        """Who this is and through whom, as JSON: the same person through another client or agent is another owner."""
        return json.dumps([self.issuer, self.subject, self.client_id, *self.actors])


current_principal: ContextVar[Principal | None] = ContextVar("current_principal", default=None)
