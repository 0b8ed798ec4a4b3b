"""Sessions and unfinished questions belong to whoever began them: the owner is made from the verified principal.

The SDK compares the owner of a session with the sender of each request, and seals the owner into the state of a
multi-round-trip question. It reads the owner off a user object that normally carries the access token. Here that
object holds a digest in the token's place, so the token itself goes nowhere.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, Final

from fastmcp.server.event_store import EventStore
from key_value.aio.stores.memory import MemoryStore
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.context import ServerRequestContext
from mcp.server.request_state import RequestStateSecurity
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.principal import Principal, current_principal

RETRY_MILLISECONDS: Final = 500
"""How soon a client that lost a stream is asked to come back for the rest."""

_KEPT_SECONDS: Final = 300
_KEPT_EVENTS: Final = 10_000
_KEPT_EVENTS_PER_STREAM: Final = 100


class SessionOwner:
    """ASGI middleware behind authentication: tells the SDK's session manager whose request it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the owner in `scope["user"]`."""
        principal = scope.get("state", {}).get("principal")
        if isinstance(principal, Principal):
            scope = {**scope, "user": _user(principal)}
        await self._app(scope, receive, send)


def _user(principal: Principal) -> AuthenticatedUser:
    owner = principal.owner
    stand_in = AccessToken(
        token=hashlib.sha256(owner.encode()).hexdigest(),
        client_id=owner,
        scopes=list(principal.scopes),
        expires_at=principal.expires_at,
        subject=principal.subject,
        claims={"iss": principal.issuer},
    )
    return AuthenticatedUser(stand_in)


def request_state_security(keys: Sequence[bytes], service: str) -> RequestStateSecurity:
    """How the state of a question travels through the client: sealed, for this service, for whoever was asked.

    Without keys, one that this process alone knows: a question asked before a restart cannot be answered after it.
    """
    return RequestStateSecurity(
        keys=list(keys) or [secrets.token_bytes(32)], audience=service, bind_principal=_owner_of_request
    )


def _owner_of_request(context: ServerRequestContext[Any, Any]) -> str | None:
    request = context.request
    principal = current_principal.get() if request is None else request.scope["state"]["principal"]
    return None if principal is None else principal.owner


def resumable_streams() -> EventStore:
    """What a session's streams sent, kept for minutes in this process, so that a client can fetch what it missed."""
    kept = MemoryStore(max_entries_per_collection=_KEPT_EVENTS)
    return EventStore(kept, max_events_per_stream=_KEPT_EVENTS_PER_STREAM, ttl=_KEPT_SECONDS)
