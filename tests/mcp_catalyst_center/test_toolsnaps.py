"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

from mcp_catalyst_center.server import service
from mcp_common.testing.plugin import Connect
from tests.toolsnaps import Snapshots

SNAPSHOTS = Snapshots(service, __file__)


async def test_every_tool_is_shown_as_its_snapshot_says(connect: Connect) -> None:
    await SNAPSHOTS.check(connect)


async def test_every_tool_says_what_it_answers_and_marks_the_text_of_others(connect: Connect) -> None:
    await SNAPSHOTS.check_marks(connect)


def test_annotations_follow_from_the_permission() -> None:
    acting = {name for name, tool in SNAPSHOTS.declared.items() if tool.permission.action != "read"}
    assert SNAPSHOTS.writing() == acting
    assert {"deploy_template", "resolve_issues", "ignore_issues"} <= acting
    assert SNAPSHOTS.declared["deploy_template"].declaration.annotations.destructive_hint is True
