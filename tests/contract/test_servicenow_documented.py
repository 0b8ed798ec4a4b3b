"""The simulator's answers have the members and forms that ServiceNow's documentation shows.

The sets below are the names in the samples of the Table API and the OAuth pages of the release "Australia".
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulators.snow import TABLE, Snow


def names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


TASK = names(
    """
    active activity_due additional_assignee_list approval approval_history approval_set assigned_to
    assignment_group business_duration business_service calendar_duration close_notes closed_at closed_by
    cmdb_ci comments comments_and_work_notes company contact_type correlation_display correlation_id
    delivery_plan delivery_task description due_date escalation expected_start follow_up group_list impact
    knowledge location made_sla number opened_at opened_by order parent priority reassignment_count
    rejection_goto short_description sla_due state sys_class_name sys_created_by sys_created_on sys_domain
    sys_domain_path sys_id sys_mod_count sys_tags sys_updated_by sys_updated_on time_worked upon_approval
    upon_reject urgency user_input watch_list wf_activity work_end work_notes work_notes_list work_start
    """
)
INCIDENT = TASK | names(
    """
    business_stc calendar_stc caller_id category caused_by child_incidents close_code incident_state notify
    parent_incident problem_id reopen_count resolved_at resolved_by rfc severity subcategory
    """
)
CHANGE = TASK | names(
    """
    backout_plan cab_date cab_delegate cab_recommendation cab_required category change_plan chg_model ci_class
    close_code conflict_last_run conflict_status contract end_date implementation_plan is_bulk justification
    on_hold on_hold_reason on_hold_task outside_maintenance_schedule phase phase_state production_system
    proposed_change reason requested_by requested_by_date review_comments review_date review_status risk
    risk_impact_analysis risk_value route_reason scope service_offering skills start_date
    std_change_producer_version task_effective_number test_plan type unauthorized universal_request variables
    """
)
REFERENCES = names("assigned_to assignment_group caller_id cmdb_ci company location opened_by problem_id")
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
SYS_ID = re.compile(r"[0-9a-f]{32}")
DOCUMENTED = [
    ("incident", "INC0010001", INCIDENT),
    ("problem", "PRB0040001", TASK),
    ("change_request", "CHG0030001", CHANGE),
]


@pytest.fixture
async def snow() -> AsyncIterator[Snow]:
    async with Snow.with_behaviour() as snow:
        yield snow


def assert_forms(record: dict[str, Any]) -> None:
    """Everything is text, but references with a value, which are a link and a value."""
    for name, value in record.items():
        if isinstance(value, dict):
            assert set(value) == {"link", "value"}, name
            assert value["link"].endswith(f"/{value['value']}"), name
        else:
            assert isinstance(value, str), name
            assert name not in REFERENCES or value == "", name
            assert not name.endswith(("_at", "_on", "_date")) or value == "" or TIME.fullmatch(value), name
    assert SYS_ID.fullmatch(record["sys_id"])
    assert set(record["sys_domain"]) == {"link", "value"}


@pytest.mark.parametrize(("table", "number", "members"), DOCUMENTED)
async def test_a_record_has_every_documented_member(
    snow: Snow, table: str, number: str, members: frozenset[str]
) -> None:
    (listed,) = await snow.get(f"{TABLE}/{table}", sysparm_query=f"number={number}")
    assert members <= set(listed)
    assert_forms(listed)
    assert await snow.get(f"{TABLE}/{table}/{listed['sys_id']}") == listed


async def test_writes_answer_with_the_whole_record(snow: Snow) -> None:
    made = await snow.insert("incident", short_description="Unable to connect", caller_id=snow.ids.person("lchen"))
    changed = await snow.patch("incident", made["sys_id"], urgency="1", comments="Elevating urgency")
    for record in (made, changed):
        assert set(record) >= INCIDENT
        assert_forms(record)
    assert changed["comments"] == ""


async def test_headers_are_the_documented_ones(snow: Snow) -> None:
    answer = await snow.http.get(f"{TABLE}/incident", params={"sysparm_limit": "2", "sysparm_offset": "2"})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-total-count"].isdecimal()
    form = (
        r'<http://[^>]+/api/now/table/incident\?[^>]*sysparm_limit=2&sysparm_offset=\d+>;rel="(first|prev|next|last)"'
    )
    links = answer.headers["link"].split(",")
    assert len(links) == 4
    assert all(re.fullmatch(form, link) for link in links)


@pytest.mark.parametrize(
    ("grant", "form", "members"),
    [
        ("client_credentials", {}, {"access_token", "scope", "token_type", "expires_in"}),
        (
            "password",
            {"username": "netops", "password": "netops-demo"},
            {"access_token", "refresh_token", "scope", "token_type", "expires_in"},
        ),
    ],
)
async def test_tokens_come_with_the_documented_members(
    snow: Snow, grant: str, form: dict[str, str], members: set[str]
) -> None:
    answer = (await snow.token(grant, **form)).json()
    assert set(answer) == members
    assert (answer["scope"], answer["token_type"], answer["expires_in"]) == ("useraccount", "Bearer", 1799)


async def test_an_error_has_a_message_a_detail_and_the_word_failure(snow: Snow) -> None:
    for path in (f"{TABLE}/nothing", f"{TABLE}/incident/none", "/api/now/nothing"):
        answer = (await snow.http.get(path)).json()
        assert set(answer) == {"error", "status"}
        assert set(answer["error"]) == {"message", "detail"}
        assert answer["status"] == "failure"
