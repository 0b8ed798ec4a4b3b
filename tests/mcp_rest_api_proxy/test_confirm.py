"""A call that a person must confirm, over REST: 428 with the question, and the same request with the Confirm header."""

from typing import Any

import httpx2
import pytest
from pydantic_core import from_json

from tests.mcp_rest_api_proxy import tools_under_test
from tests.mcp_rest_api_proxy.conftest import World
from tests.mcp_rest_api_proxy.test_problem_table import assert_problem

ARGUMENTS = {"device_id": "8f1"}


async def asked(world: World, **headers: str) -> dict[str, Any]:
    """The problem a first request meets."""
    response = await world.call("retire", ARGUMENTS, headers={**world.login(), **headers})
    return dict(assert_problem(response, 428, "confirmation_required"))


async def repeated(world: World, confirm: str, who: str = "alice", **headers: str) -> httpx2.Response:
    return await world.call("retire", ARGUMENTS, headers={**world.login(who), "Confirm": confirm, **headers})


async def test_the_problem_carries_the_question_and_what_to_send_back(world: World) -> None:
    problem = await asked(world)
    assert problem["question"].startswith(
        "Take device 8f1 out of service?\nRetire (catalyst-center), asked for by alice"
    )
    assert problem["expires_in"] == 600
    assert "A person must confirm" in problem["detail"]
    assert problem["confirm"] not in problem["detail"]
    assert tools_under_test.deployments == []
    assert "retry-after" not in problem


async def test_the_repeated_request_is_carried_out_once(world: World) -> None:
    problem = await asked(world)
    response = await repeated(world, problem["confirm"])
    assert response.json()["result"] == {"number": 1}
    again = await repeated(world, problem["confirm"])
    assert "was used before" in assert_problem(again, 428, "confirmation_required")["detail"]  # type: ignore[operator]
    assert tools_under_test.deployments == ["8f1"]


async def test_a_repetition_under_the_same_key_needs_no_second_confirmation(world: World) -> None:
    problem = await asked(world, **{"Idempotency-Key": "k"})
    for _ in range(2):
        response = await repeated(world, problem["confirm"], **{"Idempotency-Key": "k"})
        assert response.json()["result"] == {"number": 1}
    assert tools_under_test.deployments == ["8f1"]


async def test_it_holds_for_nobody_else(world: World) -> None:
    problem = await asked(world)
    response = await repeated(world, problem["confirm"], who="mallory")
    assert_problem(response, 428, "confirmation_required")
    assert tools_under_test.deployments == []


@pytest.mark.parametrize("confirm", ["", " ", "x" * 201, "a b", "ä"])
async def test_a_header_that_cannot_be_one_reaches_no_server(world: World, confirm: str) -> None:
    headers = [*world.login().items(), ("Confirm", confirm)]
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    response = await world.call("retire", ARGUMENTS, headers=encoded)
    assert_problem(response, 422, "malformed")
    assert world.network.sent == []


async def test_two_confirmations_are_refused(world: World) -> None:
    headers = [*world.login().items(), ("Confirm", "a"), ("Confirm", "a")]
    assert_problem(await world.call("retire", ARGUMENTS, headers=headers), 422, "malformed")


async def test_it_travels_beside_the_arguments(world: World) -> None:
    await repeated(world, "anything")
    params = from_json(world.network.calls()[-1].content)["params"]
    assert params["_meta"]["mcp-platform/confirm"] == "anything"
    assert params["arguments"] == ARGUMENTS


async def test_the_servers_trail_says_asked_and_then_how_it_was_confirmed(world: World) -> None:
    problem = await asked(world)
    await repeated(world, problem["confirm"])
    lines = [from_json(line) for line in (world.audit_file.parent / "server.jsonl").read_bytes().splitlines()]
    calls = [line for line in lines if line["event.action"] == "tool_call"]
    assert [(line["mcp.outcome"], line.get("mcp.confirmation"), line["mcp.via"]) for line in calls] == [
        ("asked", None, "rest-api-proxy"),
        ("succeeded", "token", "rest-api-proxy"),
    ]
    assert all(
        line["event.action"] != "tool_call" for line in map(from_json, world.audit_file.read_bytes().splitlines())
    )


async def test_openapi_tells_of_the_header_and_the_members(world: World) -> None:
    document = (await world.client.get("/openapi.json", headers=world.login())).json()
    operation = document["paths"]["/api/v1/mcp/catalyst-center/tools/retire"]["post"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["Idempotency-Key", "Confirm"]
    assert "confirmation_required" in operation["responses"]["428"]["description"]
    assert {"confirm", "expires_in", "question"} <= document["components"]["schemas"]["Problem"]["properties"].keys()
