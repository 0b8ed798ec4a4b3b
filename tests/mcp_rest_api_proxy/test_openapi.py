"""The OpenAPI document, the tool lists and the page."""

import re
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator

from mcp_rest_api_proxy.openapi import document
from mcp_rest_api_proxy.servers import Tool
from tests.mcp_rest_api_proxy.conftest import World
from tests.mcp_rest_api_proxy.test_problem_table import assert_problem

GENERIC = {"/api/v1/mcp", "/api/v1/mcp/{server}/tools", "/api/v1/mcp/{server}/tools/{tool}"}


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for part in node for found in references(part)]
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for part in node.values() for found in references(part)]
    return []


def resolved(whole: Any, reference: str) -> Any:
    assert reference.startswith("#/"), reference
    node = whole
    for part in reference[2:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


def assert_valid(whole: dict[str, Any]) -> None:
    """The OpenAPI 3.1 model takes it, every reference leads somewhere, every schema is one."""
    OpenAPI.model_validate(whole)
    assert whole["openapi"].startswith("3.1")
    for reference in references(whole):
        resolved(whole, reference)
    for name, schema in whole["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        Draft202012Validator.check_schema(schema)
    operations = [operation for item in whole["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for path, item in whole["paths"].items():
        parameters = [part for operation in item.values() for part in operation.get("parameters", [])]
        assert set(re.findall(r"\{(.*?)\}", path)) == {part["name"] for part in parameters if part["in"] == "path"}


async def fetch(world: World, *groups: str) -> dict[str, Any]:
    headers = world.login("alice", *groups) if groups else {}
    response = await world.client.get("/openapi.json", headers=headers)
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


async def test_without_a_token_the_document_holds_the_generic_paths_only(world: World) -> None:
    whole = await fetch(world)
    assert_valid(whole)
    assert set(whole["paths"]) == GENERIC
    assert world.network.sent == []


async def test_with_a_token_it_holds_the_callers_tools_with_their_schemas(world: World) -> None:
    whole = await fetch(world, "network-engineers")
    assert_valid(whole)
    operation = whole["paths"]["/api/v1/mcp/catalyst-center/tools/get_device"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["arguments"]
    arguments = resolved(whole, body["properties"]["arguments"]["$ref"])
    assert arguments["required"] == ["device_id"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    result = resolved(whole, answer["properties"]["result"]["$ref"])
    assert set(result["properties"]) == {"id", "hostname", "uptime"}
    assert {"401", "403", "404", "409", "422", "429", "502", "503", "504"} <= operation["responses"].keys()


async def test_each_caller_gets_a_document_of_their_own(world: World) -> None:
    engineer, desk, developer = [
        set((await fetch(world, group))["paths"]) for group in ("network-engineers", "service-desk", "developers")
    ]
    assert "/api/v1/mcp/catalyst-center/tools/deploy" in engineer
    assert "/api/v1/mcp/catalyst-center/tools/deploy" not in desk
    assert "/api/v1/mcp/catalyst-center/tools/get_device" in desk
    assert not any("catalyst-center" in path for path in developer)
    assert set((await fetch(world, "nobody"))["paths"]) == GENERIC


async def test_the_result_of_the_document_is_the_result_of_the_call(world: World) -> None:
    whole = await fetch(world, "admin")
    for server, tool, arguments in [
        ("catalyst-center", "get_site", {"site": {"name": "a", "parts": [{"name": "b"}]}}),
        ("catalyst-center", "who_am_i", {}),
        ("bare", "add", {"a": 1, "b": 2}),
        ("bare", "greet", {"name": "Bo"}),
    ]:
        operation = whole["paths"][f"/api/v1/mcp/{server}/tools/{tool}"]["post"]
        answer = await world.call(tool, arguments, server=server)
        for part, instance in (
            (operation["responses"]["200"], answer.json()),
            (operation["requestBody"], {"arguments": arguments}),
        ):
            schema = {**part["content"]["application/json"]["schema"], "components": whole["components"]}
            Draft202012Validator(schema).validate(instance)


async def test_problems_are_what_the_document_says(world: World) -> None:
    whole = await fetch(world)
    Draft202012Validator(whole["components"]["schemas"]["Problem"]).validate((await world.call("nope")).json())


async def test_a_server_that_is_down_is_named_and_the_others_are_described(world: World) -> None:
    del world.network.ports[8012]
    whole = await fetch(world, "admin")
    assert_valid(whole)
    assert list(whole["x-unavailable-servers"]) == ["bare"]
    assert "/api/v1/mcp/catalyst-center/tools/deploy" in whole["paths"]


async def test_a_wrong_token_gets_no_document(world: World) -> None:
    response = await world.client.get("/openapi.json", headers={"Authorization": "Bearer x.y.z"})
    assert_problem(response, 401, "unauthenticated")


async def test_writes_take_an_idempotency_key_and_reads_do_not(world: World) -> None:
    paths = (await fetch(world, "admin"))["paths"]
    names = {
        tool: [part["name"] for part in paths[f"/api/v1/mcp/catalyst-center/tools/{tool}"]["post"]["parameters"]]
        for tool in ("deploy", "get_device")
    }
    assert names == {"deploy": ["Idempotency-Key", "Confirm"], "get_device": []}


def test_hostile_names_and_schemas_stay_inside_the_document() -> None:
    schema = {
        "$id": "http://evil.test/x",
        "type": "object",
        "$defs": {"a/b": {"$ref": "#"}, "$ref": {"type": "string"}},
        "properties": {
            "$ref": {"$ref": "#/$defs/a~1b"},
            "far": {"$ref": "http://evil.test/schema.json"},
            "data": {"const": {"$ref": "#/not/a/reference"}},
        },
    }
    names = ["{x}", "../..", "a b", "ä", "a_b", "a.arguments", "a"]
    tools = [Tool(name, None, None, schema, schema, None) for name in names]
    generic = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": {}}}
    whole = document(generic, {"s": tools})
    assert len(whole["paths"]) == len(names)
    assert len(whole["components"]["schemas"]) == 2 * len(names)
    assert not any("{" in path for path in whole["paths"])
    first = whole["components"]["schemas"]["s.a.arguments"]
    assert first["properties"]["$ref"] == {"$ref": "#/components/schemas/s.a.arguments/$defs/a~1b"}
    assert first["properties"]["far"] == {}
    assert first["properties"]["data"] == {"const": {"$ref": "#/not/a/reference"}}
    assert "$id" not in first
    assert "/../" not in "".join(whole["paths"])


async def test_a_tool_list_has_the_schemas_and_hints_of_each_tool(world: World) -> None:
    response = await world.client.get("/api/v1/mcp/catalyst-center/tools", headers=world.login())
    tools = {tool["name"]: tool for tool in response.json()["tools"]}
    tool = tools["deploy"]
    assert set(tool) == {"name", "title", "description", "input_schema", "output_schema", "annotations"}
    assert (tool["title"], tool["description"]) == ("Deploy", "Deploy to a device.")
    assert tool["annotations"]["readOnlyHint"] is False
    assert tool["output_schema"]["properties"].keys() == {"number"}


async def test_nobody_sees_a_list_that_was_made_for_another(world: World) -> None:
    seen = {}
    for group in ("network-engineers", "service-desk", "developers", "network-engineers"):
        response = await world.client.get("/api/v1/mcp/catalyst-center/tools", headers=world.login("same", group))
        seen[group] = {tool["name"] for tool in response.json()["tools"]}
    assert seen["network-engineers"] - seen["service-desk"] == {"deploy", "retire"}
    assert seen["developers"] == set()
    lists = [request for request in world.network.sent if request.headers["mcp-method"] == "tools/list"]
    assert len(lists) == 3


async def test_a_list_of_many_pages_is_complete(world: World) -> None:
    def paged(request: httpx2.Request) -> httpx2.Response:
        text = request.content.decode()
        page = 1 if '"cursor":"next"' in text else 0
        tool = {"name": f"tool{page}", "inputSchema": {"type": "object"}}
        result: dict[str, Any] = {"tools": [tool]} | ({} if page else {"nextCursor": "next"})
        return httpx2.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": result})

    world.answer_with(paged)
    response = await world.client.get("/api/v1/mcp/catalyst-center/tools", headers=world.login())
    assert [tool["name"] for tool in response.json()["tools"]] == ["tool0", "tool1"]


async def test_the_server_list_says_which_can_be_reached(world: World) -> None:
    del world.network.ports[8012]
    response = await world.client.get("/api/v1/mcp", headers=world.login())
    entries = {entry["name"]: entry for entry in response.json()["servers"]}
    assert entries["catalyst-center"] == {
        "name": "catalyst-center",
        "reachable": True,
        "tools": "/api/v1/mcp/catalyst-center/tools",
    }
    assert entries["bare"]["reachable"] is False
    assert "cannot be reached" in entries["bare"]["reason"]
    assert all("authorization" not in request.headers for request in world.network.sent)


@pytest.mark.parametrize("path", ["/api/v1/mcp", "/api/v1/mcp/catalyst-center/tools"])
async def test_lists_ask_the_policy_too(world: World, path: str) -> None:
    assert_problem(await world.client.get(path, headers=world.login("bob", "nobody")), 403, "denied")
    assert_problem(await world.client.get(path), 401, "unauthenticated")


async def test_the_page_loads_nothing_from_elsewhere(world: World) -> None:
    page = await world.client.get("/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    for name in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert "//" not in name
        assert (await world.client.get(f"/{name}")).status_code == 200
    assert_problem(await world.client.get("/docs/..%2Fapp.py"), 404, "no_such_path")


async def test_swagger_ui_is_the_build_its_makers_published(world: World) -> None:
    """The digests are those of swagger-ui-dist 5.34.0 on npm: people type tokens into this page."""
    published = {
        "swagger-ui-bundle.js": "3f6abf70480db7e07914df4c98a77385f22ea585eaf457a3e6415ba0eae2d167",
        "swagger-ui.css": "c3cfe8248c4b0b89673600fb829924eafbac6de4bc4b2b06f5f5243483074d0a",
    }
    for name, digest in published.items():
        assert sha256((await world.client.get(f"/docs/{name}")).content).hexdigest() == digest
