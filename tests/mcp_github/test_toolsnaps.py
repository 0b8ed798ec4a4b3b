"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

from collections import Counter

from pydantic_core import to_json

from mcp_common.testing.plugin import Connect
from mcp_github.server import service
from tests.toolsnaps import Snapshots

SNAPSHOTS = Snapshots(service, __file__)
WRITING = {
    *("create_branch", "commit_files"),
    *("create_pull_request", "review_pull_request", "merge_pull_request"),
    *("create_issue", "update_issue", "add_issue_comment"),
    *("rerun_failed_jobs", "dispatch_workflow"),
}


async def test_every_tool_is_shown_as_its_snapshot_says(connect: Connect) -> None:
    await SNAPSHOTS.check(connect)


async def test_every_tool_says_what_it_answers_and_marks_the_text_of_others(connect: Connect) -> None:
    await SNAPSHOTS.check_marks(connect)


def test_annotations_follow_from_the_permission() -> None:
    assert SNAPSHOTS.writing() == WRITING


def test_nothing_can_be_forced() -> None:
    for tool in SNAPSHOTS.declared.values():
        assert "force" not in to_json(tool.input_schema).decode()


def test_the_tools_everybody_gets_stay_within_their_budget() -> None:
    """A token is taken for four characters of compact JSON of name, description and input schema."""
    cost: Counter[str] = Counter()
    for tool in SNAPSHOTS.declared.values():
        shown = {"name": tool.name, "description": tool.declaration.description, "inputSchema": tool.input_schema}
        cost[tool.declaration.toolset] += len(to_json(shown)) // 4
    assert cost["repos"] <= 1_300
    assert sum(cost[toolset] for toolset in service.default_toolsets) <= 3_000
