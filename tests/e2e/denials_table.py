"""`python -m tests.e2e.denials_table`: the denials as a Markdown table, from the rows that the tests hold true."""

import sys

from tests.e2e.denials import CASES, Case, Told, Written

_HEAD = ("case", "MCP", "REST", "the caller reads", "upstream requests", "audit line")


def markdown() -> str:
    """The table of the documentation."""
    lines = [_HEAD, ["---"] * len(_HEAD), *(_row(case) for case in CASES)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(case: Case) -> list[str]:
    line = case.mcp_line
    said = f"`{line.action}` {line.outcome}: `{line.code or line.reason}`"
    return [
        case.name,
        _seen(case.mcp),
        _seen(case.rest),
        _escaped(case.mcp.text),
        "0",
        f"{said}{_trail(case.rest_line)}",
    ]


def _seen(told: Told) -> str:
    parts = [f"{told.status} `{told.code}`" if told.status != 200 else f"result, `isError`, `{told.code}`"]
    if told.challenge is not None:
        parts.append("challenge `invalid_token`" if "error=" in told.challenge else "challenge without an error")
    if told.retry_after:
        parts.append("`Retry-After`")
    return ", ".join(parts)


def _trail(rest: Written) -> str:
    return " (server; over REST the proxy)" if rest.trail == "proxy" else " (server)"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(markdown() + "\n")
