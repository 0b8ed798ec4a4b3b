import pytest

from simulators.servicenow.schema import SCHEMA
from tests.simulators.snow import FLAGSHIP, TABLE, Snow

OPEN = ["INC0010001", "INC0010002", "INC0010003", "INC0010004", "INC0010005", "INC0010007"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("number=INC0010001", "1"),
        ("number=inc0010001", "1"),
        ("numberINinc0010001, INC0010004", "1 4"),
        ("numberNOT ININC0010001,INC0010004^active=true", "2 3 5 7"),
        ("active=false", "6 8"),
        ("active!=true", "6 8"),
        ("stateIN1,3", "2 4 7"),
        ("state!=2^active=true", "2 3 4 7"),
        ("priority<=2", "1"),
        ("priority<3", "1"),
        ("priority>4", "5 6 8"),
        ("priority>=5", "5 6 8"),
        ("state=1^ORstate=3", "2 4 7"),
        ("state=1^priority=4^ORpriority=3", "4 7"),
        ("state=8^NQstate=7", "6 8"),
        ("short_descriptionLIKEnetwork", "1 7"),
        ("short_description*NETWORK", "1 7"),
        ("short_descriptionCONTAINSnetwork", "1 7"),
        ("short_descriptionNOT LIKEnetwork^active=true", "2 3 4 5"),
        ("short_descriptionSTARTSWITHno", "3"),
        ("short_descriptionENDSWITHoffline", "5"),
        ("assigned_toISEMPTY", "4 7 8"),
        ("assigned_to=", "4 7 8"),
        ("assigned_to=NULL", "4 7 8"),
        ("assigned_toISNOTEMPTY^active=true", "1 2 3 5"),
        ("assigned_toSTARTSWITHjonas", "1 3"),
        ("caller_id.user_name=lchen", "1 7"),
        ("assignment_group.manager.name=Daniel White^active=true", "4 5"),
        (f"cmdb_ci.name={FLAGSHIP}", "1"),
        ("cmdb_ci.location.parent.name=ZRH01", "1 3"),
        ("sys_created_onBETWEEN2026-09-30 00:00:00@2026-09-30 19:00:00", "1 7"),
        ("opened_at>2026-09-30 20:00:00", "4"),
        ("opened_atON2026-09-28", "3"),
        ("opened_atRELATIVEGT@hour@ago@6", "1 4"),
        ("opened_atRELATIVELT@dayofweek@ago@4", "6 8"),
        ("impactSAMEASurgency^active=true", "2 5 7"),
        ("impactGT_FIELDurgency", "1 3 4"),
        ("numberANYTHING^state=1", "4 7"),
        ("sys_class_nameINSTANCEOFtask^state=1", "4 7"),
    ],
)
async def test_a_query_finds_what_it_says(snow: Snow, query: str, numbers: str) -> None:
    assert sorted(await snow.found("incident", query)) == [f"INC001000{number}" for number in numbers.split()]


async def test_what_comes_first_is_said_by_orderby(snow: Snow) -> None:
    assert await snow.found("incident", "active=true^ORDERBYnumber") == OPEN
    assert await snow.found("incident", "active=true^ORDERBYDESCnumber") == OPEN[::-1]
    by_caller = await snow.found("incident", "active=true^ORDERBYcaller_id", "caller_id.name")
    assert by_caller == sorted(by_caller)
    by_two = await snow.found("incident", "active=true^ORDERBYDESCpriority^ORDERBYDESCnumber")
    assert [number[-1] for number in by_two] == list("543721")


@pytest.mark.parametrize(
    "invalid", ["asigned_to=x", "nonsense", "state~2", "caller_id.nothing=1", "number.name=1", "Number=INC0010001"]
)
async def test_an_invalid_part_is_passed_over_and_more_is_found(snow: Snow, invalid: str) -> None:
    every = await snow.found("incident", "")
    assert len(every) == 8
    assert await snow.found("incident", invalid) == every
    assert await snow.found("incident", f"{invalid}^state=1") == await snow.found("incident", "state=1")
    assert await snow.found("incident", f"state=1^ORDERBY{invalid}") == await snow.found("incident", "state=1")


async def test_an_instance_may_find_nothing_when_a_part_is_invalid() -> None:
    async with Snow.with_behaviour(invalid_query_returns_no_rows=True) as snow:
        assert await snow.found("incident", "asigned_to=x^state=1") == []
        assert await snow.found("incident", "state=1") != []
        snow.become("admin")
        query = "name=glide.invalid_query.returns_no_rows"
        assert await snow.found("sys_properties", query, "value") == ["true"]


async def test_a_value_that_is_a_script_is_run(snow: Snow) -> None:
    snow.become("netops")
    mine = await snow.found("incident", "assigned_to=javascript:gs.getUserID()^ORDERBYnumber")
    assert mine == ["INC0010001", "INC0010003"]
    today = "sys_created_onBETWEENjavascript:gs.hoursAgo(6)@javascript:gs.endOfToday()"
    assert await snow.found("incident", f"{today}^ORDERBYnumber") == ["INC0010001", "INC0010004"]
    assert await snow.found("incident", "number=javascript:new Evil().run()") == []
    seen = (await snow.http.get("/__sim/scripts")).json()
    assert [script["text"] for script in seen["scripts"]] == [
        "gs.getUserID()",
        "gs.hoursAgo(6)",
        "gs.endOfToday()",
        "new Evil().run()",
    ]
    assert [script["known"] for script in seen["scripts"]] == [True, True, True, False]
    assert {script["user"] for script in seen["scripts"]} == {"netops"}


async def test_days_begin_in_the_users_zone(snow: Snow) -> None:
    """The clock stands at 00:00 UTC, which is 02:00 in Zurich: the day has begun there two hours ago."""
    snow.become("netops")
    assert await snow.found("incident", "opened_at>=javascript:gs.daysAgoStart(0)") == ["INC0010004"]


async def test_without_a_query_other_parameters_compare_columns(snow: Snow) -> None:
    query = {"active": "true", "state": "1", "sysparm_fields": "number"}
    rows = await snow.get(f"{TABLE}/incident", **query)
    assert sorted(row["number"] for row in rows) == ["INC0010004", "INC0010007"]
    assert len(await snow.get(f"{TABLE}/incident", nonsense="1")) == 8
    assert len(await snow.get(f"{TABLE}/incident", sysparm_query="", **query)) == 8


async def test_two_carets_are_one_in_a_value(snow: Snow) -> None:
    record = await snow.insert("incident", short_description="a^b", caller_id=snow.ids.person("lchen"))
    assert await snow.found("incident", "short_description=a^^b^active=true") == [record["number"]]


async def test_a_class_is_found_through_those_above_it(snow: Snow) -> None:
    classes = await snow.found("cmdb_ci", f"name={FLAGSHIP}", "sys_class_name")
    assert classes == ["cmdb_ci_ip_switch"]
    assert len(await snow.found("cmdb", "", "sys_id")) > len(await snow.found("cmdb_ci_ip_switch", "", "sys_id"))
    kinds = await snow.found("task", "active=true", "sys_class_name")
    assert {"incident", "problem", "change_request"} <= set(kinds)
    assert await snow.found("task", f"sys_id={snow.ids.ticket('INC0010001')}") == ["INC0010001"]


async def test_what_the_simulator_does_not_know_it_says(snow: Snow) -> None:
    for query in ("RLQUERYtask_ci.task,>0^ENDRLQUERY", "JOINincident.sys_id=task_ci.task!"):
        answer = await snow.http.get(f"{TABLE}/incident", params={"sysparm_query": query})
        assert answer.status_code == 400


async def test_a_long_query_is_read_to_its_end(snow: Snow) -> None:
    long = "^".join(["AAAA=BBBB"] * 2_300)
    assert await snow.found("incident", f"{long}^number=INC0010001") == ["INC0010001"]


@pytest.mark.parametrize("table", ["incident", "change_request", "sys_user", "cmdb_ci_service", "kb_knowledge"])
async def test_no_operator_breaks_on_any_kind_of_column(snow: Snow, table: str) -> None:
    readable = [field.name for field in SCHEMA.fields(table).values() if not field.roles]
    for condition in ("=1", "!=1", "LIKEa", ">1", "IN1,2", "ISEMPTY", "BETWEEN1@2", "STARTSWITHx", "ON2026-01-01"):
        conditions = "^NQ".join(f"{name}{condition}" for name in readable)
        assert await snow.found(table, f"{conditions}^ORDERBY{'^ORDERBY'.join(readable)}", "sys_id") is not None
