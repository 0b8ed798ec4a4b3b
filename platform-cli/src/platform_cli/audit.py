"""`mcp-platform audit`: read and verify the audit trails."""

from pathlib import Path
from typing import Annotated

import typer

from mcp_common.trail.audit_verify import verify as verify_trail
from platform_cli.layout import Layout, Trouble
from platform_cli.output import trouble_exits

app = typer.Typer(no_args_is_help=True, help="Read and verify the audit trails.")

Trails = Annotated[list[Path] | None, typer.Argument(help="Trails; those of the run when left out")]


@app.command()
def tail(
    context: typer.Context,
    paths: Trails = None,
    lines: Annotated[int, typer.Option("-n", "--lines", min=1, help="How many of each trail")] = 10,
) -> None:
    """Print the last lines of each trail, as they are: one JSON object a line."""
    with trouble_exits():
        for path in _trails(context.obj, paths):
            for line in path.read_text().splitlines()[-lines:]:
                typer.echo(line)


@app.command()
def verify(context: typer.Context, paths: Trails = None) -> None:
    """Check the chain of each trail. Exit code 1 when a line was changed, removed or reordered."""
    broken = False
    with trouble_exits():
        for path in _trails(context.obj, paths):
            report = verify_trail(path)
            broken = broken or not report.ok
            if report.ok:
                typer.echo(f"ok    {path}: {report.lines} lines, the chain is whole")
            else:
                where = f" at line {report.first_bad_line}" if report.first_bad_line is not None else ""
                typer.echo(f"FAIL  {path}{where}: {report.problem}")
    if broken:
        raise typer.Exit(1)


def _trails(layout: Layout, paths: list[Path] | None) -> list[Path]:
    found = paths or sorted(layout.audit.glob("*.jsonl"))
    if not found:
        raise Trouble(f"There is no audit trail in {layout.audit} yet: start the platform and call a tool.")
    for path in found:
        if not path.is_file():
            raise Trouble(f"There is no audit trail at {path}.")
    return found
