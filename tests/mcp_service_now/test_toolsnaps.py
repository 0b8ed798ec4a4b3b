"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

from mcp_common.testing.plugin import Connect
from mcp_service_now.server import service
from tests.toolsnaps import Snapshots

SNAPSHOTS = Snapshots(service, __file__)
WRITING = {
    *("create_incident", "update_incident", "add_work_note", "resolve_incident", "create_problem"),
    *("order_catalog_item", "attach_text"),
    *("create_change", "update_change", "move_change", "cancel_change", "approve_change", "reject_change"),
}


async def test_every_tool_is_shown_as_its_snapshot_says(connect: Connect) -> None:
    await SNAPSHOTS.check(connect)


async def test_every_tool_says_what_it_answers_and_marks_the_text_of_others(connect: Connect) -> None:
    await SNAPSHOTS.check_marks(connect)


def test_annotations_follow_from_the_permission() -> None:
    assert SNAPSHOTS.writing() == WRITING


def test_an_order_is_confirmed_by_a_person() -> None:
    assert SNAPSHOTS.declared["order_catalog_item"].declaration.confirm is not None
