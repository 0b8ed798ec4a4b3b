from tests.simulators.center import TEMPLATES, V1, VLAN, Center, request_for, target


async def start(center: Center) -> str:
    banner = center.world.template_named("Login Banner")
    answer = await center.http.post(f"{TEMPLATES}/version", json={"templateId": banner.id, "comments": "x"})
    return str(answer.json()["response"]["taskId"])


async def test_a_task_has_no_end_until_it_has_ended(center: Center) -> None:
    key = await start(center)
    going = await center.response(f"{V1}/task/{key}")
    assert going["isError"] is False
    assert "endTime" not in going
    assert "data" not in going
    center.clock.advance(center.controller.behaviour.task_seconds)
    done = await center.response(f"{V1}/task/{key}")
    assert done["endTime"] > done["startTime"]
    assert done["data"].startswith("3, ")
    assert await center.response(f"/api/v1/task/{key}") == done
    assert await center.response(f"{V1}/task/{key}/tree") == [done]


async def test_the_second_generation_says_pending_then_success_and_keeps_its_texts_apart(center: Center) -> None:
    key = await start(center)
    assert (await center.response(f"{V1}/tasks/{key}"))["status"] == "PENDING"
    assert "progress" in await center.response(f"{V1}/tasks/{key}/detail")
    center.clock.advance(center.controller.behaviour.task_seconds)
    done = await center.response(f"{V1}/tasks/{key}")
    assert done["status"] == "SUCCESS"
    assert "progress" not in done
    assert (await center.response(done["resultLocation"]))["progress"].startswith("Successfully committed")


async def test_a_failed_task_says_so_only_when_it_has_ended(center: Center) -> None:
    device = center.world.device_named("zrh01-f01-acc-01")
    body = request_for(center.world.template_named("Access VLAN"), target(device, VLAN | {"vlan_id": "no"}))
    answer = await center.http.post("/dna/intent/api/v2/template-programmer/template/deploy", json=body)
    key = answer.json()["response"]["taskId"]
    assert (await center.response(f"{V1}/task/{key}"))["isError"] is False
    center.clock.advance(center.controller.behaviour.task_seconds)
    failed = await center.response(f"{V1}/task/{key}")
    assert failed["isError"] is True
    assert failed["failureReason"].startswith(failed["errorCode"])
    assert (await center.response(f"{V1}/tasks/{key}"))["status"] == "FAILURE"
    assert (await center.response(f"{V1}/tasks/{key}/detail"))["failureReason"] == failed["failureReason"]


async def test_tasks_are_listed_newest_first_filtered_and_counted(center: Center) -> None:
    first = await start(center)
    center.clock.advance(10)
    banner = center.world.template_named("Guest WLAN")
    await center.http.post(f"{TEMPLATES}/version", json={"templateId": banner.id})
    listed = await center.response(f"{V1}/task")
    assert [task["id"] for task in listed][1] == first
    assert await center.response(f"{V1}/task", order="asc") == listed[::-1]
    assert await center.response(f"{V1}/task/count") == 2
    assert await center.response(f"{V1}/task/count", isError="true") == 0
    assert [t["id"] for t in await center.response(f"{V1}/task", progress=listed[1]["progress"])] == [first]
    assert [t["id"] for t in await center.response(f"{V1}/tasks", status="SUCCESS")] == [first]
    assert await center.response(f"{V1}/tasks/count", status="PENDING") == {"count": 1}
    assert await center.response(f"{V1}/tasks/count", startTime=listed[0]["startTime"]) == {"count": 1}


async def test_a_task_that_is_not_there_is_404(center: Center) -> None:
    for path in ("task/none", "tasks/none", "tasks/none/detail", "task/none/tree"):
        assert (await center.refusal(f"{V1}/{path}"))[0] == 404
