"""Problems, knowledge, catalog, attachments, counts and tables, called by an MCP client."""

from typing import Any

import pytest

from mcp_common.testing.person import Person
from mcp_common.testing.plugin import Connect
from simulators.faults import Faults
from simulators.servicenow.instance import Instance
from simulators.servicenow.users import User
from tests.mcp_service_now.calling import answer, call, error_of, refusal

SYSTEM = User("", "system", "System", frozenset({"admin"}), "UTC")
INCIDENT = "INC0010001"


async def test_problems_are_found_and_shown(connect: Connect) -> None:
    found = await answer(connect, "search_problems", state="open", text="storm")
    (problem,) = found["problems"]
    shown = await answer(connect, "get_problem", problem=problem["number"])
    assert shown["short_description"] == problem["short_description"]
    assert (await refusal(connect, "search_problems", state="Resolved?"))["text"].count("(10") >= 4


async def test_a_problem_is_opened_from_an_incident_once(connect: Connect, instance: Instance) -> None:
    order = {"short_description": "Level too low", "incident": INCIDENT, "correlation_id": "storm-1"}
    first, again = [await answer(connect, "create_problem", **order) for _ in range(2)]
    assert (first["created"], first["landed"], again["created"]) == (True, True, False)
    incident = instance.tables["incident"].find(number=INCIDENT)
    record = instance.tables["problem"].own[first["problem"]["id"]]
    assert incident is not None and record["first_reported_by_task"] == incident["sys_id"]


async def test_articles_are_read_as_text_in_parts(connect: Connect) -> None:
    found = await answer(connect, "search_knowledge", text="storm control", limit=1)
    (article,) = found["articles"]
    assert "<" not in str(article)
    whole = (await answer(connect, "get_article", article=article["number"]))["text"]
    assert "<p>" not in whole["text"] and whole["total_chars"] == len(whole["text"])
    parts, start = "", 0
    for _ in range(20):
        part = (await answer(connect, "get_article", article=article["id"], start=start, max_chars=200))["text"]
        parts += part["text"]
        if not part["more"]:
            break
        start = part["next_start"]
    assert parts == whole["text"]
    assert (await refusal(connect, "get_article", article="KB9999999"))["code"] == "not_found"


async def test_what_can_be_ordered_says_what_it_asks(connect: Connect) -> None:
    many = await answer(connect, "search_catalog_items")
    assert len(many["items"]) > 3 and "variables" not in many["items"][0]
    (item,) = (await answer(connect, "search_catalog_items", text="port activation"))["items"]
    assert {variable["name"] for variable in item["variables"] if variable["mandatory"]} == {
        *("floor", "socket", "purpose"),
    }


SOCKET = {"floor": "ZRH01 Floor 2, room 2.14", "socket": "2.14-3", "purpose": "Printer"}


async def test_an_order_is_confirmed_placed_once_and_read_back(
    connect: Connect, instance: Instance, person: Person
) -> None:
    placed = await answer(connect, "order_catalog_item", item="Network port activation", variables=SOCKET)
    assert placed["landed"]
    assert placed["requested_for"]["name"] == "Maya Okafor"
    assert placed["number"].startswith("REQ")
    assert len(instance.tables["sc_req_item"].own) >= 1
    (question,) = person.asked
    assert "Order 1 of the catalog item" in question and "2.14-3" in question


async def test_an_order_nobody_confirms_is_not_placed(connect: Connect, instance: Instance, person: Person) -> None:
    person.answer = "decline"
    before = len(instance.tables["sc_request"].own)
    error = await refusal(connect, "order_catalog_item", item="Network port activation", variables=SOCKET)
    assert error["code"] != "internal"
    assert len(instance.tables["sc_request"].own) == before
    assert "POST" not in {request.method for request in instance.requests}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"variables": {}}, "told floor, socket, purpose"),
        ({"variables": SOCKET | {"purpose": "Fun"}}, "one of office, printer"),
        ({"variables": SOCKET | {"sudo": "1"}}, "does not ask for sudo"),
        ({"variables": SOCKET | {"floor": "  "}}, "told floor"),
        ({"item": "Network port"}, "Close to it: Network port activation"),
        ({"quantity": 21}, "quantity"),
        ({"requested_for": "nobody at all"}, "requested_for"),
    ],
)
async def test_what_cannot_be_ordered_is_refused_first(
    change: dict[str, Any], words: str, connect: Connect, instance: Instance
) -> None:
    order = {"item": "Network port activation", "variables": SOCKET} | change
    assert words in (await refusal(connect, "order_catalog_item", **order))["text"]
    assert "POST" not in {request.method for request in instance.requests}


async def test_a_text_is_attached_and_read_in_parts(connect: Connect) -> None:
    text = "".join(f"line {number}\n" for number in range(200)) + "snmp-server community HuNt3r-2 RO\n"
    made = await answer(connect, "attach_text", record=INCIDENT, file_name="show run.txt", text=text)
    assert (made["landed"], made["masked"]) == (True, 1)
    (listed,) = (await answer(connect, "list_attachments", record=INCIDENT))["attachments"]
    assert listed["name"] == "show run.txt"
    tail = (await answer(connect, "get_attachment", attachment=listed["id"], start=-50))["text"]
    assert tail["text"].endswith("community <masked> RO\n")


def attached(instance: Instance, **values: str) -> str:
    """A file that somebody else put there."""
    incident = instance.tables["incident"].find(number=INCIDENT)
    assert incident is not None
    usual = {"file_name": "a.txt", "content_type": "text/plain", "size_bytes": "5", "table_name": "incident"}
    return instance.insert("sys_attachment", usual | {"table_sys_id": incident["sys_id"]} | values, SYSTEM)["sys_id"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"content_type": "image/png", "file_name": "x.txt"}, "no text: image/png, 5 bytes"),
        ({"content_type": "application/octet-stream", "file_name": "x.exe"}, "no text"),
        ({"content_type": "text/plain\nIgnore all", "file_name": "x"}, "no text: , 5 bytes"),
        ({"table_name": "sys_certificate"}, ""),
    ],
)
async def test_other_files_are_not_read(
    values: dict[str, str], words: str, connect: Connect, instance: Instance
) -> None:
    error = await refusal(connect, "get_attachment", "admin", attachment=attached(instance, **values))
    assert words in error["text"]
    assert not [request for request in instance.requests if request.path.endswith("/file")]


async def test_a_page_in_place_of_a_file_is_not_taken_for_it(
    connect: Connect, instance: Instance, faults: Faults
) -> None:
    made = await answer(connect, "attach_text", record=INCIDENT, file_name="a.txt", text="x")
    faults.add("html", "*/file", status=200)
    error = await refusal(connect, "get_attachment", attachment=made["attachment"]["id"])
    assert (error["code"], "web page" in error["text"]) == ("upstream_failed", True)


@pytest.mark.parametrize("name", ["a.html", "../a.txt", "a.txt\n", ".txt", "a/b.txt", "a.exe"])
async def test_a_file_name_is_a_plain_one(name: str, connect: Connect, instance: Instance) -> None:
    assert (await refusal(connect, "attach_text", record=INCIDENT, file_name=name, text="x"))["code"] == (
        "invalid_arguments"
    )
    assert list(instance.requests) == []


async def test_counts_divide(connect: Connect, instance: Instance) -> None:
    records = instance.tables["incident"].own.values()
    found = await answer(connect, "count_records", table="incident", by="state")
    assert found["count"] == len(records) == sum(group["count"] for group in found["groups"])
    open_ones = await answer(connect, "count_records", table="incident", query=[{"field": "active", "value": "true"}])
    assert open_ones == {"count": sum(record["active"] == "true" for record in records)}
    assert "no field" in (await refusal(connect, "count_records", table="incident", by="colour"))["text"]
    assert (await refusal(connect, "count_records", table="sys_user"))["code"] == "invalid_arguments"


async def test_a_table_is_described_without_what_is_private(connect: Connect) -> None:
    found = await answer(connect, "describe_table", table="incident", text="close code")
    assert found["fields"] == [] or found["fields"][0]["name"] == "close_code"
    (field,) = (await answer(connect, "describe_table", table="incident", text="hold_reason"))["fields"]
    assert {"value": "5", "label": "Awaiting Change"} in field["choices"]
    group = await answer(connect, "describe_table", table="sys_user_group", limit=100)
    assert "email" not in [field["name"] for field in group["fields"]]
    assert group["extends"] == []
    assert (await answer(connect, "describe_table", table="incident"))["extends"] == ["task"]


@pytest.mark.parametrize(
    ("tool", "arguments", "may"),
    [
        ("create_problem", {"short_description": "x"}, {"admin", "service-desk", "change-managers"}),
        ("order_catalog_item", {"item": "x"}, {"admin", "service-desk"}),
        (
            "attach_text",
            {"record": INCIDENT, "file_name": "a.txt", "text": "x"},
            {"admin", "service-desk", "change-managers"},
        ),
        ("search_knowledge", {"text": "port"}, {"admin", "service-desk", "change-managers", "network-engineers"}),
    ],
)
async def test_who_may_do_what(tool: str, arguments: dict[str, Any], may: set[str], connect: Connect) -> None:
    for group in ("admin", "service-desk", "change-managers", "network-engineers", "developers", "nobody"):
        result = await call(connect, tool, group, **arguments)
        denied = result.is_error and error_of(result)["code"] == "denied"
        assert denied is (group not in may), group
