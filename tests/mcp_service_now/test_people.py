"""People and groups: what it takes to assign work, and no more."""

import pytest

from mcp_common.testing.plugin import Connect
from simulators.servicenow.instance import Instance
from tests.mcp_service_now.calling import answer, refusal


@pytest.mark.parametrize("text", ["Keller", "rkeller", "reto.keller@nordhaven.example", "reto kel"])
async def test_people_are_found_by_name_account_and_whole_address(text: str, connect: Connect) -> None:
    found = await answer(connect, "find_users", text=text)
    assert [user["user_name"] for user in found["users"]] == ["rkeller"]


async def test_addresses_and_numbers_stay_where_they_are(connect: Connect, instance: Instance) -> None:
    found = str(await answer(connect, "find_users", text="an", limit=100))
    kept = [
        record[column]
        for record in instance.tables["sys_user"].own.values()
        for column in ("email", "phone", "mobile_phone", "user_password")
        if record[column]
    ]
    assert kept
    assert not [value for value in kept if value in found]


async def test_a_part_of_an_address_finds_nobody(connect: Connect) -> None:
    assert (await answer(connect, "find_users", text="@nordhaven"))["users"] == []


async def test_those_who_left_are_not_shown(connect: Connect, instance: Instance) -> None:
    left = instance.tables["sys_user"].find(user_name="rkeller")
    assert left is not None
    left["active"] = "false"
    assert (await answer(connect, "find_users", text="Keller"))["users"] == []
    assert (await refusal(connect, "search_incidents", query=[{"field": "assigned_to", "value": "rkeller"}]))[
        "code"
    ] == ("not_found")


async def test_groups_come_with_their_members_where_asked(connect: Connect) -> None:
    found = await answer(connect, "find_groups", text="operations", members=True)
    (group,) = found["groups"]
    assert group["name"] == "Network Operations"
    assert {"netops", "rkeller"} <= {member["user_name"] for member in group["members"]}
    assert "members" not in (await answer(connect, "find_groups", text="operations"))["groups"][0]
    assert (await answer(connect, "find_groups"))["total"] > 2
