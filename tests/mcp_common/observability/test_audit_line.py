"""What a line says, and what it never says."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_common.audit import AuditTrail
from mcp_common.principal import Principal
from mcp_common.telemetry import call_span, current_trace_ids
from mcp_common.trail.audit_record import MAX_ARGUMENTS, CallRecord, call_line, encode, event_fields
from mcp_common.trail.audit_verify import verify
from tests.mcp_common.observability.conftest import ALICE, a_call


def call_fields(call: CallRecord) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(call_line(call))
    return fields


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_says_who_did_what_through_what_and_what_came_of_it(trail: AuditTrail, path: Path) -> None:
    trail.record(a_call())
    (line,) = lines(path)
    expected = {
        "ecs.version": "8.17.0",
        "event.kind": "event",
        "event.category": ["api"],
        "event.type": ["change", "allowed"],
        "event.action": "tool_call",
        "event.outcome": "success",
        "event.duration": 12_500_000,
        "event.reason": "granted to network-engineers",
        "service.name": "catalyst-center",
        "user.id": "u-1001",
        "user.name": "alice",
        "user.roles": ["network-engineers", "developers"],
        "source.ip": "192.0.2.7",
        "trace.id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span.id": "00f067aa0ba902b7",
        "http.request.id": "req-1",
        "mcp.issuer": "https://idp.example",
        "mcp.client_id": "desktop-agent",
        "mcp.actors": ["agent-7", "orchestrator"],
        "mcp.via": "rest-api-proxy",
        "mcp.tool": "deploy_template",
        "mcp.permission": "catalyst-center/template:write",
        "mcp.resource": "catalyst-center",
        "mcp.action": "write",
        "mcp.object": "template",
        "mcp.decision.id": "d-1",
        "mcp.policy.revision": "r-7",
        "mcp.outcome": "succeeded",
        "mcp.arguments": [{"name": "template_id", "size": 3}, {"name": "params", "size": 11}],
        "mcp.arguments_count": 2,
        "mcp.duration_ms.auth": 1.0,
        "mcp.duration_ms.policy": 0.5,
        "mcp.duration_ms.upstream": 10.0,
        "mcp.duration_ms.total": 12.5,
    }
    assert {name: line.get(name) for name in expected} == expected
    assert line["@timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("outcome", "ecs", "types"),
    [
        ("succeeded", "success", ["access", "allowed"]),
        ("asked", "success", ["info", "allowed"]),
        ("denied", "failure", ["access", "denied"]),
        ("failed", "failure", ["access", "allowed", "error"]),
        ("unknown", "unknown", ["access", "allowed", "error"]),
    ],
)
def test_every_outcome_has_its_ecs_words(outcome: Any, ecs: str, types: list[str]) -> None:
    line = call_fields(a_call(outcome=outcome, permission="catalyst-center/device:read", error_code="not_found"))
    assert (line["mcp.outcome"], line["event.outcome"], line["event.type"]) == (outcome, ecs, types)
    assert line["error.code"] == "not_found"


@pytest.mark.parametrize("how", ["form", "elicitation", "token", "declined", None])
def test_how_a_write_was_confirmed_is_in_its_line(how: Any) -> None:
    assert call_fields(a_call(confirmation=how)).get("mcp.confirmation") == how


def test_a_call_nobody_was_verified_for_has_no_user() -> None:
    line = call_fields(a_call(principal=None, permission="", outcome="denied", reason="No verified caller"))
    assert not [name for name in line if name.startswith(("user.", "mcp.permission"))]
    assert line["event.reason"] == "No verified caller"


VALUES = st.recursive(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E80), min_size=3),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E80), min_size=3), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text("abc_", min_size=1, max_size=20), VALUES, max_size=40))
def test_no_argument_value_is_ever_written(arguments: dict[str, Any]) -> None:
    """The values, nested names included, are made of characters that no line has otherwise."""
    line = call_line(a_call(arguments=arguments)).decode()
    assert line.isascii()
    assert json.loads(line).get("mcp.arguments_count", 0) == len(arguments)


@given(st.dictionaries(st.text(max_size=400), st.none(), max_size=60), st.text(max_size=2000))
def test_names_a_model_made_up_cannot_grow_or_steer_the_line(arguments: dict[str, None], tool: str) -> None:
    fields = call_fields(a_call(tool=tool, arguments=arguments))
    line = encode(fields)
    known = call_line(a_call(arguments={}))
    assert len(line) < len(known) + 64 + MAX_ARGUMENTS * 100 + 50
    text = line.decode()
    assert text.isprintable()
    assert all(set(argument) == {"name", "size"} for argument in fields.get("mcp.arguments", []))


def test_a_secret_used_as_an_argument_name_or_tool_name_is_masked() -> None:
    token = "ghp_" + "a1B2" * 9
    line = call_line(a_call(tool=token, arguments={token: 1, f"x{token}": 2})).decode()
    assert token not in line


def test_text_that_is_no_unicode_does_not_lose_the_line(trail: AuditTrail, path: Path) -> None:
    odd = "\ud800"
    who = Principal(subject=odd, issuer="https://idp.example", name=odd)
    trail.record(a_call(tool=odd, principal=who, reason=odd, request_id=odd, arguments={odd: odd, "nested": [odd]}))
    assert verify(path).ok


def test_an_address_that_is_none_is_not_written_as_one() -> None:
    line = call_fields(a_call(source_ip="testclient"))
    assert line["source.address"] == "testclient"
    assert "source.ip" not in line


def test_an_event_puts_what_ecs_knows_where_ecs_has_it_and_the_rest_under_labels() -> None:
    facts = {"source_ip": "192.0.2.7", "reason": "expired", "path": "api/x", "version": 3, "by": ALICE, "gone": None}
    line = event_fields("catalyst-center", "authenticate", "failure", facts)
    assert line["source.ip"] == "192.0.2.7"
    assert line["event.reason"] == "expired"
    assert (line["labels.path"], line["labels.version"], line["user.id"]) == ("api/x", "3", "u-1001")
    assert line["event.outcome"] == "failure"
    assert "labels.gone" not in line


def test_an_event_inside_a_call_carries_its_trace(trail: AuditTrail, path: Path) -> None:
    with call_span("get_device", None, None):
        trail.event("secret_read", "success", path="api/x")
        trace_id, span_id = current_trace_ids()
    (line,) = lines(path)
    assert (line["trace.id"], line["span.id"]) == (trace_id, span_id)


def test_an_event_redacts_what_it_is_given() -> None:
    line = encode(event_fields("x", "login", "failure", {"reason": "password=hunter2hunter2"})).decode()
    assert "hunter2" not in line


def test_many_threads_write_one_unbroken_chain(trail: AuditTrail, path: Path) -> None:
    def write() -> None:
        for _ in range(100):
            trail.record(a_call())

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify(path)
    assert (report.ok, report.lines) == (True, 800)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(max_size=50), max_size=5))
def test_whatever_is_written_verifies(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    trail = AuditTrail(path, service="x")
    for text in texts:
        trail.record(a_call(tool=text, reason=text, arguments={text: text}, via=text, request_id=text, source_ip=text))
        trail.event(text, text, reason=text)
    trail.close()
    report = verify(path)
    assert (report.ok, report.lines) == (True, 2 * len(texts)), report


def test_refused_logins_cannot_fill_the_disk_and_are_counted(path: Path) -> None:
    trail = AuditTrail(path, service="x")
    for _ in range(5000):
        trail.event("authenticate", "failure", reason="expired")
    trail.event("authenticate", "success")
    trail.close()
    found = lines(path)
    refused = [line for line in found if line["event.outcome"] == "failure"]
    told = sum(int(line.get("labels.left_out", 0)) for line in refused)
    assert len(refused) < 500
    assert told + sum("event.reason" in line for line in refused) == 5000
    assert found[-2]["event.outcome"] == "success"


def test_no_field_is_both_a_value_and_an_object() -> None:
    """A search engine reads the dots as objects, and refuses a document in which one is a value too."""
    names = {*call_fields(a_call()), *event_fields("x", "start", "success", {"path": "p"}), "mcp.audit.hash"}
    assert not [(one, other) for one in names for other in names if other.startswith(f"{one}.")]


def test_a_line_is_in_the_file_when_record_returns(trail: AuditTrail, path: Path, written: Callable[..., Path]) -> None:
    trail.record(a_call())
    assert verify(path).lines == 1
