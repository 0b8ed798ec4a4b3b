"""`python -m tests.contract.troubles_table`: the troubles as Markdown, from the rows that the tests hold true."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from mcp_common.calls.compiled import CompiledTool
from mcp_common.serve import services
from mcp_common.service import McpService
from tests.contract.examples import upstream_of
from tests.contract.exempt import EXEMPT, Exempt
from tests.contract.troubles import LIBRARY_TROUBLES, TROUBLES, Trouble

_WHEN = {"before": "before a write", "at": "the write itself", "after": "after a write"}


def markdown() -> str:
    """The tables of the documentation: of upstreams on the wire, and of those behind a library."""
    served = [service for service in services().values() if service.client]
    wire = [service for service in served if not upstream_of(service).library]
    library = [service for service in served if upstream_of(service).library]
    tools, behind = _tools(wire), _tools(library)
    idle = sum(len(upstream_of(service).idle) for service in library)
    head = ["the upstream", "reading", "asked", "writing", "sent"]
    return "\n\n".join(
        (
            f"{len(tools)} tools, {sum(tool.writes for tool in tools)} of which write:",
            _table([head, *(_row(trouble) for trouble in TROUBLES)]),
            _exempt(wire, TROUBLES),
            _introduction(len(behind), idle),
            _table([["the library", "code", "asked"], *(_library_row(trouble) for trouble in LIBRARY_TROUBLES)]),
            _exempt(library, LIBRARY_TROUBLES),
        )
    )


def _introduction(tools: int, idle: int) -> str:
    return (
        f"RADKit is reached through its library, and only read: {tools} tools, {idle} of which ask nothing of it. "
        "Each trouble at each kind of request, from the library's point of view:"
    )


def _tools(served: Sequence[McpService]) -> list[CompiledTool]:
    return [tool for service in served for tool in service.compile()]


def _row(trouble: Trouble) -> list[str]:
    # A 401 proves that nothing was carried out.
    sent = "once, and once more with a new login" if trouble.fault.get("status") == 401 else "once"
    return [trouble.name, f"`{trouble.reading}`", _times(trouble.tries), f"`{trouble.writing}`", sent]


def _library_row(trouble: Trouble) -> list[str]:
    again = ", the second time over a new connection" if trouble.tries == 2 else ""
    return [trouble.name, f"`{trouble.reading}`", _times(trouble.tries) + again]


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _exempt(served: Sequence[McpService], troubles: Sequence[Trouble]) -> str:
    alike: dict[Exempt, list[str]] = {}
    for service in served:
        for one in EXEMPT.get(service.name, ()):
            alike.setdefault(replace(one, tool=""), []).append(f"`{one.tool}`")
    rows = [[", ".join(names), *_exempt_row(one, troubles)] for one, names in alike.items()]
    return _table([["tool", "what fails", "when", "instead", "because"], *rows])


def _exempt_row(one: Exempt, troubles: Sequence[Trouble]) -> list[str]:
    what = f"`{one.request.strip('/')}`" if one.request else "any request"
    when = "; ".join(trouble.name for trouble in troubles if trouble.name in one.troubles)
    asked = "" if one.tries is None else f", asked {_times(one.tries)}"
    return [f"{what}, {_WHEN[one.when]}", when, (f"`{one.code}`" if one.code else "an answer") + asked, one.why]


def _table(lines: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (lines[0], ["---"] * len(lines[0]), *lines[1:]))


if __name__ == "__main__":
    sys.stdout.write(markdown() + "\n")
