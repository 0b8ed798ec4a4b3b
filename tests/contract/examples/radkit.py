"""A good call of every tool of RADKit, made of what the service holds; its library is played by the double."""

from typing import Any

from fastmcp import Client
from starlette.applications import Starlette

from simulators.radkit import PASSWORD, USERNAME, create_app
from simulators.radkit.service import Service
from simulators.world.story import FLAGSHIP
from tests.contract.examples import Arguments, Examples, Upstream
from tests.contract.troubles import LIBRARY_TROUBLES

_RUN = "run_show_commands"
_COMMANDS = {"devices": [FLAGSHIP], "commands": ["show version"]}


class Desk:
    """The service, and runs that were kept."""

    def __init__(self, service: Service, client: Client[Any]) -> None:
        self.service = service
        self.client = client

    async def run(self) -> str:
        """The run_id of commands that were run."""
        done = await self.client.call_tool(_RUN, _COMMANDS)
        return str((done.structured_content or {})["run_id"])

    async def read_on(self) -> Arguments:
        return {"run_id": await self.run()}

    async def twice(self) -> Arguments:
        return {"before": await self.run(), "after": await self.run()}


EXAMPLES: Examples = {
    "list_devices": lambda desk: {"name": "zrh01-*"},
    "get_device": lambda desk: {"device": FLAGSHIP},
    "run_show_commands": lambda desk: _COMMANDS,
    "get_command_output": lambda desk: desk.read_on(),
    "compare_state": lambda desk: desk.twice(),
    "snmp_get": lambda desk: {"device": FLAGSHIP, "oids": ["1.3.6.1.2.1.1.5.0"]},
    "snmp_walk": lambda desk: {"device": FLAGSHIP, "oid": "1.3.6.1.2.1.2.2.1.8"},
    "http_get": lambda desk: {"device": FLAGSHIP, "path": "/restconf/data/ietf-interfaces:interfaces"},
}


async def prepared(app: Starlette, tool: str, client: Client[Any]) -> Arguments:
    """A tool's arguments; the runs they refer to were made."""
    found = EXAMPLES[tool](Desk(app.state.service, client))
    return found if isinstance(found, dict) else await found


UPSTREAM = Upstream(
    simulator=create_app,
    secret={"client_module": "simulators.radkit.client", "username": USERNAME, "password": PASSWORD},
    logins=("/session", "/services/direct"),
    groups=("admin",),
    account="admin",
    examples=EXAMPLES,
    prepared=prepared,
    log=lambda app: app.state.service.requests,
    repeatable=frozenset({("POST", "/exec"), ("POST", "/snmp"), ("POST", "/http")}),
    helpers={"get_command_output": (_RUN,), "compare_state": (_RUN,)},
    idle=frozenset({"get_command_output", "compare_state"}),
    library=True,
    troubles=LIBRARY_TROUBLES,
)
