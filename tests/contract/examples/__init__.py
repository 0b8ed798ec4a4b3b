"""Who plays the far side of each service, and with what each of its tools is called there.

A service's module is named as the service: `catalyst-center` -> `catalyst_center.UPSTREAM`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from starlette.applications import Starlette

from mcp_common.service import McpService
from simulators.request_log import RequestLog

Arguments = dict[str, Any]
Examples = Mapping[str, Callable[[Any], Arguments | Awaitable[Arguments]]]


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """The simulator in front of which the tools of one service are tried.

    `simulator` makes it from a world, a clock and faults. `prepared` answers a tool's arguments, after it made what
    they refer to. `groups` and `account` are the caller's. `log` is the simulator's own. `keep_logins` makes a
    simulator take the logins of another. `repeatable` are the requests other than GET that change nothing and so may
    be sent again: method and end of the path.
    """

    simulator: Callable[..., Starlette]
    secret: Mapping[str, Any] = field(repr=False)
    login: str
    groups: tuple[str, ...]
    account: str
    examples: Examples
    prepared: Callable[[Starlette, str], Awaitable[Arguments]]
    log: Callable[[Starlette], RequestLog]
    keep_logins: Callable[[Starlette, Starlette], None]
    repeatable: frozenset[tuple[str, str]] = frozenset()

    def is_write(self, method: str, path: str) -> bool:
        """True for a request that must not be sent twice."""
        if method == "GET" or path == self.login:
            return False
        return not any(method == verb and path.endswith(end) for verb, end in self.repeatable)


TRIED_BY_THEMSELVES = {
    "github": "tests/mcp_github/test_upstream_troubles.py",
    "radkit": "tests/mcp_radkit/test_connection.py",
}
"""Services whose tools have no example here: their troubles are tried beside their other tests."""


def upstream_of(service: McpService) -> Upstream:
    """The far side of a service."""
    found: Upstream = import_module(f"{__name__}.{service.name.replace('-', '_')}").UPSTREAM
    return found
