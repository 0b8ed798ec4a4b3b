"""`python -m tests.contract.troubles_table`: the troubles as Markdown, from the rows that the tests hold true."""

import sys
from dataclasses import replace

from mcp_common.serve import services
from tests.contract.troubles import EXEMPT, TROUBLES, Exempt, Trouble


def markdown() -> str:
    """The tables of the documentation."""
    tools = [tool for service in services().values() if service.client for tool in service.compile()]
    writing = sum(tool.writes for tool in tools)
    head = ["the upstream", "reading", "asked", "writing", "sent"]
    alike: dict[Exempt, list[str]] = {}
    for one in EXEMPT:
        alike.setdefault(replace(one, tool=""), []).append(f"`{one.tool}`")
    exempt = [[", ".join(names), *_exempt(one)] for one, names in alike.items()]
    return "\n\n".join(
        (
            f"{len(tools)} tools, {writing} of which write:",
            _table([head, *(_row(trouble) for trouble in TROUBLES)]),
            _table([["tool", "what fails", "when", "instead", "because"], *exempt]),
        )
    )


def _row(trouble: Trouble) -> list[str]:
    # A 401 proves that nothing was carried out.
    sent = "once, and once more with a new login" if trouble.fault.get("status") == 401 else "once"
    times = {1: "once", 2: "twice"}.get(trouble.tries, f"{trouble.tries} times")
    return [trouble.name, f"`{trouble.reading}`", times, f"`{trouble.writing}`", sent]


def _exempt(one: Exempt) -> list[str]:
    what = f"`{one.request.strip('/')}`" if one.request else "any request"
    when = "; ".join(trouble.name for trouble in TROUBLES if trouble.name in one.troubles)
    return [
        f"{what}, {'after' if one.after_a_write else 'before'} a write",
        when,
        f"`{one.code}`" if one.code else "an answer",
        one.why,
    ]


def _table(lines: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (lines[0], ["---"] * len(lines[0]), *lines[1:]))


if __name__ == "__main__":
    sys.stdout.write(markdown() + "\n")
