"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

from mcp_common.testing.plugin import Connect
from mcp_radkit.server import service
from tests.contract.catalogues import tokens
from tests.toolsnaps import Snapshots

SNAPSHOTS = Snapshots(service, __file__)


async def test_every_tool_is_shown_as_its_snapshot_says(connect: Connect) -> None:
    await SNAPSHOTS.check(connect)


async def test_every_tool_says_what_it_answers_and_marks_the_text_of_others(connect: Connect) -> None:
    await SNAPSHOTS.check_marks(connect)


def test_nothing_but_running_commands_acts() -> None:
    assert SNAPSHOTS.writing() == {"run_show_commands"}


def test_the_catalogue_stays_within_its_budget() -> None:
    assert sum(tokens(tool) for tool in service.compile()) <= 850
