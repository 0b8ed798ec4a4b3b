"""What a client is shown of each tool, kept as files; run with UPDATE_TOOLSNAPS=1 after a change that is meant."""

import json
import os
from pathlib import Path
from typing import Any

from mcp_common.service import McpService
from mcp_common.testing.plugin import Connect


class Snapshots:
    """The snapshots of one service, in a folder `toolsnaps` beside the test file."""

    def __init__(self, service: McpService, test_file: str) -> None:
        self.declared = {tool.name: tool for tool in service.compile()}
        self.folder = Path(test_file).parent / "toolsnaps"

    async def shown(self, connect: Connect) -> dict[str, dict[str, Any]]:
        """The tools as an administrator's client lists them, with what the policy is asked for each."""
        async with connect("admin") as client:
            tools = await client.list_tools()
        return {
            tool.name: {
                "permission": str(self.declared[tool.name].permission),
                "toolset": self.declared[tool.name].declaration.toolset,
                **tool.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"meta"}),
            }
            for tool in tools
        }

    async def check(self, connect: Connect) -> None:
        """Hold what is shown against what was kept."""
        tools = await self.shown(connect)
        assert set(tools) == set(self.declared)
        if os.environ.get("UPDATE_TOOLSNAPS"):
            self.folder.mkdir(exist_ok=True)
            for old in self.folder.glob("*.json"):
                old.unlink()
            for name, tool in tools.items():
                text = json.dumps(tool, indent=2, ensure_ascii=False) + "\n"
                (self.folder / f"{name}.json").write_text(text, encoding="utf-8")
        kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in self.folder.glob("*.json")}
        assert sorted(kept) == sorted(tools), "run this test once with UPDATE_TOOLSNAPS=1"
        assert [name for name in tools if tools[name] != kept[name]] == [], "UPDATE_TOOLSNAPS=1 if this is meant"

    async def check_marks(self, connect: Connect, *, wordless: frozenset[str] = frozenset()) -> None:
        """Every tool says which text in its answer somebody else wrote; `wordless` are those that answer none."""
        tools = await self.shown(connect)
        unmarked = {name for name, tool in tools.items() if "ntrusted" not in json.dumps(tool["outputSchema"])}
        assert unmarked == wordless

    def writing(self) -> set[str]:
        """The tools whose annotations say that they write."""
        return {name for name, tool in self.declared.items() if not tool.declaration.annotations.read_only_hint}
