import pytest

from tests.simulators.snow import TABLE, Snow

INCIDENTS = f"{TABLE}/incident"


@pytest.mark.parametrize(
    ("account", "incidents", "problems", "changes"),
    [
        ("admin", 8, 2, 4),
        ("mcp-platform", 8, 2, 4),
        ("netops", 8, 2, 4),
        ("servicedesk", 8, 2, 4),
        ("developer", 8, 0, 4),
        ("lchen", 2, 0, 0),
        ("nobody", 0, 0, 0),
    ],
)
async def test_roles_say_what_is_seen(snow: Snow, account: str, incidents: int, problems: int, changes: int) -> None:
    snow.become(account)
    seen = [len(await snow.found(table, "")) for table in ("incident", "problem")]
    assert seen == [incidents, problems]
    first = await snow.found("change_request", "numberINCHG0030001,CHG0030002,CHG0030003,CHG0030004")
    assert len(first) == changes


async def test_the_limit_cuts_before_access_control_so_a_page_may_be_short(snow: Snow) -> None:
    snow.become("lchen")
    query = {"sysparm_query": "ORDERBYnumber", "sysparm_fields": "number", "sysparm_limit": "3"}
    answers = [await snow.http.get(INCIDENTS, params=query | {"sysparm_offset": at}) for at in ("0", "3", "6")]
    pages = [[row["number"] for row in answer.json()["result"]] for answer in answers]
    assert pages == [["INC0010001"], [], ["INC0010007"]]
    assert answers[0].headers["x-total-count"] == "8"


async def test_what_may_not_be_seen_is_not_there(snow: Snow) -> None:
    snow.become("lchen")
    hidden = await snow.http.get(f"{INCIDENTS}/{snow.ids.ticket('INC0010002')}")
    absent = await snow.http.get(f"{INCIDENTS}/{'0' * 32}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json() == absent.json()
    assert hidden.json()["error"]["detail"] == "Record doesn't exist or ACL restricts the record retrieval"
    assert (await snow.refused("incident", snow.ids.ticket("INC0010002"), comments="x"))[0] == 404


async def test_callers_may_comment_on_their_own_and_the_rest_is_dropped_without_a_word(snow: Snow) -> None:
    snow.become("lchen")
    sys_id = snow.ids.ticket("INC0010001")
    changed = await snow.patch("incident", sys_id, comments="Still bad", urgency="3", short_description="mine")
    assert changed["short_description"] == "Network on floor 2 of ZRH01 keeps dropping"
    assert changed["sys_mod_count"] == "1"


async def test_who_may_read_only_is_told_so(snow: Snow) -> None:
    snow.become("developer")
    status, detail = await snow.refused("incident", snow.ids.ticket("INC0010001"), urgency="3")
    assert (status, detail) == (403, "ACL Exception Update Failed due to security constraints")
    answer = await snow.http.post(f"{TABLE}/problem", json={"short_description": "x"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, "Operation Failed")
    deleted = await snow.http.delete(f"{INCIDENTS}/{snow.ids.ticket('INC0010001')}")
    assert deleted.json()["error"]["detail"] == "ACL Exception Delete Failed due to security constraints"


async def test_an_admin_may_delete_and_then_it_is_gone(snow: Snow) -> None:
    path = f"{INCIDENTS}/{snow.ids.ticket('INC0010008')}"
    assert (await snow.http.delete(path)).status_code == 403
    snow.become("admin")
    answer = await snow.http.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await snow.http.get(path)).status_code == 404
    assert len(await snow.found("task", "sys_class_name=incident")) == 7


async def test_a_query_by_a_column_nobody_may_read_is_refused(snow: Snow) -> None:
    answer = await snow.http.get(f"{TABLE}/incident", params={"sysparm_query": "caller_id.user_passwordISNOTEMPTY"})
    assert answer.status_code == 403
    assert answer.json()["error"]["message"] == "Insufficient rights to query records"
    (row,) = await snow.get(f"{TABLE}/sys_user", sysparm_query="user_name=netops")
    assert "user_password" not in row
    snow.become("admin")
    (row,) = await snow.get(f"{TABLE}/sys_user", sysparm_query="user_name=netops")
    assert row["user_password"] == ""


async def test_the_dictionary_is_for_those_with_its_role(snow: Snow) -> None:
    query = "name=incident^elementISNOTEMPTY^ORDERBYelement"
    assert "caller_id" in await snow.found("sys_dictionary", query, "element")
    snow.become("netops")
    assert await snow.found("sys_dictionary", query, "element") == []
    assert await snow.found("sys_choice", "name=incident^element=state^ORDERBYsequence", "label") == [
        "New",
        "In Progress",
        "On Hold",
        "Resolved",
        "Closed",
        "Canceled",
    ]


async def test_the_directory_is_for_everybody_and_written_by_few(snow: Snow) -> None:
    snow.become("nobody")
    assert await snow.found("sys_user_grmember", "group.name=Network Operations", "user.name") == [
        "Jonas Brandt",
        "Reto Keller",
    ]
    refused = await snow.http.post(f"{TABLE}/sys_user_group", json={"name": "Mine"})
    assert refused.status_code == 403
