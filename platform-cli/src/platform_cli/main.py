"""The `mcp-platform` command."""

import asyncio
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from platform_cli import audit, doctor, new_server
from platform_cli.layout import Layout
from platform_cli.login import Login, access_token
from platform_cli.output import agree, print_json, print_table, trouble_exits
from platform_cli.status import statuses

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Start the platform on this machine, look at it, call its tools, verify its audit trail.",
)
app.add_typer(audit.app, name="audit")


class Carriers(StrEnum):
    """The doors of the platform."""

    mcp = "mcp"
    rest = "rest"


Account = Annotated[str, typer.Option("--as", metavar="ACCOUNT", help="The seeded account to act as")]
Offset = Annotated[
    int,
    typer.Option(
        "--port-offset", envvar="MCP_PLATFORM_PORT_OFFSET", min=0, max=56000, help="Move every port up by this"
    ),
]


@app.callback()
def select_run(context: typer.Context, port_offset: Offset = 0) -> None:
    """Choose the run that the commands are about."""
    context.obj = Layout.here(port_offset)


@app.command()
def up(context: typer.Context, port_offset: Offset = 0) -> None:
    """Start every part, wait until all are ready, and run until Ctrl-C."""
    from platform_cli.up import up as run  # noqa: PLC0415 - only this command needs the parts installed

    layout: Layout = Layout.here(port_offset) if port_offset else context.obj
    with trouble_exits():
        asyncio.run(run(layout, typer.echo))


@app.command()
def token(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="A seeded account")],
    resource: Annotated[str | None, typer.Option(help="A token for this service URL alone (RFC 8707)")] = None,
    mfa: Annotated[bool, typer.Option("--mfa", help="Log in with a second factor, for tools that ask for one")] = False,
) -> None:
    """Print an access token of an account, and nothing else."""
    with trouble_exits():
        typer.echo(access_token(context.obj, Login.seeded(account, resource, second_factor=mfa)))


@app.command()
def tools(
    context: typer.Context,
    server: Annotated[str | None, typer.Argument(help="One server; all of them when left out")] = None,
    account: Account = "admin",
    as_json: Annotated[bool, typer.Option("--json", help="The tools as the server describes them")] = False,
    tokens: Annotated[bool, typer.Option("--tokens", help="What each tool costs in a model's context")] = False,
) -> None:
    """List the tools an account may use."""
    from platform_cli.remote import catalogue_tokens, list_tools  # noqa: PLC0415 - a second of imports

    layout: Layout = context.obj
    with trouble_exits():
        bearer = access_token(layout, Login.seeded(account))
        found = {
            name: asyncio.run(list_tools(layout, name, bearer)) for name in ([server] if server else layout.services)
        }
    if as_json:
        print_json(
            {
                name: [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in listed]
                for name, listed in found.items()
            }
        )
        return
    rows = []
    for name, listed in found.items():
        for tool in listed:
            kind = "reads" if tool.annotations and tool.annotations.read_only_hint else "writes"
            about = str(catalogue_tokens(tool)) if tokens else (tool.description or "").partition("\n")[0]
            rows.append([name, tool.name, kind, about])
        if tokens:
            rows.append([name, "(all)", "", str(sum(map(catalogue_tokens, listed)))])
    print_table(["server", "tool", "kind", "tokens" if tokens else "what it does"], rows, right=(3,) if tokens else ())


@app.command()
def call(
    context: typer.Context,
    server: Annotated[str, typer.Argument(help="The server's name")],
    tool: Annotated[str, typer.Argument(help="The tool's name")],
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE...", help="Values are read as JSON where they are JSON")
    ] = None,
    account: Account = "admin",
    mfa: Annotated[bool, typer.Option("--mfa", help="Log in with a second factor first")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm without being asked")] = False,
) -> None:
    """Call a tool and print its result as JSON; progress and questions go to stderr."""
    from platform_cli.remote import (  # noqa: PLC0415 - as above
        call_tool,
        error_of,
        question_in,
        read_arguments,
        result_of,
    )

    def on_progress(done: float, total: float | None, message: str | None) -> None:
        typer.echo(f"{done:g}{f'/{total:g}' if total else ''} {message or ''}".rstrip(), err=True)

    with trouble_exits():
        bearer = access_token(context.obj, Login.seeded(account, second_factor=mfa))
        given = read_arguments(arguments or [])
        calling = partial(call_tool, context.obj, server, bearer, tool, given, on_progress)
        answer = asyncio.run(calling())
        if (question := question_in(answer)) is not None:
            agree(question.text, yes=yes)
            answer = asyncio.run(calling(confirmation=question.confirmation))
    if answer.is_error:
        typer.echo(error_of(answer), err=True)
        raise typer.Exit(1)
    print_json(result_of(answer))


@app.command()
def tour(
    context: typer.Context,
    over: Annotated[Carriers, typer.Option(help="Which door to take")] = Carriers.mcp,
) -> None:
    """Walk one trouble through every system of a fresh run: found, written down, changed with another's approval."""
    from platform_cli.tour.show import take  # noqa: PLC0415 - a second of imports

    with trouble_exits():
        asyncio.run(take(context.obj, over, typer.echo))


@app.command()
def status(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False
) -> None:
    """Show every part, and why one is not ready. Exit code 1 when one is not."""
    with trouble_exits():
        found = asyncio.run(statuses(context.obj))
    if as_json:
        print_json([part.as_json() for part in found])
    else:
        print_table(["part", "port", "state", "why"], [[s.name, str(s.port), s.state, s.why] for s in found])
    if any(part.state != "ready" for part in found):
        raise typer.Exit(1)


@app.command(name="doctor")
def check_machine(context: typer.Context) -> None:
    """Check this machine and checkout; each line says ok, or what to do."""
    found = doctor.examine(context.obj)
    for check in found:
        typer.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:12} {check.text}")
    if not all(check.ok for check in found):
        raise typer.Exit(1)


@app.command(name="new-server")
def make_server(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Its name on the wire, for example acme-dns")]
) -> None:
    """Make a new MCP server from the template."""
    with trouble_exits():
        made: list[Path] = new_server.make(context.obj.root, name)
    for path in made:
        typer.echo(str(path.relative_to(context.obj.root)))
    typer.echo(
        "\nNext, where `make new-server` has not done it: make install && PYTHONPATH=. .venv/bin/python "
        f"scripts/check_docs.py --write. Then put the real calls into mcp-{name}/src and its simulator; make check."
    )
