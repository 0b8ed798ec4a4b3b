"""Conflicts, free times and affected CIs: work that is started now and done later."""

from typing import Any

import pytest

from simulators.clock import stamp
from simulators.servicenow.change.times import seconds
from simulators.servicenow.seeding.calendars import window_start
from simulators.world.changes import WINDOWS
from tests.simulators.changes import CHANGE, Changes
from tests.simulators.snow import TABLE, Snow

HOUR, WEEK = 3600.0, 7 * 86_400.0


@pytest.fixture
def changes(snow: Snow) -> Changes:
    snow.become("netops")
    return Changes(snow)


def window(snow: Snow, week: int = 0) -> float:
    """When a European maintenance window begins; 0 is the next one."""
    return window_start(WINDOWS[0], snow.clock()) + week * WEEK


async def planned(changes: Changes, start: float, hours: float = 1, **fields: Any) -> str:
    times = {"start_date": stamp(start), "end_date": stamp(start + hours * HOUR)}
    return await changes.create(**{"cmdb_ci": changes.flagship} | times | fields)


async def checked(changes: Changes, key: str) -> tuple[str, list[str]]:
    """Outcome and kinds of conflict of a check that has run."""
    assert (await changes.snow.http.post(f"{CHANGE}/{key}/conflict")).status_code == 200
    changes.snow.clock.advance(1)
    found = await changes.snow.get(f"{CHANGE}/{key}/conflict")
    return found["status"], sorted(each["type"]["value"] for each in found["conflicts"])


async def done(snow: Snow, answer: Any) -> dict[str, Any]:
    """What a worker came to."""
    worker = answer.json()["result"]["worker"]["sysId"]
    assert (await snow.get(f"{CHANGE}/worker/{worker}"))["state"] == {"value": 1, "display_value": "Waiting"}
    snow.clock.advance(0.3)
    assert (await snow.get(f"{CHANGE}/worker/{worker}"))["state"] == {"value": 2, "display_value": "In-Progress"}
    snow.clock.advance(0.3)
    found = await snow.get(f"{CHANGE}/worker/{worker}")
    assert found["state"]["value"] in (3, 4)
    return dict(found)


async def test_a_free_hour_of_the_window_has_no_conflict(changes: Changes) -> None:
    key = await planned(changes, window(changes.snow) + 5 * HOUR)
    assert await checked(changes, key) == ("No Conflict", [])
    assert (await changes.get(key))["conflict_last_run"]


@pytest.mark.parametrize(
    ("week", "hour", "kinds"),
    [
        (0, 1, ["child_ci_already_scheduled", "ci_already_scheduled"]),
        (0, 30, ["not_in_maintenance_window"]),
        (12, 1, ["blackout"]),
    ],
)
async def test_what_stands_against_a_time_is_named(changes: Changes, week: int, hour: int, kinds: list[str]) -> None:
    if "blackout" in kinds:
        week = next(n for n in range(30) if stamp(window(changes.snow, n))[5:10] >= "12-18")
    key = await planned(changes, window(changes.snow, week) + hour * HOUR, hours=2)
    assert await checked(changes, key) == ("Conflict", kinds)


async def test_a_check_takes_its_time_and_can_be_called_off(changes: Changes) -> None:
    key = await planned(changes, window(changes.snow))
    path = f"{CHANGE}/{key}/conflict"
    assert (await changes.snow.get(path))["job_status"] == ""
    started = (await changes.snow.http.post(path)).json()["result"]
    assert (await changes.snow.http.post(path)).json()["result"] == started
    assert (await changes.snow.get(path))["job_status"] == "0"
    assert (await changes.snow.http.delete(path)).status_code == 200
    changes.snow.clock.advance(10)
    found = await changes.snow.get(path)
    assert (found["job_status"], found["status"]) == ("4", "Not Run")
    assert (await changes.snow.http.delete(path)).status_code == 400


async def test_a_new_check_forgets_what_the_last_one_found(changes: Changes) -> None:
    key = await planned(changes, window(changes.snow) + 30 * HOUR)
    assert (await checked(changes, key))[0] == "Conflict"
    start = window(changes.snow) + 5 * HOUR
    await changes.patch(key, start_date=stamp(start), end_date=stamp(start + HOUR))
    assert await checked(changes, key) == ("No Conflict", [])


async def test_without_ci_or_time_there_is_nothing_to_check(changes: Changes) -> None:
    key = await changes.create(cmdb_ci=changes.flagship)
    for method, path in (("POST", "conflict"), ("GET", "schedule")):
        assert (await changes.snow.http.request(method, f"{CHANGE}/{key}/{path}")).status_code == 400
    bare = await changes.create()
    body = {"duration_in_seconds": "3600"}
    assert (await changes.snow.http.patch(f"{CHANGE}/{bare}/schedule/first_available", json=body)).status_code == 400


async def test_the_first_free_time_is_put_on_the_change_and_has_no_conflict(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create(cmdb_ci=changes.flagship)
    answer = await snow.http.patch(f"{CHANGE}/{key}/schedule/first_available", json={"duration_in_seconds": "10800"})
    assert answer.status_code == 202
    assert (await done(snow, answer))["messages"]["infoMessages"] == ["Change has been updated"]
    change = await changes.get(key)
    start = seconds(change["start_date"]) or 0
    assert (start - window(snow)) % WEEK in (3 * HOUR, 0.0)
    assert (seconds(change["end_date"]) or 0) - start == 10_800
    status, kinds = await checked(changes, key)
    assert set(kinds) <= {"child_ci_already_scheduled"}, status


async def test_free_times_of_a_ci_are_in_its_window(changes: Changes) -> None:
    snow = changes.snow
    path = f"{CHANGE}/ci/{changes.flagship}/schedule"
    answer = await snow.http.get(path, params={"duration_in_seconds": 4 * 3600})
    found = await done(snow, answer)
    spans = found["payload"]["spans"]
    assert 5 < len(spans) <= 100
    for span in spans:
        offset = ((seconds(span["start"]["value"]) or 0) - window(snow)) % WEEK
        assert 0 <= offset <= 4 * HOUR
        assert span["start"]["display_value"] != span["start"]["value"]
    wrong: list[dict[str, str]] = [
        {},
        {"duration_in_seconds": "soon"},
        {"duration_in_seconds": "9" * 400},
        {"duration_in_seconds": "60", "planned_start_time": "tomorrow"},
    ]
    for query in wrong:
        assert (await snow.http.get(path, params=query)).status_code == 400
    elsewhere = f"{CHANGE}/ci/{'0' * 32}/schedule"
    assert (await snow.http.get(elsewhere, params={"duration_in_seconds": 60})).status_code == 400


async def test_a_time_that_fits_no_window_is_not_found(changes: Changes) -> None:
    path = f"{CHANGE}/ci/{changes.flagship}/schedule"
    answer = await changes.snow.http.get(path, params={"duration_in_seconds": 9 * 3600})
    found = await done(changes.snow, answer)
    assert "payload" not in found and found["messages"]["infoMessages"]


async def test_cis_are_added_by_a_worker_that_says_what_it_passed_over(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create(cmdb_ci=changes.flagship)
    other = snow.ids.item("zrh01-dist-01")
    body = {"association_type": "affected", "cmdb_ci_sys_ids": f"{changes.flagship},{other},{'0' * 32}"}
    answer = await snow.http.post(f"{CHANGE}/{key}/ci", json=body)
    assert answer.status_code == 202 and answer.json()["result"]["type"] == "affected"
    messages = (await done(snow, answer))["messages"]
    assert (len(messages["warningMessages"]), len(messages["infoMessages"])) == (1, 1)
    *rows, _ = await snow.get(f"{CHANGE}/{key}/ci", association_type="affected")
    assert [row["ci_item"]["value"] for row in rows] == [changes.flagship, other]
    assert (await snow.http.get(f"{CHANGE}/{key}/ci")).status_code == 400


async def test_impacted_services_are_those_that_depend_on_the_cis(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create(cmdb_ci=changes.flagship)
    await done(snow, await snow.http.post(f"{CHANGE}/{key}/refresh_impacted_services"))
    *rows, _ = await snow.get(f"{CHANGE}/{key}/ci", association_type="impacted")
    assert [row["cmdb_ci_service"]["display_value"] for row in rows] == ["Office LAN Zurich"]


async def test_the_changes_own_ci_is_affected_and_each_ci_once(changes: Changes) -> None:
    snow, key = changes.snow, await changes.create(cmdb_ci=changes.flagship)
    row = {"task": key, "ci_item": changes.flagship}
    assert (await snow.http.post(f"{TABLE}/task_ci", json=row)).status_code == 403
    await changes.patch(key, cmdb_ci=snow.ids.item("zrh01-dist-01"))
    found = [each["ci_item"] for each in snow.instance.tables["task_ci"].records() if each["task"] == key]
    assert len(found) == len(set(found)) == 2


async def test_nobody_knows_a_worker_that_never_was(snow: Snow) -> None:
    assert (await snow.http.get(f"{CHANGE}/worker/{'0' * 32}")).status_code == 404
