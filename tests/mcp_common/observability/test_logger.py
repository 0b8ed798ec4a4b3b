"""Log lines as they leave the process."""

import io
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import fastmcp  # noqa: F401 - brings its own log handlers, which must not survive
import pytest
from fastmcp.utilities.logging import get_logger as fastmcp_logger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_common.logger import configure_logging, get_logger, log_mcp_call
from mcp_common.settings import Settings
from mcp_common.telemetry import call_span, current_trace_ids
from tests.mcp_common.observability.conftest import ALICE

SECRET = "ghp_" + "Zx9Q" * 9


@pytest.fixture
def stdout(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    configure_logging(Settings(log_level="DEBUG"), "catalyst-center")
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_json_line_in_ecs_names(stdout: io.StringIO) -> None:
    get_logger("mcp_catalyst_center.client").info("asked %s\ntwice", "it", extra={"mcp.tool": "get_device"})
    (line,) = lines(stdout)
    assert line.pop("@timestamp").endswith("Z")
    assert line == {
        "log.level": "info",
        "message": "asked it\ntwice",
        "ecs.version": "8.17.0",
        "service.name": "catalyst-center",
        "log.logger": "mcp_catalyst_center.client",
        "mcp.tool": "get_device",
    }


def test_a_record_of_a_call_carries_its_trace(stdout: io.StringIO) -> None:
    with call_span("get_device", ALICE, None):
        get_logger("x").info("inside")
        expected = current_trace_ids()
    get_logger("x").info("outside")
    inside, outside = lines(stdout)
    assert (inside["trace.id"], inside["span.id"]) == expected
    assert "trace.id" not in outside


@pytest.mark.parametrize("name", ["uvicorn", "uvicorn.error", "uvicorn.access", "mcp.server", "asyncio"])
def test_every_librarys_log_comes_out_once_in_the_same_format(stdout: io.StringIO, name: str) -> None:
    logging.getLogger(name).warning("something", extra={"color_message": "\x1b[1msomething"})
    (line,) = lines(stdout)
    assert (line["log.logger"], line["message"]) == (name, "something")
    assert "color_message" not in line


def test_fastmcps_own_handlers_are_replaced(stdout: io.StringIO) -> None:
    fastmcp_logger("server").warning("odd")
    assert [line["log.logger"] for line in lines(stdout)] == ["fastmcp.server"]


def test_warnings_are_log_lines(stdout: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("deprecated thing", stacklevel=1)
    assert "deprecated thing" in lines(stdout)[0]["message"]


def test_an_exception_is_told_with_type_message_and_redacted_stack(stdout: io.StringIO) -> None:
    try:
        raise ValueError(f"refused token={SECRET}")
    except ValueError:
        get_logger("x").exception("it failed", stack_info=True)
    (line,) = lines(stdout)
    assert line["error.type"] == "ValueError"
    assert "ValueError: refused token=***" in line["error.stack_trace"]
    assert "log.origin.stack" in line
    assert SECRET not in stdout.getvalue()


def test_a_chained_exception_is_redacted_as_well(stdout: io.StringIO) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise RuntimeError("upstream said no") from error
    except RuntimeError:
        get_logger("x").exception("it failed")
    assert SECRET not in stdout.getvalue()
    assert "KeyError" in stdout.getvalue()


def test_arguments_that_do_not_fit_do_not_lose_the_record_or_break_the_caller(stdout: io.StringIO) -> None:
    get_logger("x").info("%d of %d", "one")
    assert lines(stdout)[0]["message"].startswith("%d of %d")


class Opaque:
    def __str__(self) -> str:
        return f"<Opaque {SECRET}>"


@pytest.mark.parametrize(
    "extra",
    [
        {"headers": {"Authorization": "Basic YWxpY2U6c2VjcmV0"}},
        {"config": {"deep": [{"password": "YWxpY2U6c2VjcmV0"}]}},
        {"password": "YWxpY2U6c2VjcmV0"},
        {"scope": [(b"x-auth-token", b"YWxpY2U6c2VjcmV0")], "text": "('x-auth-token', 'YWxpY2U6c2VjcmV0')"},
        {"what": Opaque()},
        {SECRET: 1},
        {"nested": {SECRET: Opaque()}},
        {"raw": SECRET.encode()},
    ],
)
def test_extra_fields_are_redacted_at_every_depth(stdout: io.StringIO, extra: dict[str, Any]) -> None:
    get_logger("x").info("look", extra=extra)
    text = stdout.getvalue()
    assert "look" in text
    assert SECRET not in text
    if "scope" not in extra:
        assert "YWxpY2U6c2VjcmV0" not in text


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=st.text(max_size=30), after=st.text(max_size=30), where=st.integers(0, 5))
def test_a_token_planted_anywhere_in_a_record_never_comes_out(
    stdout: io.StringIO, before: str, after: str, where: int
) -> None:
    planted = f"{before}{SECRET}{after}"
    log = get_logger("x")
    match where:
        case 0:
            log.info(planted.replace("%", "%%"))
        case 1:
            log.info("got %s", planted)
        case 2:
            log.info("got", extra={"field": {"list": [planted]}})
        case 3:
            log.info("got", extra={"field": {planted: 1}})
        case 4:
            log.error("got", exc_info=RuntimeError(planted))
        case _:
            logging.getLogger(planted or "x").info("got")
    assert SECRET not in stdout.getvalue()
    assert lines(stdout)


def test_a_file_gets_the_same_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    file = tmp_path / "logs" / "service.jsonl"
    configure_logging(Settings(log_file=file), "github")
    get_logger("x").info("token=%s", SECRET)
    get_logger("x").debug("not at this level")
    (line,) = [json.loads(line) for line in file.read_text().splitlines()]
    assert (line["message"], line["service.name"]) == ("token=***", "github")


def test_configuring_twice_does_not_write_twice(stdout: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stdout)
    configure_logging(Settings(), "catalyst-center")
    get_logger("x").info("once")
    assert len(lines(stdout)) == 1


def test_log_mcp_call_is_one_line_with_who_what_and_how_long(stdout: io.StringIO) -> None:
    log_mcp_call("get_device", ALICE, "denied", 0.25, decision_id="d-1")
    (line,) = lines(stdout)
    assert line["log.level"] == "warning"
    assert line["event.duration"] == 250_000_000
    found = {name: line[name] for name in ("user.id", "user.name", "mcp.tool", "mcp.outcome", "mcp.decision_id")}
    assert found == {
        "user.id": "u-1001",
        "user.name": "alice",
        "mcp.tool": "get_device",
        "mcp.outcome": "denied",
        "mcp.decision_id": "d-1",
    }


def test_log_mcp_call_needs_no_caller(stdout: io.StringIO) -> None:
    log_mcp_call("get_device", None, "succeeded", 0.1)
    assert "user.id" not in lines(stdout)[0]
