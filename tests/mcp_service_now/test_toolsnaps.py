"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

from collections import Counter

from pydantic_core import to_json

from mcp_common.testing.plugin import Connect
from mcp_service_now.server import service
from tests.toolsnaps import Snapshots

SNAPSHOTS = Snapshots(service, __file__)
WRITING = {
    *("create_incident", "update_incident", "add_work_note", "resolve_incident", "create_problem"),
    *("order_catalog_item", "attach_text"),
    *("create_change", "update_change", "move_change", "cancel_change", "approve_change", "reject_change"),
    *("create_standard_change", "check_change_conflicts", "assess_change_risk", "add_affected_cis"),
    *("add_change_task", "update_change_task"),
}


async def test_every_tool_is_shown_as_its_snapshot_says(connect: Connect) -> None:
    await SNAPSHOTS.check(connect)


async def test_every_tool_says_what_it_answers_and_marks_the_text_of_others(connect: Connect) -> None:
    await SNAPSHOTS.check_marks(connect, wordless=frozenset({"find_change_slots"}))


def test_annotations_follow_from_the_permission() -> None:
    assert SNAPSHOTS.writing() == WRITING


def test_an_order_is_confirmed_by_a_person() -> None:
    assert SNAPSHOTS.declared["order_catalog_item"].declaration.confirm is not None


def test_the_tools_everybody_gets_stay_within_their_budget() -> None:
    """A token is taken for four characters of compact JSON of name, description and input schema."""
    cost: Counter[str] = Counter()
    for tool in SNAPSHOTS.declared.values():
        shown = {"name": tool.name, "description": tool.declaration.description, "inputSchema": tool.input_schema}
        cost[tool.declaration.toolset] += len(to_json(shown)) // 4
    assert cost["incidents"] + cost["cmdb"] + cost["people"] <= 1_700
    assert sum(cost[toolset] for toolset in service.default_toolsets) <= 3_300
