"""Hostile arguments through the protocol: what the instance was asked is what was meant, and it ran nothing."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from fastmcp import Client
from pydantic_core import from_json

from mcp_common.testing.plugin import Connect
from simulators.servicenow.instance import Instance
from simulators.servicenow.query.parse import parse
from tests.mcp_service_now.injections import INJECTIONS

OWN = {
    "incident": {
        "short_description",
        "description",
        "opened_at",
        "sys_id",
        "state",
        "active",
        "number",
        "assignment_group",
    },
    "sys_user": {"name", "user_name", "email", "active"},
    "sys_user_group": {"name", "active"},
    "cmdb_ci": {"name", "sys_id", "ip_address", "serial_number", "location"},
    "sys_choice": {"name", "element", "inactive", "sequence", "sys_id"},
    "cmn_location": {"name", "full_name"},
    "sc_cat_item": {"name"},
}
SENDABLE = [value for value in INJECTIONS if "\ud800" not in value]  # JSON carries no half characters
ARGUMENTS = [
    ("search_incidents", "text"),
    ("search_incidents", "state"),
    ("search_incidents", "group"),
    ("search_incidents", "opened_since"),
    ("get_incident", "incident"),
    ("find_users", "text"),
    ("find_groups", "text"),
    ("search_cis", "text"),
    ("search_cis", "address"),
    ("search_cis", "serial"),
    ("search_cis", "ci_class"),
    ("search_cis", "location"),
    ("get_ci", "ci"),
    ("find_device_ci", "hostname"),
    ("search_knowledge", "text"),
    ("search_catalog_items", "text"),
    ("order_catalog_item", "item"),
    ("get_article", "article"),
    ("list_attachments", "record"),
    ("get_attachment", "attachment"),
    ("describe_table", "text"),
    ("count_records", "by"),
]


def check_queries(instance: Instance) -> int:
    """How many queries arrived; each one names only what the tool meant, and none sorts or branches otherwise."""
    seen = 0
    for request in instance.requests:
        table = request.path.rpartition("/")[2]
        for text in parse_qs(request.query).get("sysparm_query", []):
            seen += 1
            read = parse(text)
            assert len(read.branches) == 1, text
            if table in OWN:
                assert read.fields() <= OWN[table] | {"sys_id"}, text
            assert "javascript:" not in text.casefold()
    return seen


@pytest.mark.parametrize(("tool", "argument"), ARGUMENTS)
async def test_no_argument_says_more_than_its_value(
    tool: str, argument: str, connect: Connect, instance: Instance
) -> None:
    async with connect("admin", subject="admin") as client:
        for value in SENDABLE[::8]:
            await _called(client, tool, {argument: value})
    check_queries(instance)
    assert instance.scripts == []
    assert not [request for request in instance.requests if request.method != "GET"]


async def test_no_condition_of_a_callers_own_says_more_than_it_is(connect: Connect, instance: Instance) -> None:
    async with connect("admin", subject="admin") as client:
        for value in SENDABLE[::3]:
            condition = {"field": "short_description", "operator": "contains", "value": value}
            await _called(client, "search_incidents", {"query": [condition]})
    check_queries(instance)
    assert instance.scripts == []


@pytest.mark.parametrize(
    "field", ["u_nothing", "state^active", "caller_id.user_password", "STATE", "", "state\n", "x" * 99]
)
async def test_a_field_the_table_lacks_is_never_sent(field: str, connect: Connect, instance: Instance) -> None:
    async with connect("admin", subject="admin") as client:
        for tool, rest in (("search_incidents", {}), ("search_problems", {}), ("count_records", {"table": "incident"})):
            result = await _called(client, tool, {**rest, "query": [{"field": field, "value": "x"}]})
            assert result["code"] == "invalid_arguments"
    tables = {request.path.rpartition("/")[2] for request in instance.requests}
    assert tables <= {"sys_db_object", "sys_dictionary"}


@pytest.mark.parametrize("field", ["email", "user_password", "phone"])
async def test_private_fields_cannot_be_guessed_at(field: str, connect: Connect, instance: Instance) -> None:
    """A condition on a column tells its content letter by letter."""
    async with connect("admin", subject="admin") as client:
        query = [{"field": field, "operator": "starts with", "value": "a"}]
        result = await _called(client, "count_records", {"table": "sys_user_group", "query": query})
    assert result["code"] == "invalid_arguments"


@pytest.mark.parametrize(
    "text", ["[code]<script>alert(1)</script>[/code]", "[ CODE ]x", "a\u200bb", "a\x00b", "a\x1b[2J"]
)
async def test_text_that_would_be_markup_or_hidden_is_not_written(
    text: str, connect: Connect, instance: Instance
) -> None:
    async with connect("admin", subject="admin") as client:
        for tool, arguments in (
            ("add_work_note", {"record": "INC0010001", "text": text}),
            ("create_incident", {"short_description": text}),
            ("create_incident", {"short_description": "x", "description": text}),
            ("update_incident", {"incident": "INC0010001", "changes": {"description": text}}),
            ("resolve_incident", {"incident": "INC0010001", "close_code": "Duplicate", "close_notes": text}),
        ):
            assert (await _called(client, tool, arguments))["code"] == "invalid_arguments"
    assert list(instance.requests) == []


async def test_device_secrets_in_what_is_written_are_masked(connect: Connect, instance: Instance) -> None:
    config = "snmp-server community HuNt3r-2 RO\nusername x secret 0 HuNt3r-2\n"
    async with connect("admin", subject="admin") as client:
        await _called(client, "create_incident", {"short_description": "x", "description": config})
        await _called(client, "add_work_note", {"record": "INC0010001", "text": config})
        await _called(client, "attach_text", {"record": "INC0010001", "file_name": "a.cfg", "text": config})
    held = [str(record) for table in instance.tables.values() for record in table.own.values()]
    assert not [text for text in held if "HuNt3r" in text]


async def _called(client: Client[Any], tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments, raise_on_error=False)
    found: dict[str, Any] = (result.meta or {}).get("mcp-platform/error", {})
    assert found.get("code") != "internal", (tool, arguments)
    assert result.is_error or from_json(result.content[0].text) is not None  # type: ignore[union-attr]  # text it is
    return found
