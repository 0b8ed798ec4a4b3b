"""How the commands speak: results to stdout, trouble to stderr with exit code 1."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from platform_cli.layout import Trouble


@contextmanager
def trouble_exits() -> Iterator[None]:
    """End the command with the sentence of a Trouble, without a traceback."""
    try:
        yield
    except Trouble as trouble:
        typer.secho(str(trouble), err=True, fg=typer.colors.RED if sys.stderr.isatty() else None)
        raise typer.Exit(1) from trouble


def agree(question: str, *, yes: bool) -> None:
    """Go on only with a person's yes: typed at the terminal, or given in advance.

    Raises:
        Trouble: they said no, or there is nobody to ask.
    """
    typer.echo(question, err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise Trouble("This has to be confirmed: run it at a terminal, or add --yes. Nothing was written.")
    if not typer.confirm("Do it?", err=True):
        raise Trouble("Not confirmed, so nothing was written.")


def print_json(value: Any) -> None:
    """JSON, indented for people; programs read it as well."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(headings: list[str], rows: list[list[str]], *, right: tuple[int, ...] = ()) -> None:
    """A table that keeps its lines whole when it is not on a terminal."""
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
