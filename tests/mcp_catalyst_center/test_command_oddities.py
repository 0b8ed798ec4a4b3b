"""A run of commands meets every odd end the command runner is known for; hostile lines meet none of it."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from mcp_catalyst_center.calls.tasks import Task
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.commands import CommandRun
from mcp_catalyst_center.running_commands import Part, result_of, run
from mcp_common.errors import InvalidArguments, NotFound, OutcomeUnknown, PlatformError, UpstreamFailed
from mcp_common.testing.upstream import SteppingClock
from tests.mcp_catalyst_center.far_side import (
    DEVICE,
    NEWER_TASK_ROUTE,
    OTHER_DEVICE,
    TASK,
    TASK_ROUTE,
    V1,
    ScriptedController,
    bare,
    client_of,
    enveloped,
    task,
)
from tests.mcp_common.upstream.hostile_commands import HOSTILE

FILE = "55555555-0000-4000-8000-000000000001"
FILE_ROUTE = f"GET {V1}/file/{FILE}"
WORDS = f"GET {V1}/network-device-poller/cli/legit-reads"
REQUEST = f"POST {V1}/network-device-poller/cli/read-request"
NAMED = task(json.dumps({"fileId": FILE}))


def file_of(**states: Mapping[str, str | None] | None) -> httpx2.Response:
    return bare([{"deviceUuid": DEVICE, "commandResponses": states}])


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def controller() -> ScriptedController:
    controller = ScriptedController()
    controller.on(WORDS, enveloped(["show", "ping", "configure", "reload", "copy", "more"]))
    controller.on(REQUEST, httpx2.Response(202, json={"response": {"taskId": TASK, "url": "/x"}, "version": "1.0"}))
    controller.on(TASK_ROUTE, task("CLI Runner request creation"), NAMED)
    controller.on(FILE_ROUTE, file_of(SUCCESS={"show clock": "show clock\r\n10:00:00 UTC\r\nsw1#"}))
    return controller


@pytest.fixture
def catalyst(controller: ScriptedController, clock: SteppingClock) -> CatalystClient:
    return client_of(controller, clock)


async def quiet(done: float, total: float | None = None, message: str | None = None) -> None:
    """Nobody asked for progress."""


async def ran(catalyst: CatalystClient, *commands: str, wait: int = 30) -> CommandRun:
    return await run(catalyst, commands or ("show clock",), [DEVICE], Part(0, 4_000), wait=wait, progress=quiet)


async def test_echo_and_prompt_are_left_out(catalyst: CatalystClient, controller: ScriptedController) -> None:
    (result,) = (await ran(catalyst)).results
    assert result.output is not None
    assert (result.status, result.output.text) == ("succeeded", "10:00:00 UTC")
    body = json.loads(controller.sent(REQUEST)[0].content)
    assert (body["commands"], body["deviceUuids"], body["timeout"]) == (["show clock"], [DEVICE], 60)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("FAILURE", "failed"),
        ("BLACKLISTED", "blocked"),
        ("BLOCKLISTED", "blocked"),
        ("blocklisted", "blocked"),
        ("TIMEOUT", "failed"),
    ],
)
async def test_every_state_is_understood(
    catalyst: CatalystClient, controller: ScriptedController, state: str, expected: str
) -> None:
    controller.on(FILE_ROUTE, file_of(SUCCESS={}, **{state: {"show clock": "no"}}))
    (result,) = (await ran(catalyst)).results
    assert result.output is not None
    assert result.status == expected
    assert (state in result.output.text) is (state == "TIMEOUT")


@pytest.mark.parametrize(
    "responses", [{}, {"SUCCESS": None, "FAILURE": {}}, {"SUCCESS": {"show version": "another"}}], ids=str
)
async def test_a_command_without_an_answer_has_failed(
    catalyst: CatalystClient, controller: ScriptedController, responses: Any
) -> None:
    controller.on(FILE_ROUTE, bare([{"deviceUuid": DEVICE, "commandResponses": responses}]))
    (result,) = (await ran(catalyst)).results
    assert result.output is not None
    assert (result.status, "returned nothing" in result.output.text) == ("failed", True)


@pytest.mark.parametrize(
    "progress",
    [
        json.dumps({"fileId": FILE}),
        {"fileId": FILE},
        f'{{"fileId": "{FILE}", "more": 1}}',
        f"{{'fileId': '{FILE}'}}",
    ],
    ids=str,
)
async def test_the_file_is_found_in_every_form(
    catalyst: CatalystClient, controller: ScriptedController, progress: Any
) -> None:
    controller.on(TASK_ROUTE, task("", progress=progress))
    assert (await ran(catalyst)).status == "finished"


async def test_a_task_of_the_newer_generation_is_understood(
    catalyst: CatalystClient, controller: ScriptedController
) -> None:
    controller.on(TASK_ROUTE, httpx2.Response(404))
    controller.on(NEWER_TASK_ROUTE, enveloped({"id": TASK, "status": "PENDING"}), enveloped({"status": "SUCCESS"}))
    controller.on(
        f"{NEWER_TASK_ROUTE}/detail", httpx2.Response(404), enveloped({"progress": json.dumps({"fileId": FILE})})
    )
    assert (await ran(catalyst)).results[0].status == "succeeded"


async def test_a_task_that_fails_says_why(catalyst: CatalystClient, controller: ScriptedController) -> None:
    controller.on(TASK_ROUTE, task("x", isError=True, failureReason="NCCR1: no snmp-server community s3cr3t-ro RO"))
    found = await ran(catalyst)
    assert found.status == "failed"
    assert "NCCR1" in (found.message or "")
    assert "s3cr3t-ro" not in (found.message or "")


async def test_a_task_that_ends_without_a_file_is_a_failure(
    catalyst: CatalystClient, controller: ScriptedController
) -> None:
    controller.on(TASK_ROUTE, task("done", endTime=1_700_000_001_000))
    assert (await ran(catalyst)).status == "failed"


BROKEN = {
    "html": httpx2.Response(200, html="<html>"),
    "half": httpx2.Response(200, content=b'[{"deviceUuid": "x", "commandRes'),
    "object": bare({"deviceUuid": DEVICE}),
    "numbers": bare([{"deviceUuid": DEVICE, "commandResponses": {"SUCCESS": {"show clock": 7}}}]),
    "nested": bare([{"deviceUuid": DEVICE, "commandResponses": {"SUCCESS": {"show clock": {"a": "b"}}}}]),
    "empty": httpx2.Response(200, content=b""),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_a_broken_file_is_called_broken(
    catalyst: CatalystClient, controller: ScriptedController, answer: httpx2.Response
) -> None:
    controller.on(FILE_ROUTE, answer)
    with pytest.raises(UpstreamFailed, match="cannot be read"):
        await ran(catalyst)


async def test_a_file_that_is_gone_is_said_to_be(catalyst: CatalystClient, controller: ScriptedController) -> None:
    controller.on(FILE_ROUTE, httpx2.Response(404))
    with pytest.raises(NotFound, match="does not have this output any more"):
        await result_of(catalyst, TASK, Task(progress=json.dumps({"fileId": FILE})), Part(0, 200))


async def test_a_file_of_another_type_is_read_too(catalyst: CatalystClient, controller: ScriptedController) -> None:
    content = json.dumps([{"deviceUuid": DEVICE, "commandResponses": {"SUCCESS": {"show clock": "x"}}}]).encode()
    headers = {"Content-Type": "application/octet-stream"}
    controller.on(FILE_ROUTE, httpx2.Response(200, content=content, headers=headers))
    assert (await ran(catalyst)).results[0].status == "succeeded"


async def test_a_disturbed_way_while_waiting_is_waited_out(
    catalyst: CatalystClient, controller: ScriptedController
) -> None:
    controller.on(TASK_ROUTE, *[httpx2.Response(503)] * 4, NAMED)
    assert (await ran(catalyst)).status == "finished"


@pytest.mark.parametrize("trouble", [403, 500])
async def test_a_run_that_cannot_be_seen_names_its_task(
    catalyst: CatalystClient, controller: ScriptedController, trouble: int
) -> None:
    controller.on(TASK_ROUTE, httpx2.Response(trouble))
    with pytest.raises(OutcomeUnknown, match=f"get_command_output with task_id {TASK}") as raised:
        await ran(catalyst, wait=5)
    assert raised.value.extra == {"task_id": TASK}
    assert len(controller.sent(REQUEST)) == 1


async def test_patience_ends_in_time(
    catalyst: CatalystClient, controller: ScriptedController, clock: SteppingClock
) -> None:
    controller.on(TASK_ROUTE, task("CLI Runner request creation"))
    assert (await ran(catalyst, wait=20)).status == "in_progress"
    assert 19 <= clock.time <= 21


async def test_a_device_the_file_has_and_nobody_asked_for_is_left_out(
    catalyst: CatalystClient, controller: ScriptedController
) -> None:
    strange = {"deviceUuid": OTHER_DEVICE, "commandResponses": {"SUCCESS": {"show clock": "x"}}}
    controller.on(FILE_ROUTE, bare([strange]))
    assert [(r.device_id, r.status) for r in (await ran(catalyst)).results] == [(DEVICE, "failed")]


@pytest.mark.parametrize("words", [["ping"], []])
async def test_a_word_the_controller_does_not_let_through_is_not_sent(
    catalyst: CatalystClient, controller: ScriptedController, words: list[str]
) -> None:
    controller.on(WORDS, enveloped(words))
    with pytest.raises(InvalidArguments, match="list_allowed_commands"):
        await ran(catalyst)
    assert controller.sent(REQUEST) == []


async def test_no_hostile_line_is_sent_although_the_controller_allows_its_word(
    catalyst: CatalystClient, controller: ScriptedController
) -> None:
    for line in HOSTILE:
        with pytest.raises(PlatformError) as raised:
            await ran(catalyst, "show version", line)
        assert type(raised.value) is InvalidArguments
    assert controller.requests == []
