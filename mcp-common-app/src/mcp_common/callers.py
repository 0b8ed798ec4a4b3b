"""Who the call under way is for. Set by the call path for one call, inherited by what the call starts, and gone after.

`current_principal` belongs to the HTTP request; a session of the handshake era runs the calls of later requests in a
task of the first one, so only this variable tells the caller of a call.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from mcp_common.principal import Principal


@dataclass(slots=True, eq=False)
class RunningCall:
    """Whose call it is; `upstream_user` is whom the upstream took it for, None for the service account."""

    principal: Principal
    upstream_user: str | None = None


current_call: ContextVar[RunningCall | None] = ContextVar("current_call", default=None)


@contextmanager
def calling(principal: Principal | None) -> Iterator[RunningCall | None]:
    """Within the block, the call under way is this caller's."""
    running = RunningCall(principal) if principal is not None else None
    token = current_call.set(running)
    try:
        yield running
    finally:
        current_call.reset(token)
