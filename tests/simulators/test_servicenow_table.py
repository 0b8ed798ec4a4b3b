import re

import pytest

from tests.simulators.snow import FLAGSHIP, TABLE, Snow

INCIDENTS = f"{TABLE}/incident"


async def test_everything_is_text_and_a_reference_has_a_link(snow: Snow) -> None:
    record = await snow.get(f"{INCIDENTS}/{snow.ids.ticket('INC0010001')}")
    chen = snow.ids.person("lchen")
    assert record["caller_id"] == {"link": f"http://snow{TABLE}/sys_user/{chen}", "value": chen}
    assert record["sys_domain"] == {"link": f"http://snow{TABLE}/sys_user_group/global", "value": "global"}
    picked = {name: record[name] for name in ("state", "active", "parent", "reopen_count", "opened_at", "watch_list")}
    assert picked == {
        "state": "2",
        "active": "true",
        "parent": "",
        "reopen_count": "0",
        "opened_at": "2026-09-30 19:00:00",
        "watch_list": "",
    }
    assert all(isinstance(value, str) or set(value) == {"link", "value"} for value in record.values())


async def test_display_values_are_labels_names_and_the_users_time(snow: Snow) -> None:
    path = f"{INCIDENTS}/{snow.ids.ticket('INC0010001')}"
    query = {"sysparm_display_value": "true", "sysparm_fields": "state,caller_id,opened_at,parent,sys_class_name"}
    chen = f"http://snow{TABLE}/sys_user/{snow.ids.person('lchen')}"
    expected = {
        "state": "In Progress",
        "caller_id": {"display_value": "Li Chen", "link": chen},
        "opened_at": "2026-09-30 19:00:00",
        "parent": "",
        "sys_class_name": "Incident",
    }
    assert await snow.get(path, **query) == expected
    snow.become("netops")
    assert await snow.get(path, **query) == expected | {"opened_at": "2026-09-30 21:00:00"}


async def test_both_values_come_with_all_and_links_can_be_left_out(snow: Snow) -> None:
    path = f"{INCIDENTS}/{snow.ids.ticket('INC0010001')}"
    chen = snow.ids.person("lchen")
    query = {"sysparm_fields": "state,caller_id,caller_id.department.name,parent"}
    assert await snow.get(path, sysparm_display_value="all", **query) == {
        "state": {"display_value": "In Progress", "value": "2"},
        "caller_id": {"display_value": "Li Chen", "link": f"http://snow{TABLE}/sys_user/{chen}", "value": chen},
        "caller_id.department.name": {"display_value": "Operations", "value": "Operations"},
        "parent": {"display_value": "", "value": ""},
    }
    query["sysparm_exclude_reference_link"] = "true"
    assert (await snow.get(path, sysparm_display_value="all", **query))["caller_id"] == {
        "display_value": "Li Chen",
        "value": chen,
    }
    assert (await snow.get(path, sysparm_display_value="true", **query))["caller_id"] == "Li Chen"
    assert (await snow.get(path, sysparm_display_value="nonsense", **query))["caller_id"] == chen


async def test_what_is_empty_or_large_is_displayed_as_instances_do(snow: Snow) -> None:
    record = snow.instance.tables["incident"][snow.ids.ticket("INC0010004")]
    record.update(sys_mod_count="1000000", business_duration="1970-01-02 02:05:00", calendar_duration="")
    query = {"sysparm_fields": "sys_mod_count,business_duration,calendar_duration,close_code,hold_reason,sla_due"}
    path = f"{INCIDENTS}/{record['sys_id']}"
    assert await snow.get(path, sysparm_display_value="true", **query) == {
        "sys_mod_count": "1,000,000",
        "business_duration": "1 Day 2 Hours 5 Minutes",
        "calendar_duration": "",
        "close_code": None,
        "hold_reason": "",
        "sla_due": "UNKNOWN",
    }
    both = await snow.get(path, sysparm_display_value="all", **query)
    assert both["close_code"] == {"display_value": None, "value": ""}
    assert (await snow.get(path, **query))["sla_due"] == ""


async def test_journals_are_read_as_empty_and_shown_as_display_values(snow: Snow) -> None:
    path = f"{INCIDENTS}/{snow.ids.ticket('INC0010001')}"
    fields = {"sysparm_fields": "work_notes,comments,comments_and_work_notes"}
    assert await snow.get(path, **fields) == {"work_notes": "", "comments": "", "comments_and_work_notes": ""}
    shown = await snow.get(path, sysparm_display_value="all", **fields)
    assert shown["work_notes"]["value"] == ""
    assert shown["comments"]["display_value"] == (
        "2026-09-30 20:06:00 - Jonas Brandt (Additional comments)\n"
        "We see short interruptions and are working on it.\n\n"
    )
    assert re.findall(r" - (\w+ \w+) \(([\w ]+)\)\n", shown["comments_and_work_notes"]["display_value"]) == [
        ("Jonas Brandt", "Additional comments"),
        ("Jonas Brandt", "Work notes"),
        ("Maya Okafor", "Work notes"),
    ]


async def test_each_note_is_a_row_of_its_own(snow: Snow) -> None:
    record = await snow.insert(
        "incident", short_description="x", caller_id=snow.ids.person("lchen"), work_notes="one", comments="two"
    )
    await snow.patch("incident", record["sys_id"], work_notes="three")
    query = f"element_id={record['sys_id']}^ORDERBYDESCelement"
    rows = await snow.get(f"{TABLE}/sys_journal_field", sysparm_query=query)
    assert [(row["element"], row["value"], row["name"], row["sys_created_by"]) for row in rows] == [
        ("work_notes", "one", "incident", "mcp-platform"),
        ("work_notes", "three", "incident", "mcp-platform"),
        ("comments", "two", "incident", "mcp-platform"),
    ]


async def test_fields_that_are_not_there_are_left_out(snow: Snow) -> None:
    (row,) = await snow.get(
        INCIDENTS, sysparm_query="number=INC0010004", sysparm_fields="number,nonsense,caller_id.nonsense, state"
    )
    assert row == {"number": "INC0010004", "state": "1"}


async def test_pages_are_counted_and_linked(snow: Snow) -> None:
    query = {"sysparm_query": "ORDERBYnumber", "sysparm_fields": "number", "sysparm_limit": "3", "sysparm_offset": "3"}
    answer = await snow.http.get(INCIDENTS, params=query)
    assert [row["number"][-1] for row in answer.json()["result"]] == ["4", "5", "6"]
    assert answer.headers["x-total-count"] == "8"
    links = re.findall(r'<[^>]*sysparm_offset=(\d+)>;rel="(\w+)"', answer.headers["link"])
    assert links == [("0", "first"), ("0", "prev"), ("6", "next"), ("6", "last")]
    target = re.search(r'<([^>]+)>;rel="next"', answer.headers["link"])
    assert target is not None
    following = (await snow.http.get(target[1])).json()["result"]
    assert [row["number"][-1] for row in following] == ["7", "8"]


async def test_count_and_links_can_be_left_out(snow: Snow) -> None:
    query = {"sysparm_no_count": "true", "sysparm_suppress_pagination_header": "true", "sysparm_limit": "1"}
    answer = await snow.http.get(INCIDENTS, params=query)
    assert "x-total-count" not in answer.headers
    assert "link" not in answer.headers


async def test_nothing_found_is_404_in_the_first_version_and_an_empty_list_since(snow: Snow) -> None:
    query = {"sysparm_query": "number=none"}
    assert await snow.get(INCIDENTS, **query) == []
    assert await snow.get("/api/now/v2/table/incident", **query) == []
    answer = await snow.http.get("/api/now/v1/table/incident", params=query)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "No Record found"


async def test_a_versions_links_stay_in_it(snow: Snow) -> None:
    record = await snow.get(f"/api/now/v2/table/incident/{snow.ids.ticket('INC0010001')}")
    assert record["caller_id"]["link"].startswith("http://snow/api/now/v2/table/sys_user/")
    answer = await snow.http.get("/api/now/v3/table/incident")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        (f"{TABLE}/xyz", 400, "Invalid table xyz"),
        (f"{TABLE}/xyz/1", 400, "Invalid table xyz"),
        (f"{TABLE}/incident/none", 404, "No Record found"),
        ("/api/now/nothing", 400, "Requested URI does not represent any resource"),
    ],
)
async def test_errors_come_in_the_envelope(snow: Snow, path: str, status: int, message: str) -> None:
    answer = await snow.http.get(path)
    assert answer.status_code == status
    assert answer.json()["error"]["message"] == message
    assert answer.json()["status"] == "failure"


async def test_a_record_is_made_with_its_number_and_address(snow: Snow) -> None:
    body = {"short_description": "x", "caller_id": "Li Chen", "u_nothing": "1", "active": True, "impact": 1}
    answer = await snow.http.post(INCIDENTS, json=body)
    record = answer.json()["result"]
    assert answer.status_code == 201
    assert answer.headers["location"] == f"http://snow{INCIDENTS}/{record['sys_id']}"
    assert record["number"] == "INC0010009"
    assert record["caller_id"]["value"] == snow.ids.person("lchen")
    assert (record["impact"], record["active"], record["opened_at"]) == ("1", "true", "2026-10-01 00:00:00")
    assert (record["sys_created_by"], record["sys_mod_count"]) == ("mcp-platform", "0")
    assert "u_nothing" not in record


async def test_what_a_person_reads_can_be_written_when_asked_for(snow: Snow) -> None:
    snow.become("netops")
    body = {
        "short_description": "x",
        "caller_id": "Li Chen",
        "cmdb_ci": FLAGSHIP,
        "state": "In Progress",
        "due_date": "2026-10-02 10:00:00",
    }
    query = {"sysparm_input_display_value": "true"}
    record = (await snow.http.post(INCIDENTS, json=body, params=query)).json()["result"]
    assert (record["state"], record["due_date"]) == ("2", "2026-10-02 08:00:00")
    assert record["cmdb_ci"]["value"] == snow.ids.item(FLAGSHIP)
    actual = (await snow.http.post(INCIDENTS, json=body)).json()["result"]
    assert (actual["state"], actual["due_date"]) == ("In Progress", "2026-10-02 10:00:00")


async def test_a_reference_to_nobody_and_a_time_that_is_none_come_to_nothing(snow: Snow) -> None:
    record = await snow.insert(
        "incident", short_description="x", caller_id="Li Chen", assigned_to="Nobody Here", due_date="tomorrow"
    )
    assert (record["assigned_to"], record["due_date"]) == ("", "")


async def test_a_text_too_long_for_its_column_loses_its_end(snow: Snow) -> None:
    record = await snow.insert("incident", short_description="x" * 200, caller_id="Li Chen", description="y" * 200)
    assert (len(record["short_description"]), len(record["description"])) == (160, 200)


async def test_a_change_counts_and_the_same_again_does_not(snow: Snow) -> None:
    sys_id = snow.ids.ticket("INC0010004")
    snow.clock.advance(60)
    changed = await snow.patch("incident", sys_id, description="more", sys_id="other", sys_created_by="me")
    assert (changed["sys_mod_count"], changed["sys_updated_by"]) == ("1", "mcp-platform")
    assert (changed["sys_updated_on"], changed["sys_created_by"]) == ("2026-10-01 00:01:00", "servicedesk")
    assert changed["sys_id"] == sys_id
    again = await snow.http.put(f"{INCIDENTS}/{sys_id}", json={"description": "more"})
    assert again.json()["result"]["sys_mod_count"] == "1"


async def test_a_class_can_be_changed_through_the_table_above_it(snow: Snow) -> None:
    task = await snow.patch("task", snow.ids.ticket("INC0010004"), description="by task")
    assert task["sys_class_name"] == "incident"
    assert "caller_id" not in task


@pytest.mark.parametrize(
    ("body", "kind", "status"), [(b"{", "application/json", 400), (b"[]", "application/json", 400)]
)
async def test_a_body_that_is_no_object_is_refused(snow: Snow, body: bytes, kind: str, status: int) -> None:
    answer = await snow.http.post(INCIDENTS, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    xml = await snow.http.post(INCIDENTS, content=b"<a/>", headers={"Content-Type": "application/xml"})
    assert xml.status_code == 415
