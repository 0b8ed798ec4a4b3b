"""Who is calling: the verified facts of a token, and nothing that could be replayed."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. Holds no token, so it may be logged.

    `actors` is the RFC 8693 `act` chain: who acts for the subject, nearest first.
    `auth_time` and `expires_at` are epoch seconds.
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

    @property
    def label(self) -> str:
        """The name a person recognises."""
        return self.name or self.subject


current_principal: ContextVar[Principal | None] = ContextVar("current_principal", default=None)
