"""A deployment meets every odd end Catalyst Center is known for; it is sent once whatever happens."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.deploying import deploy
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_catalyst_center.models.deployments import Deployment
from mcp_catalyst_center.planning import Order
from mcp_common.errors import Conflict, InvalidArguments, NotFound, OutcomeUnknown, PlatformError, Unavailable
from mcp_common.testing.upstream import SteppingClock
from tests.mcp_catalyst_center.far_side import (
    DEPLOY,
    DEPLOYMENT,
    DETAIL_ROUTE,
    DEVICE,
    DEVICE_ROUTE,
    NEW_VERSION,
    NEWER_TASK_ROUTE,
    OTHER_DEVICE,
    PREVIEW,
    STATUS_ROUTE,
    TASK,
    TASK_ROUTE,
    TEMPLATE,
    VERSIONS_ROUTE,
    ScriptedController,
    bare,
    client_of,
    enveloped,
    named,
    status,
    task,
)

Run = Callable[..., Any]


@pytest.fixture
def controller() -> ScriptedController:
    return ScriptedController()


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def steps() -> list[tuple[float, str | None]]:
    return []


@pytest.fixture
def run(controller: ScriptedController, clock: SteppingClock, steps: list[tuple[float, str | None]]) -> Run:
    catalyst: CatalystClient = client_of(controller, clock)

    async def note(done: float, total: float | None = None, message: str | None = None) -> None:
        steps.append((done, message))

    async def carry_out(*, wait: float = 60.0, params: Any = None, force: bool = False) -> Deployment:
        params = {"vlan": "20"} if params is None else params
        order = Order(template_id=TEMPLATE, device_id=DEVICE, params=params, force=force, wait=wait)
        return await deploy(catalyst, order, note)

    return carry_out


async def test_the_newest_committed_version_is_deployed_once(run: Run, controller: ScriptedController) -> None:
    found = await run()
    assert (found.status, found.deployment_id, found.task_id) == ("succeeded", DEPLOYMENT, TASK)
    assert [device.status for device in found.devices] == ["succeeded"]
    (body,) = controller.deployments
    assert (body["templateId"], body["mainTemplateId"], body["forcePushTemplate"]) == (NEW_VERSION, TEMPLATE, False)
    assert body["targetInfo"][0]["params"] == {"vlan": "20"}
    assert body["targetInfo"][0]["id"] == DEVICE


async def test_progress_only_grows(run: Run, controller: ScriptedController, steps: Any) -> None:
    controller.on(TASK_ROUTE, task("creating"), task("creating"), named())
    controller.on(STATUS_ROUTE, httpx2.Response(404), status("INIT"), status("IN_PROGRESS"), status("SUCCESS"))
    assert (await run()).status == "succeeded"
    amounts = [done for done, _ in steps]
    assert amounts == sorted(amounts)
    assert (amounts[0], amounts[-1]) == (0, 6)


@pytest.mark.parametrize(
    "answer",
    [
        named("Deployemnt"),
        named("Deployment"),
        named(tail=" | failureReason: "),
        task("deploying", data=f"Template Deployemnt Id: {DEPLOYMENT}"),
        task(f"Deployment of  Template:{TEMPLATE}.ApplicableTargets: [sw1]Template Deployemnt Id:  {DEPLOYMENT}"),
        task("", progress=f'{{"text": "Template  Deployment  Id: {DEPLOYMENT}"}}'),
    ],
    ids=["typo", "no typo", "2.3.7.9", "in data", "v1 text", "JSON text"],
)
async def test_the_deployment_id_is_found_in_every_form(
    answer: httpx2.Response, run: Run, controller: ScriptedController
) -> None:
    controller.on(TASK_ROUTE, answer)
    assert (await run()).deployment_id == DEPLOYMENT


async def test_a_task_of_the_newer_generation_is_understood(run: Run, controller: ScriptedController) -> None:
    controller.on(TASK_ROUTE, httpx2.Response(404))
    controller.on(NEWER_TASK_ROUTE, enveloped({"id": TASK, "status": "PENDING"}), enveloped({"status": "SUCCESS"}))
    controller.on(
        f"{NEWER_TASK_ROUTE}/detail",
        httpx2.Response(404),
        enveloped({"progress": f"Template Deployemnt Id: {DEPLOYMENT}"}),
    )
    assert (await run()).status == "succeeded"


async def test_an_id_that_is_not_found_at_first_is_asked_for_again(run: Run, controller: ScriptedController) -> None:
    controller.on(STATUS_ROUTE, *[httpx2.Response(404)] * 4, status("SUCCESS"))
    assert (await run()).status == "succeeded"


async def test_a_deployment_that_never_appears_is_not_guessed_at(run: Run, controller: ScriptedController) -> None:
    controller.on(STATUS_ROUTE, httpx2.Response(404))
    with pytest.raises(OutcomeUnknown, match=f"get_deployment_status with deployment_id {DEPLOYMENT}") as raised:
        await run()
    assert raised.value.extra == {"task_id": TASK, "deployment_id": DEPLOYMENT}


async def test_devices_that_end_differently_are_told_apart(run: Run, controller: ScriptedController) -> None:
    controller.on(STATUS_ROUTE, status("FAILURE", (DEVICE, "SUCCESS"), (OTHER_DEVICE, "FAILURE")))
    found = await run()
    assert found.status == "partly_failed"
    assert [(device.device_id, device.status) for device in found.devices] == [
        (DEVICE, "succeeded"),
        (OTHER_DEVICE, "failed"),
    ]


async def test_a_success_whose_only_device_failed_is_no_success(run: Run, controller: ScriptedController) -> None:
    controller.on(STATUS_ROUTE, status("SUCCESS", (DEVICE, "FAILURE")))
    assert (await run()).status == "failed"


async def test_a_status_nobody_documented_is_reported_as_it_is(run: Run, controller: ScriptedController) -> None:
    controller.on(STATUS_ROUTE, status("WARP_SPEED"))
    found = await run()
    assert found.status == "unrecognised"
    assert "WARP_SPEED" in (found.message or "")


async def test_same_params_again_is_a_success_that_sent_nothing(run: Run, controller: ScriptedController) -> None:
    text = "Template vlan is already deployed with same params on device sw1, hence not deploying"
    controller.on(TASK_ROUTE, task(text, endTime=1_700_000_001_000))
    found = await run()
    assert found.status == "already_deployed"
    assert "force=true" in (found.next_step or "")


async def test_force_is_passed_on(run: Run, controller: ScriptedController) -> None:
    await run(force=True)
    assert controller.deployments[0]["forcePushTemplate"] is True


async def test_a_task_that_failed_without_a_deployment_says_so(run: Run, controller: ScriptedController) -> None:
    controller.on(TASK_ROUTE, task("x", isError=True, failureReason="NCTP10009: not deploying the template vlan"))
    found = await run()
    assert (found.status, found.deployment_id) == ("failed", None)


async def test_a_task_that_ended_without_naming_a_deployment_is_doubt(run: Run, controller: ScriptedController) -> None:
    controller.on(TASK_ROUTE, task("done", endTime=1_700_000_001_000))
    with pytest.raises(OutcomeUnknown, match=f"Look at the device .* {TASK}"):
        await run()


async def test_patience_ends_with_the_ids_to_go_on_with(
    run: Run, controller: ScriptedController, clock: SteppingClock
) -> None:
    controller.on(STATUS_ROUTE, status("IN_PROGRESS"))
    found = await run(wait=20)
    assert (found.status, found.deployment_id, found.task_id) == ("in_progress", DEPLOYMENT, TASK)
    assert "do not deploy again" in (found.next_step or "")
    assert 19 <= clock.time <= 21


async def test_without_patience_each_question_is_asked_once(run: Run, controller: ScriptedController) -> None:
    controller.on(TASK_ROUTE, task("creating"))
    found = await run(wait=0)
    assert (found.status, found.task_id, found.deployment_id) == ("in_progress", TASK, None)
    assert len(controller.sent(TASK_ROUTE)) == 1


async def test_a_disturbed_way_while_waiting_is_waited_out(run: Run, controller: ScriptedController) -> None:
    controller.on(STATUS_ROUTE, *[httpx2.Response(503)] * 4, status("SUCCESS"))
    assert (await run()).status == "succeeded"


@pytest.mark.parametrize("route", [TASK_ROUTE, STATUS_ROUTE])
@pytest.mark.parametrize("trouble", [500, 403, 429])
async def test_after_the_order_every_trouble_is_called_doubt(
    route: str, trouble: int, run: Run, controller: ScriptedController
) -> None:
    controller.on(route, httpx2.Response(trouble))
    with pytest.raises(OutcomeUnknown, match="Do not deploy again; call get_deployment_status with"):
        await run()
    assert len(controller.deployments) == 1


UNSENT: list[tuple[str, Any, type[PlatformError]]] = [
    (VERSIONS_ROUTE, httpx2.Response(404), NotFound),
    (VERSIONS_ROUTE, bare([]), NotFound),
    (VERSIONS_ROUTE, bare([{"templateId": TEMPLATE, "name": "vlan", "versionsInfo": None}]), Conflict),
    (DEVICE_ROUTE, httpx2.Response(404), NotFound),
    (DETAIL_ROUTE, httpx2.Response(503), Unavailable),
    (PREVIEW, httpx2.Response(500), Unavailable),
    (PREVIEW, httpx2.ReadTimeout("slow"), Unavailable),
    (DEVICE_ROUTE, httpx2.Response(200, html="<html>"), Unavailable),
    (f"POST {TOKEN_PATH}", httpx2.Response(500), Unavailable),
    (f"POST {TOKEN_PATH}", httpx2.Response(200, json={"token": "lower case"}), Unavailable),
    (PREVIEW, bare({"cliPreview": None, "validationErrors": ["vlan is not a number"]}), InvalidArguments),
    (PREVIEW, bare({"cliPreview": None, "validationErrors": {"message": "no"}}), InvalidArguments),
]


@pytest.mark.parametrize(("route", "answer", "error"), UNSENT)
async def test_what_can_be_known_before_is_found_before_anything_is_sent(
    route: str, answer: Any, error: type[PlatformError], run: Run, controller: ScriptedController
) -> None:
    controller.on(route, answer)
    with pytest.raises(PlatformError) as raised:
        await run()
    assert type(raised.value) is error
    assert controller.deployments == []


async def test_a_missing_parameter_is_named_and_nothing_sent(run: Run, controller: ScriptedController) -> None:
    with pytest.raises(InvalidArguments, match="missing vlan"):
        await run(params={"other": 1})
    assert controller.deployments == []


async def test_an_order_without_an_answer_is_not_repeated_and_says_how_to_find_out(
    run: Run, controller: ScriptedController
) -> None:
    controller.on(DEPLOY, httpx2.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknown, match="find_deployments with this template_id and device_id"):
        await run()
    assert len(controller.deployments) == 1


async def test_an_order_that_names_no_task_is_doubt(run: Run, controller: ScriptedController) -> None:
    controller.on(DEPLOY, httpx2.Response(202, json={"response": {}, "version": "1.0"}))
    with pytest.raises(OutcomeUnknown):
        await run()


async def test_an_order_refused_for_an_expired_token_is_sent_again(run: Run, controller: ScriptedController) -> None:
    accepted = controller.routes[DEPLOY][0]
    controller.on(DEPLOY, httpx2.Response(401), accepted)
    assert (await run()).status == "succeeded"
    assert len(controller.sent(DEPLOY)) == 2
