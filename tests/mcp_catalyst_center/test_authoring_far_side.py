"""Authoring meets a Catalyst Center that loses answers, refuses, dawdles, or is edited by others meanwhile."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_catalyst_center.tools.authoring import (
    commit_template,
    create_template,
    create_template_project,
    update_template,
)
from mcp_common.errors import OutcomeUnknown
from mcp_common.testing.upstream import FarSide, SteppingClock
from tests.mcp_catalyst_center.far_side import (
    NEW_VERSION,
    NEWER_TASK_ROUTE,
    OLD_VERSION,
    TASK,
    TASK_ROUTE,
    TEMPLATE,
    V1,
    bare,
    client_of,
    enveloped,
    task,
)

PROJECT = "55555555-0000-4000-8000-000000000001"
PROGRAMMER = f"{V1}/template-programmer"
PROJECTS = f"{PROGRAMMER}/project"
CREATE = f"POST {PROJECTS}/{PROJECT}/template"
UPDATE = f"PUT {PROGRAMMER}/template"
COMMIT = f"POST {PROGRAMMER}/template/version"
LISTING = f"GET {PROGRAMMER}/template"
ACCEPTED = httpx2.Response(202, json={"response": {"taskId": TASK, "url": "/x"}, "version": "1.0"})
DONE = task("Successfully done", endTime=1_700_000_001_000, data=TEMPLATE)
VERSION = {"author": "ada", "versionComment": "", "id": OLD_VERSION, "version": "1", "versionTime": 1_000_000}


def listed(*versions: dict[str, Any], name: str = "vlan") -> httpx2.Response:
    infos = [{"id": TEMPLATE, "versionTime": 3_000_000}, *versions]
    template = {"templateId": TEMPLATE, "name": name, "projectName": "Access", "projectId": PROJECT}
    return bare([template | {"versionsInfo": infos, "composite": False}])


def template(key: str, text: str, **members: Any) -> httpx2.Response:
    about = {"id": key, "name": "vlan", "projectName": "Access", "parentTemplateId": TEMPLATE, "language": "JINJA"}
    return bare(about | {"templateContent": text, "templateParams": []} | members)


@pytest.fixture
def controller() -> FarSide:
    side = FarSide()
    side.on(f"POST {TOKEN_PATH}", bare({"Token": "t0k3n"}))
    side.on(f"GET {PROJECTS}", bare([]))
    side.on(f"GET {PROJECTS}/{PROJECT}", bare({"id": PROJECT, "name": "Access"}))
    side.on(LISTING, bare([]), listed(VERSION))
    side.on(f"GET {PROGRAMMER}/template/{TEMPLATE}", template(TEMPLATE, "vlan 2\n"))
    side.on(f"GET {PROGRAMMER}/template/{OLD_VERSION}", template(OLD_VERSION, "vlan 1\n", version="1"))
    for route in (f"POST {PROJECTS}", CREATE, UPDATE, COMMIT):
        side.on(route, ACCEPTED)
    side.on(TASK_ROUTE, DONE)
    return side


@pytest.fixture
def catalyst(controller: FarSide) -> CatalystClient:
    return client_of(controller, SteppingClock())


def orders(catalyst: Any) -> dict[str, Callable[[], Any]]:
    """Every write there is, by its route."""
    return {
        f"POST {PROJECTS}": lambda: create_template_project(catalyst, "Access"),
        CREATE: lambda: create_template(catalyst, PROJECT, "vlan", "vlan 2\n"),
        UPDATE: lambda: update_template(catalyst, TEMPLATE, "vlan 3\n"),
        COMMIT: lambda: commit_template(catalyst, TEMPLATE, "c"),
    }


HOW = {
    f"POST {PROJECTS}": "Call list_template_projects",
    CREATE: "Call get_all_templates with this name",
    UPDATE: "Call get_template and compare",
    COMMIT: "Call list_template_versions: a new version with your comment",
}
every_write = pytest.mark.parametrize("route", list(HOW))


@every_write
@pytest.mark.parametrize(
    "answer",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("gone"),
        httpx2.Response(503),
        httpx2.Response(502, html="<html>"),
        httpx2.Response(202, json={"response": {}, "version": "1.0"}),
        httpx2.Response(202, text="ok"),
    ],
    ids=["slow", "gone", "503", "html", "no task", "no json"],
)
async def test_a_write_without_an_answer_is_sent_once_and_says_how_to_find_out(
    route: str, answer: Any, catalyst: Any, controller: FarSide
) -> None:
    controller.on(route, answer)
    controller.on(LISTING, bare([]) if route == CREATE else listed(VERSION))
    with pytest.raises(OutcomeUnknown, match=HOW[route]):
        await orders(catalyst)[route]()
    assert len(controller.sent(route)) == 1


@every_write
async def test_a_task_that_cannot_be_seen_leaves_the_outcome_unknown(
    route: str, catalyst: Any, controller: FarSide
) -> None:
    controller.on(TASK_ROUTE, httpx2.Response(500))
    controller.on(LISTING, bare([]) if route == CREATE else listed(VERSION))
    with pytest.raises(OutcomeUnknown, match=HOW[route]) as raised:
        await orders(catalyst)[route]()
    assert raised.value.extra == {"task_id": TASK}
    assert len(controller.sent(route)) == 1


@every_write
@pytest.mark.parametrize("generation", ["older", "newer"])
async def test_a_task_that_fails_is_told_in_its_own_words_masked_and_marked_as_such(
    route: str, generation: str, catalyst: Any, controller: FarSide
) -> None:
    said = "NCTP10030: no\u200b, snmp-server community HuNt3r-2 RO"
    if generation == "older":
        controller.on(TASK_ROUTE, task("Going to", isError=True, failureReason=said))
    else:
        controller.on(TASK_ROUTE, httpx2.Response(404))
        controller.on(NEWER_TASK_ROUTE, enveloped({"id": TASK, "status": "FAILURE"}))
        controller.on(f"{NEWER_TASK_ROUTE}/detail", enveloped({"failureReason": said}))
    controller.on(LISTING, bare([]) if route == CREATE else listed(VERSION))
    found = await orders(catalyst)[route]()
    assert (found.status, found.task_id) == ("refused", TASK)
    assert "NCTP10030: no, snmp-server community <masked> RO" in found.message
    assert "the message says why" in found.next_step


@every_write
async def test_a_task_that_does_not_end_is_not_waited_for_for_ever(
    route: str, catalyst: Any, controller: FarSide
) -> None:
    controller.on(TASK_ROUTE, task("Going to"))
    controller.on(LISTING, bare([]) if route == CREATE else listed(VERSION))
    found = await orders(catalyst)[route]()
    assert (found.status, found.task_id) == ("in_progress", TASK)
    assert catalyst.clock.time <= 31


async def test_a_draft_that_was_edited_while_it_was_committed_is_noticed(catalyst: Any, controller: FarSide) -> None:
    newest = VERSION | {"id": NEW_VERSION, "version": "2", "versionTime": 500}
    controller.on(LISTING, listed(VERSION), listed(newest, VERSION))
    controller.on(TASK_ROUTE, task("Successfully committed", endTime=1_700_000_001_000, data="2, 1700000001000"))
    controller.on(f"GET {PROGRAMMER}/template/{NEW_VERSION}", template(NEW_VERSION, "vlan 666\n", version="2"))
    found = await commit_template(catalyst, TEMPLATE, "mine")
    assert (found.status, found.version, found.version_id) == ("differs", "2", NEW_VERSION)
    assert found.change is not None
    assert found.change.diff.text == "@@ -1,1 +1,1 @@\n-vlan 1\n+vlan 666\n"
    assert "Somebody edited the draft" in (found.next_step or "")


async def test_of_two_commits_at_once_each_finds_its_own_version(catalyst: Any, controller: FarSide) -> None:
    mine = VERSION | {"id": NEW_VERSION, "version": "2"}
    theirs = VERSION | {"id": "99999999-0000-4000-8000-000000000001", "version": "3"}
    controller.on(LISTING, listed(VERSION), listed(theirs, mine, VERSION))
    controller.on(TASK_ROUTE, task("Successfully committed", endTime=1_700_000_001_000, data="2, 1700000001000"))
    controller.on(f"GET {PROGRAMMER}/template/{NEW_VERSION}", template(NEW_VERSION, "vlan 2\n", version="2"))
    found = await commit_template(catalyst, TEMPLATE, "mine")
    assert (found.status, found.version, found.version_id) == ("done", "2", NEW_VERSION)


async def test_an_update_that_did_not_land_is_noticed(catalyst: Any, controller: FarSide) -> None:
    controller.on(LISTING, listed(VERSION))
    found = await update_template(catalyst, TEMPLATE, "vlan 3\n")
    assert found.status == "differs"
    assert "What is stored is not what was sent" in (found.next_step or "")


async def test_an_update_sends_back_what_it_does_not_change_and_nothing_the_controller_works_out(
    catalyst: Any, controller: FarSide
) -> None:
    kept = {
        "description": "d",
        "deviceTypes": [{"productFamily": "Routers"}],
        "softwareType": "IOS-XE",
        "failurePolicy": "ABORT_ON_ERROR",
        "tags": [],
        "rollbackTemplateContent": "no vlan 2",
    }
    odd = {"validationErrors": {"templateErrors": []}, "lastUpdateTime": 1, "versionsInfo": [], "surprise": 1}
    controller.on(f"GET {PROGRAMMER}/template/{TEMPLATE}", template(TEMPLATE, "vlan 2\n", **kept, **odd))
    controller.on(LISTING, listed(VERSION))
    await update_template(catalyst, TEMPLATE, "vlan 3\n")
    (request,) = controller.sent(UPDATE)
    body = json.loads(request.content)
    assert kept.items() <= body.items()
    assert odd.keys().isdisjoint(body)
    assert (body["id"], body["templateContent"]) == (TEMPLATE, "vlan 3\n")
