"""What each server's catalogue is and costs a model, by role. Run as a command, it adds the lines of code."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import to_json

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.calls.compiled import CompiledTool
from mcp_common.opa import AuthorizationRequest
from mcp_common.serve import services
from mcp_common.service import McpService

POLICY = Path("common-services/opa/config")
PARTS = {"tools": ("tools", "prompts.py", "server.py"), "client": ("",), "models": ("models",)}


def tokens(tool: CompiledTool) -> float:
    """What a tool costs in a model's context: name, description, input schema; four characters are a token."""
    shown = {"name": tool.name, "description": tool.declaration.description, "inputSchema": tool.input_schema}
    return len(to_json(shown)) / 4


def defaults(service: McpService) -> list[CompiledTool]:
    """The tools a server offers when nobody says otherwise."""
    wanted = set(service.default_toolsets)
    return [tool for tool in service.compile() if "all" in wanted or tool.declaration.toolset in wanted]


def cost_by_role() -> dict[str, dict[str, int]]:
    """Server -> role -> tokens of the default catalogue the policy lets the role see."""
    roles: Mapping[str, Any] = yaml.safe_load((POLICY / "data.yaml").read_text())["roles"]
    return asyncio.run(_costs(list(roles)))


async def _costs(roles: list[str]) -> dict[str, dict[str, int]]:
    engine = EmbeddedPolicy(POLICY)
    found: dict[str, dict[str, int]] = {}
    for name, service in services().items():
        tools = defaults(service)
        for role in roles:
            asked = [
                AuthorizationRequest(
                    (role,),
                    tool.permission.resource,
                    tool.permission.action,
                    {"subject": "x", "tool": tool.name, "object": tool.permission.object, "arguments": {}},
                )
                for tool in tools
            ]
            granted = await engine.decide_many(asked)
            cost = sum(tokens(tool) for tool, decision in zip(tools, granted, strict=True) if decision.allow)
            found.setdefault(name, {})[role] = round(cost)
    await engine.aclose()
    return found


def table() -> list[list[str]]:
    """One row for each server, and one for all of them together."""
    costs, lines = cost_by_role(), []
    roles = list(next(iter(costs.values())))
    for name, service in services().items():
        tools = service.compile()
        sets = {tool.declaration.toolset for tool in tools}
        row = [f"`{name}`", str(len(tools)), str(len(sets)), str(len(defaults(service)))]
        lines.append([*row, *(str(costs[name][role]) for role in roles)])
    totals = [str(sum(cost[role] for cost in costs.values())) for role in roles]
    everything = [sum(int(line[column]) for line in lines) for column in (1, 2, 3)]
    return [["", "tools", "toolsets", "default tools", *roles], *lines, ["all", *map(str, everything), *totals]]


def lines_of(service: McpService) -> dict[str, int]:
    """Lines of code: tools, client (everything else of the server), models, tests."""
    package = service.tools[0].__name__.split(".", 1)[0]
    root = Path(package.replace("_", "-")) / "src" / package
    every = {path: sum(1 for _ in path.open()) for path in root.rglob("*.py")}
    tools = sum(count for path, count in every.items() if _under(path, root, PARTS["tools"]))
    models = sum(count for path, count in every.items() if _under(path, root, PARTS["models"]))
    tests = sum(sum(1 for _ in path.open()) for path in (Path("tests") / package).rglob("*.py"))
    return {"tools": tools, "client": sum(every.values()) - tools - models, "models": models, "tests": tests}


def _under(path: Path, root: Path, places: tuple[str, ...]) -> bool:
    return path.relative_to(root).parts[0] in places


def main() -> None:
    """Print the table and the lines of code."""
    for line in table():
        sys.stdout.write("  ".join(f"{cell:>17}" for cell in line) + "\n")
    for name, service in services().items():
        sys.stdout.write(f"{name}: lines of code {lines_of(service)}\n")


if __name__ == "__main__":
    main()
