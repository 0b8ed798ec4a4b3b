"""The template tools, called by an MCP client, against the simulator."""

from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.world import World

VLAN = {"vlan_id": 20, "vlan_name": "office", "interface": "GigabitEthernet1/0/10"}


async def call(connect: Connect, tool: str, **arguments: Any) -> dict[str, Any]:
    async with connect("service-desk") as client:
        result = await client.call_tool(tool, arguments)
    content: dict[str, Any] = result.structured_content or {}
    return content


async def test_all_templates_are_listed_with_their_newest_version(connect: Connect, world: World) -> None:
    found = await call(connect, "get_all_templates", limit=100)
    assert found["total"] == len(world.templates)
    by_name = {template["name"]: template for template in found["templates"]}
    for template in world.templates.values():
        newest = str(template.latest.number) if template.latest else None
        assert by_name[template.name].get("latest_version") == newest


async def test_templates_can_be_narrowed_by_project_and_name(connect: Connect, world: World) -> None:
    found = await call(connect, "get_all_templates", project="Access", name="*vlan*")
    assert "Access VLAN" in [template["name"] for template in found["templates"]]
    assert {template["project"] for template in found["templates"]} == {"Access"}
    assert await call(connect, "get_all_templates", name="[A-Z]*") == {"templates": [], "more": False, "total": 0}


async def test_pages_of_templates_meet(connect: Connect, world: World) -> None:
    first = await call(connect, "get_all_templates", limit=2)
    second = await call(connect, "get_all_templates", limit=100, cursor=first["next_cursor"])
    ids = [template["id"] for page in (first, second) for template in page["templates"]]
    assert sorted(ids) == sorted(world.templates)


async def test_versions_come_newest_first_whatever_order_they_arrive_in(connect: Connect, world: World) -> None:
    for template in world.templates.values():
        found = await call(connect, "list_template_versions", template_id=template.id)
        assert [version["version"] for version in found["versions"]] == [
            str(version.number) for version in reversed(template.versions)
        ]


async def test_a_template_shows_its_parameters_and_its_text(connect: Connect, world: World) -> None:
    template = world.template_named("Access VLAN")
    found = await call(connect, "get_template", template_id=template.id)
    assert found["content"]["text"] == template.content
    assert found["content"]["more"] is False
    assert {param["name"] for param in found["params"]} == {param.name for param in template.params}


async def test_a_composite_names_its_members(connect: Connect, world: World) -> None:
    composite = next(template for template in world.templates.values() if template.members)
    found = await call(connect, "get_template", template_id=composite.id)
    assert [member["id"] for member in found["members"]] == list(composite.members)


async def test_a_long_text_is_read_in_parts_that_add_up(connect: Connect, world: World) -> None:
    template = max(world.templates.values(), key=lambda template: len(template.content))
    text, start = "", 0
    while True:
        part = (await call(connect, "get_template", template_id=template.id, start=start, max_chars=200))["content"]
        text += part["text"]
        if not part["more"]:
            break
        start = part["next_start"]
    assert text == template.content


async def test_a_preview_shows_the_lines_and_changes_nothing(
    connect: Connect, world: World, controller: Controller
) -> None:
    template, device = world.template_named("Access VLAN"), world.device_named("zrh01-f01-acc-01")
    found = await call(connect, "preview_template", template_id=template.id, device_id=device.id, params=VLAN)
    assert found["renders"] is True
    assert "vlan 20" in found["cli"]["text"]
    assert controller.deployments.posts == 0


async def test_a_preview_that_does_not_render_says_why(connect: Connect, world: World) -> None:
    template, device = world.template_named("Access VLAN"), world.device_named("zrh01-f01-acc-01")
    found = await call(connect, "preview_template", template_id=template.id, device_id=device.id)
    assert found["renders"] is False
    assert any("vlan_id" in problem for problem in found["problems"])


async def test_an_unknown_template_says_where_ids_come_from(connect: Connect) -> None:
    for tool in ("get_template", "list_template_versions"):
        with pytest.raises(ToolError, match=r"no template with this id\. Ask get_all_templates"):
            await call(connect, tool, template_id="00000000-0000-4000-8000-000000000000")


HOSTILE_PARAMS: list[Any] = [
    {"vlan_id": "20\nno router bgp 65000"},
    {"vlan_id": "20\r\nreload"},
    {"vlan_id": ["20", "21\n!"]},
    {"vlan_id": "20\u2028shutdown"},
    {"vlan_id": "2\u200b0"},
    {"vlan_id": "\x03"},
    {"vlan_id": "x" * 40_000},
    {"vlan\nid": "20"},
    {"": "20"},
    {"a" * 200: 1},
    {str(number): 1 for number in range(300)},
    {"vlan_id": {"nested": 1}},
    {"vlan_id": None},
    ["vlan_id"],
]


@pytest.mark.parametrize("params", HOSTILE_PARAMS, ids=range(len(HOSTILE_PARAMS)))
async def test_params_that_could_smuggle_lines_reach_nothing(
    params: Any, connect: Connect, world: World, controller: Controller
) -> None:
    template, device = world.template_named("Access VLAN"), world.device_named("zrh01-f01-acc-01")
    with pytest.raises(ToolError, match="do not fit"):
        await call(connect, "preview_template", template_id=template.id, device_id=device.id, params=params)
    assert list(controller.requests) == []
