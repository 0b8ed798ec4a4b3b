"""What a caller gives up for a request is given up behind the proxy, too."""

import pytest

from tests.mcp_rest_api_proxy import tools_under_test
from tests.mcp_rest_api_proxy.conftest import World

LIST = "/api/v1/mcp/catalyst-center/tools"


async def names(world: World, **headers: str) -> set[str]:
    response = await world.client.get(LIST, headers=world.login() | headers)
    return {tool["name"] for tool in response.json()["tools"]}


async def test_a_request_that_gave_writing_up_writes_nothing(world: World) -> None:
    headers = world.login() | {"X-MCP-Readonly": "true"}
    response = await world.call("deploy", {"device_id": "8f1"}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (404, "unknown_tool")
    assert tools_under_test.deployments == []
    assert (await world.call("get_device", {"device_id": "8f1"}, headers=headers)).status_code == 200


async def test_a_restricted_list_is_never_given_for_a_whole_one_nor_the_other_way_round(world: World) -> None:
    everything = await names(world)
    assert await names(world, **{"X-MCP-Tools": "get_device"}) == {"get_device"}
    assert "deploy" in everything
    assert "deploy" not in await names(world, **{"X-MCP-Readonly": "1"})
    assert await names(world) == everything


async def test_headers_that_say_the_same_thing_twice_both_reach_the_server(world: World) -> None:
    headers = [*world.login().items(), ("X-MCP-Tools", "get_device,fail"), ("X-MCP-Tools", "fail,deploy")]
    response = await world.client.get(LIST, headers=headers)
    assert [tool["name"] for tool in response.json()["tools"]] == ["fail"]


@pytest.mark.parametrize("value", ["x" * 2001, "r\xe9ad"])
async def test_a_restriction_that_cannot_go_on_is_refused_and_not_left_out(world: World, value: str) -> None:
    headers = [(name.encode(), text.encode()) for name, text in world.login().items()]
    response = await world.client.get(LIST, headers=[*headers, (b"x-mcp-tools", value.encode("latin-1"))])
    assert (response.status_code, response.json()["code"]) == (422, "malformed")
    assert world.network.sent == []
