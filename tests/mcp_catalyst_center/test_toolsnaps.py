"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

import json
import os
from pathlib import Path
from typing import Any

from mcp_catalyst_center.server import service
from mcp_common.testing.plugin import Connect

SNAPS = Path(__file__).parent / "toolsnaps"
DECLARED = {tool.name: tool for tool in service.compile()}


async def shown(connect: Connect) -> dict[str, dict[str, Any]]:
    """The tools as an administrator's client lists them, with what the policy is asked for each."""
    async with connect("admin") as client:
        tools = await client.list_tools()
    return {
        tool.name: {
            "permission": str(DECLARED[tool.name].permission),
            "toolset": DECLARED[tool.name].declaration.toolset,
            **tool.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"meta"}),
        }
        for tool in tools
    }


async def test_every_tool_is_shown_as_its_snapshot_says(connect: Connect) -> None:
    tools = await shown(connect)
    assert set(tools) == set(DECLARED)
    if os.environ.get("UPDATE_TOOLSNAPS"):
        SNAPS.mkdir(exist_ok=True)
        for old in SNAPS.glob("*.json"):
            old.unlink()
        for name, tool in tools.items():
            text = json.dumps(tool, indent=2, ensure_ascii=False) + "\n"
            (SNAPS / f"{name}.json").write_text(text, encoding="utf-8")
    kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SNAPS.glob("*.json")}
    assert sorted(kept) == sorted(tools), "run this test once with UPDATE_TOOLSNAPS=1"
    assert [name for name in tools if tools[name] != kept[name]] == [], "run with UPDATE_TOOLSNAPS=1 if this is meant"


async def test_every_tool_says_what_it_answers_and_marks_the_text_of_others(connect: Connect) -> None:
    for tool in (await shown(connect)).values():
        assert "ntrusted text" in json.dumps(tool["outputSchema"])


def test_annotations_follow_from_the_permission() -> None:
    writing = {name for name, tool in DECLARED.items() if not tool.declaration.annotations.read_only_hint}
    assert writing == {"deploy_template"}
    assert DECLARED["deploy_template"].declaration.annotations.destructive_hint is True
