"""A good call of every tool of ServiceNow, made of what the instance holds; each runs in the caller's own name."""

from functools import cached_property
from typing import Any

from fastmcp import Client
from starlette.applications import Starlette

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.servicenow import create_app
from simulators.servicenow.instance import Instance
from simulators.servicenow.users import SYSTEM
from simulators.world import World
from simulators.world.story import FLAGSHIP
from tests.contract.examples import Arguments, Examples, Upstream
from tests.mcp_service_now.signing import believing, signing

_INCIDENT, _PROBLEM, _CHANGE, _ARTICLE = "INC0010001", "PRB0040001", "CHG0030001", "KB0010001"
_DRAFT, _UNDECIDED, _DONE = "CHG0030005", "CHG0030004", "CHG0029877"
_SOCKET = {"floor": "ZRH01 Floor 2, room 2.14", "socket": "2.14-3", "purpose": "Printer"}
_LINE = "Replace the transceiver of an uplink"


class Desk:
    """The instance, and the records that the calls are about."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def number(self, table: str) -> str:
        """Of the first record there is."""
        return next(iter(self.instance.tables[table].records()))["number"]

    @cached_property
    def task(self) -> str:
        """Number of an open task of a change."""
        tasks = self.instance.tables["change_task"].records()
        return next(record["number"] for record in tasks if record["active"] == "true")

    def attachment(self) -> str:
        """sys_id of a text file on the incident."""
        incident = self.instance.tables["incident"].find(number=_INCIDENT)
        assert incident is not None
        about = {"table_name": "incident", "table_sys_id": incident["sys_id"]}
        kind = {"file_name": "findings.txt", "content_type": "text/plain", "size_bytes": "6"}
        record = self.instance.insert("sys_attachment", about | kind, SYSTEM)
        self.instance.files[record["sys_id"]] = b"found\n"
        return record["sys_id"]

    def listed_attachment(self) -> Arguments:
        self.attachment()
        return {"record": _INCIDENT}


EXAMPLES: Examples = {
    "search_incidents": lambda desk: {"ci": FLAGSHIP, "state": "open", "group": "Network Operations"},
    "get_incident": lambda desk: {"incident": _INCIDENT},
    "create_incident": lambda desk: {"short_description": "Printer jams", "ci": FLAGSHIP, "group": "Service Desk"},
    "update_incident": lambda desk: {"incident": _INCIDENT, "changes": {"urgency": "2", "assigned_to": "rkeller"}},
    "add_work_note": lambda desk: {"record": _INCIDENT, "text": "Looked at it."},
    "resolve_incident": lambda desk: {
        "incident": _INCIDENT,
        "close_code": "Solution provided",
        "close_notes": "Level raised.",
    },
    "search_changes": lambda desk: {"ci": FLAGSHIP, "state": "open"},
    "get_change": lambda desk: {"change": _CHANGE},
    "create_change": lambda desk: {"short_description": _LINE, "ci": FLAGSHIP, "group": "Network Operations"},
    "update_change": lambda desk: {"change": _DRAFT, "changes": {"assigned_to": "rkeller"}},
    "get_next_states": lambda desk: {"change": _CHANGE},
    "move_change": lambda desk: {
        "change": _DONE,
        "state": "Closed",
        "close_code": "Successful",
        "close_notes": "Done.",
    },
    "cancel_change": lambda desk: {"change": _DRAFT, "reason": "Done another way."},
    "list_my_approvals": lambda desk: {},
    "approve_change": lambda desk: {"change": _UNDECIDED, "comments": "The plan is sound."},
    "reject_change": lambda desk: {"change": _UNDECIDED, "reason": "No way back is described."},
    "check_change_conflicts": lambda desk: {"change": _CHANGE},
    "find_change_slots": lambda desk: {"change": _CHANGE},
    "assess_change_risk": lambda desk: {"change": _DRAFT},
    "list_standard_changes": lambda desk: {},
    "create_standard_change": lambda desk: {"template": "Replace access switch transceiver", "ci": FLAGSHIP},
    "add_affected_cis": lambda desk: {"change": _DRAFT, "cis": ["zrh01-dist-01"]},
    "add_change_task": lambda desk: {"change": _DRAFT, "short_description": "Watch the uplink for a day"},
    "update_change_task": lambda desk: {"task": desk.task, "changes": {"assigned_to": "rkeller"}},
    "search_cis": lambda desk: {"text": "zrh01-f02", "ci_class": "cmdb_ci_netgear"},
    "get_ci": lambda desk: {"ci": FLAGSHIP},
    "find_device_ci": lambda desk: {"hostname": FLAGSHIP},
    "find_users": lambda desk: {"text": "Keller"},
    "find_groups": lambda desk: {"text": "operations", "members": True},
    "search_problems": lambda desk: {"state": "open"},
    "get_problem": lambda desk: {"problem": desk.number("problem")},
    "create_problem": lambda desk: {"short_description": "Level too low", "incident": _INCIDENT},
    "search_knowledge": lambda desk: {"text": "storm control"},
    "get_article": lambda desk: {"article": _ARTICLE},
    "search_catalog_items": lambda desk: {"text": "port activation"},
    "order_catalog_item": lambda desk: {"item": "Network port activation", "variables": _SOCKET},
    "list_attachments": lambda desk: desk.listed_attachment(),
    "get_attachment": lambda desk: {"attachment": desk.attachment()},
    "attach_text": lambda desk: {"record": _INCIDENT, "file_name": "findings.txt", "text": "found\n"},
    "count_records": lambda desk: {"table": "incident", "by": "state"},
    "describe_table": lambda desk: {"table": "incident", "text": "close code"},
}


async def prepared(app: Starlette, tool: str, _: Client[Any]) -> Arguments:
    """A tool's arguments; what they refer to is there."""
    instance: Instance = app.state.instance
    return EXAMPLES[tool](Desk(instance))  # type: ignore[return-value]  # none of them waits


def simulator(world: World, *, clock: SteppedClock, faults: Faults) -> Starlette:
    """An instance that knows whose signature makes somebody who."""
    return create_app(world, clock=clock, faults=faults, behaviour=believing())


def keep_logins(before: Starlette, after: Starlette) -> None:
    after.state.instance.tokens = before.state.instance.tokens


UPSTREAM = Upstream(
    simulator=simulator,
    secret=signing(),
    logins=("/oauth_token.do",),
    groups=("admin", "change-managers"),
    account="changemanager",
    examples=EXAMPLES,
    prepared=prepared,
    log=lambda app: app.state.instance.requests,
    keep_logins=keep_logins,
    image=lambda app: app.state.instance.image(),
    repeatable=frozenset({("POST", "/conflict")}),
)
