"""Who the call under way is for. Set by the call path for one call, inherited by what the call starts, and gone after.

`current_principal` belongs to the HTTP request; a session of the handshake era runs the calls of later requests in a
task of the first one, so only this variable tells the caller of a call.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pydantic import BaseModel

from mcp_common.permissions import Permission
from mcp_common.principal import Principal


@dataclass(slots=True, eq=False)
class RunningCall:
    """Whose call it is; `upstream_user` is whom the upstream took it for, None for the service account.

    `restrictions` are what the request gives up for itself. `permission` and `arguments` are those of the tool, once
    the policy has admitted the call and the arguments fit.
    """

    principal: Principal
    upstream_user: str | None = None
    restrictions: frozenset[str] = frozenset()
    permission: Permission | None = None
    arguments: BaseModel | None = None


current_call: ContextVar[RunningCall | None] = ContextVar("current_call", default=None)


def restricted(name: str) -> bool:
    """True when the request under way gave this up for itself, as `lockdown` by the header X-MCP-Lockdown."""
    running = current_call.get()
    return running is not None and name in running.restrictions


@contextmanager
def calling(principal: Principal | None, restrictions: frozenset[str] = frozenset()) -> Iterator[RunningCall | None]:
    """Within the block, the call under way is this caller's."""
    running = RunningCall(principal, restrictions=restrictions) if principal is not None else None
    token = current_call.set(running)
    try:
        yield running
    finally:
        current_call.reset(token)
