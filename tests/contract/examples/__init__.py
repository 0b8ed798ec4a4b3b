"""Who plays the far side of each service, and with what each of its tools is called there.

A service's module is named as the service: `catalyst-center` -> `catalyst_center.UPSTREAM`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from fastmcp import Client
from starlette.applications import Starlette

from mcp_common.service import McpService
from simulators.request_log import RequestLog
from tests.contract.troubles import TROUBLES, Trouble

Arguments = dict[str, Any]
Examples = Mapping[str, Callable[[Any], Arguments | Awaitable[Arguments]]]


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """The simulator in front of which the tools of one service are tried.

    `simulator` makes it from a world, a clock and faults. `prepared` answers a tool's arguments, after it made what
    they refer to, through the MCP client where that takes other tools: those are its `helpers`. `groups` and `account`
    are the caller's; `own_name` has another account for some tools. `log` is the simulator's own; `logins` are the
    paths of what is asked to get in. `repeatable` are the requests other than GET that change nothing and so may be
    sent again: method and end of the path. `idle` are the tools that ask nothing of it. `library` says that a library
    stands between the server and the wire. After a write the simulator is brought back with `image`;
    without one, and after a write that was late, a new one takes the logins of the one before (`keep_logins`).
    """

    simulator: Callable[..., Starlette]
    secret: Mapping[str, Any] = field(repr=False)
    logins: tuple[str, ...]
    groups: tuple[str, ...]
    account: str
    examples: Examples
    prepared: Callable[[Starlette, str, Client[Any]], Awaitable[Arguments]]
    log: Callable[[Starlette], RequestLog]
    repeatable: frozenset[tuple[str, str]] = frozenset()
    own_name: Mapping[str, str] = field(default_factory=dict)
    helpers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()
    library: bool = False
    troubles: tuple[Trouble, ...] = TROUBLES
    image: Callable[[Starlette], Callable[[], None]] | None = None
    keep_logins: Callable[[Starlette, Starlette], None] | None = None

    def is_write(self, method: str, path: str) -> bool:
        """True for a request that must not be sent twice."""
        if method == "GET" or path in self.logins:
            return False
        return not any(method == verb and path.endswith(end) for verb, end in self.repeatable)


def upstream_of(service: McpService) -> Upstream:
    """The far side of a service."""
    found: Upstream = import_module(f"{__name__}.{service.name.replace('-', '_')}").UPSTREAM
    return found
