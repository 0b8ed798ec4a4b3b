"""What holds for every server, also for those not written yet: they are found by their entry point."""

from typing import Any

import pytest

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.calls.compiled import CompiledTool
from mcp_common.opa import AuthorizationRequest
from mcp_common.prompts import prompts_in
from mcp_common.serve import services
from mcp_common.service import McpService
from mcp_common.testing.plugin import policy_files
from tests.contract.catalogues import cost_by_role, defaults

SERVICES = services()
TOOLS = [(service.name, tool) for service in SERVICES.values() for tool in service.compile()]
IDS = [f"{service}.{tool.name}" for service, tool in TOOLS]
BUDGET = {"admin": 12_000}
BUDGET_OF_OTHERS = 7_000

every_tool = pytest.mark.parametrize(("service", "tool"), TOOLS, ids=IDS)


@every_tool
def test_every_tool_answers_with_a_typed_object(service: str, tool: CompiledTool) -> None:
    assert tool.output_schema is not None
    assert tool.output_schema["type"] == "object"


def described(schema: dict[str, Any]) -> bool:
    return not {"description", "enum"}.isdisjoint(schema) or any(described(kind) for kind in schema.get("anyOf", []))


@every_tool
def test_every_argument_says_what_it_takes_and_no_other_is_taken(service: str, tool: CompiledTool) -> None:
    assert tool.input_schema["additionalProperties"] is False
    arguments = tool.input_schema.get("properties", {})
    assert [name for name, schema in arguments.items() if not described(schema)] == []


@every_tool
def test_every_list_is_bounded_and_says_when_more_exists(service: str, tool: CompiledTool) -> None:
    assert tool.output_schema is not None
    arguments, answer = tool.input_schema.get("properties", {}), tool.output_schema["properties"]
    if "limit" in arguments:
        assert arguments["limit"]["maximum"] <= 500
        assert {"more", "next_cursor"} <= answer.keys()


@every_tool
def test_what_is_left_out_of_an_answer_may_be_left_out_by_its_schema(service: str, tool: CompiledTool) -> None:
    """None is dropped from answers, so nothing that may be None may be required."""
    assert tool.output_schema is not None
    for schema in (tool.output_schema, *tool.output_schema.get("$defs", {}).values()):
        for name in schema.get("required", []):
            kinds = schema["properties"][name].get("anyOf", [])
            assert {"type": "null"} not in kinds, f"{name} is required and may be null"


@every_tool
async def test_every_permission_is_granted_to_somebody_and_to_nobody_without_a_group(
    service: str, tool: CompiledTool
) -> None:
    engine = EmbeddedPolicy(policy_files())
    context: dict[str, Any] = {"subject": "x", "tool": tool.name, "object": tool.permission.object, "arguments": {}}
    asked = [
        AuthorizationRequest(groups, tool.permission.resource, tool.permission.action, context)
        for groups in (("admin",), ())
    ]
    admin, nobody = await engine.decide_many(asked)
    await engine.aclose()
    assert admin.allow
    assert not nobody.allow


def test_the_default_catalogues_together_stay_within_a_models_budget() -> None:
    """A token is taken for four characters of compact JSON of name, description and input schema."""
    costs = cost_by_role()
    for role in next(iter(costs.values())):
        assert sum(cost[role] for cost in costs.values()) < BUDGET.get(role, BUDGET_OF_OTHERS), role


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_prompt_and_resource_rests_on_tools_of_the_default_catalogue(service: McpService) -> None:
    offered = {tool.name for tool in defaults(service)}
    assert [resource.uri for resource in service.resources if resource.tool.name not in offered] == []
    for prompt in prompts_in(service.prompts):
        assert set(prompt.needs) <= offered, prompt.name
        assert prompt.description.endswith(".")


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_server_offers_resources_and_runbooks(service: McpService) -> None:
    assert service.resources
    assert prompts_in(service.prompts)
