"""Changes and services answer with the members and forms that ServiceNow's documentation shows.

The names below are those in the samples of the Change Management, Attachment, Knowledge, Service Catalog, CMDB
Instance and Aggregate APIs of the release "Australia".
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulators.changes import CHANGE, Changes
from tests.simulators.snow import FLAGSHIP, Snow


def names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


NUMBERS = names(
    """
    escalation impact priority reassignment_count risk scope state sys_mod_count urgency
    """
)
FLAGS = names(
    """
    active cab_required is_bulk knowledge made_sla on_hold outside_maintenance_schedule production_system
    unauthorized
    """
)
DATES = names(
    """
    activity_due approval_set cab_date closed_at conflict_last_run due_date end_date expected_start follow_up
    opened_at requested_by_date review_date sla_due start_date sys_created_on sys_updated_on work_end
    work_start
    """
)
TEXTS = names(
    """
    additional_assignee_list approval approval_history assigned_to assignment_group backout_plan
    business_duration business_service cab_delegate cab_recommendation calendar_duration category change_plan
    chg_model ci_class close_code close_notes closed_by cmdb_ci comments comments_and_work_notes company
    conflict_status contact_type contract correlation_display correlation_id delivery_plan delivery_task
    description group_list implementation_plan justification location number on_hold_reason on_hold_task
    opened_by order parent phase phase_state proposed_change reason rejection_goto requested_by
    review_comments review_status risk_impact_analysis risk_value route_reason service_offering
    short_description skills std_change_producer_version sys_class_name sys_created_by sys_domain
    sys_domain_path sys_id sys_tags sys_updated_by task_effective_number test_plan time_worked type
    universal_request upon_approval upon_reject user_input variables watch_list wf_activity work_notes
    work_notes_list
    """
)
MODEL = names(
    """
    active available_in_ui color default_change_model description name state_field sys_class_name
    sys_created_by sys_created_on sys_id sys_mod_count sys_name sys_tags sys_updated_by sys_updated_on
    table_name
    """
)
ATTACHMENT = names(
    """
    average_image_color compressed content_type download_link file_name image_height image_width size_bytes
    size_compressed sys_created_by sys_created_on sys_id sys_mod_count sys_tags sys_updated_by sys_updated_on
    table_name table_sys_id
    """
)
ITEM = names(
    """
    catalogs category content_type description icon kb_article name order picture short_description show_price
    show_quantity sys_class_name sys_id type url
    """
)
PRICES = names(
    """
    local_currency localized_price localized_recurring_price price price_currency recurring_frequency
    recurring_price recurring_price_currency
    """
)
VARIABLE = names(
    """
    attributes display_type displayvalue friendly_type help_text id label mandatory max_length name read_only
    render_label type value
    """
)
ARTICLES = "/api/sn_km_api/knowledge/articles"
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
SYS_ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
async def snow() -> AsyncIterator[Snow]:
    async with Snow.with_behaviour() as snow:
        snow.become("netops")
        yield snow


def assert_pairs(record: dict[str, Any]) -> None:
    for name, pair in record.items():
        assert set(pair) == {"display_value", "value"} | ({"display_value_internal"} if name in DATES else set()), name
        assert isinstance(pair["display_value"], str), name


def assert_worker(answer: dict[str, Any], *more: str) -> None:
    assert set(answer) == {"worker", "request", "state", "type", "messages", *more}
    assert set(answer["worker"]) == {"sysId", "link"} and SYS_ID.fullmatch(answer["worker"]["sysId"])
    assert answer["worker"]["link"].endswith(f"/api/sn_chg_rest/change/worker/{answer['worker']['sysId']}")
    assert set(answer["state"]) == {"value", "display_value"}
    assert set(answer["messages"]) == {"errorMessages", "warningMessages", "infoMessages"}


async def test_a_change_has_exactly_the_documented_members_in_their_forms(snow: Snow) -> None:
    shown = await snow.get(f"{CHANGE}/{snow.ids.ticket('CHG0030001')}")
    assert set(shown) == NUMBERS | FLAGS | DATES | TEXTS
    assert_pairs(shown)
    assert {name for name, pair in shown.items() if isinstance(pair["value"], float)} == NUMBERS
    assert {name for name, pair in shown.items() if isinstance(pair["value"], bool)} == FLAGS


async def test_writes_of_changes_and_tasks_say_what_they_passed_over(snow: Snow) -> None:
    made = (await snow.http.post(f"{CHANGE}/normal", params={"no_such_field": "x"})).json()["result"]
    key = made["sys_id"]["value"]
    changed = (await snow.http.patch(f"{CHANGE}/{key}", json={"no_such_field": "x"})).json()["result"]
    task = (await snow.http.post(f"{CHANGE}/{key}/task", params={"no_such_field": "x"})).json()["result"]
    for answer in (made, changed, task):
        assert answer.pop("__meta") == {"ignoredFields": ["no_such_field"]}
        assert_pairs({name: pair for name, pair in answer.items() if name not in DATES and "date" not in name})
    assert task["parent"]["value"] == key


async def test_next_states_have_the_documented_form(snow: Snow) -> None:
    key = snow.ids.ticket("CHG0029874")
    answer = await snow.get(f"{CHANGE}/{key}/nextstates")
    assert set(answer) == {"available_states", "state_transitions", "state_label"}
    assert answer["available_states"] == ["0", "4", "-1"]
    assert answer["state_label"] == {"0": "Review", "4": "Canceled", "-1": "Implement"}
    to_review, to_canceled = answer["state_transitions"]
    for way in (*to_review, *to_canceled):
        assert SYS_ID.fullmatch(way.pop("sys_id"))
        for condition in way["conditions"]:
            assert SYS_ID.fullmatch(condition["condition"].pop("sys_id"))

    def expected(
        name: str, target: str, *conditions: tuple[str, bool], is_open: bool, automatic: bool
    ) -> dict[str, Any]:
        return {
            "display_value": name,
            "from_state": "-1",
            "to_state": target,
            "transition_available": is_open,
            "automatic_transition": automatic,
            "conditions": [
                {"passed": passed, "condition": {"name": condition, "description": None}}
                for condition, passed in conditions
            ],
        }

    assert to_review == [
        expected("Implement to Review", "0", ("No active Change Tasks", False), is_open=False, automatic=True),
        expected("Implement to Review", "0", ("Not On hold", True), is_open=True, automatic=False),
    ]
    assert to_canceled == [expected("Implement to Canceled", "4", is_open=True, automatic=False)]


async def test_models_and_templates_have_the_documented_members(snow: Snow) -> None:
    *models, _ = await snow.get(f"{CHANGE}/model")
    assert {model["name"]["value"] for model in models} == {"Normal", "Standard", "Emergency"}
    for model in models:
        assert set(model) >= MODEL
        assert_pairs(model)
        assert model["table_name"]["value"] == "change_request" and model["state_field"]["value"] == "state"
    *templates, _ = await snow.get(f"{CHANGE}/standard/template", active="true")
    assert all(set(each) >= {"sys_id", "template", "short_description"} for each in templates)
    assert len(templates) == 3


async def test_conflicts_have_the_documented_members(snow: Snow) -> None:
    path = f"{CHANGE}/{snow.ids.ticket('CHG0030001')}/conflict"
    assert SYS_ID.fullmatch((await snow.http.post(path)).json()["result"])
    snow.clock.advance(1)
    found = await snow.get(path)
    assert set(found) == {"status", "last_run", "record_count", "job_status", "conflicts"}
    assert (found["status"], found["record_count"], found["job_status"]) == ("Conflict", "1", "2")
    assert TIME.fullmatch(found["last_run"])
    for conflict in found["conflicts"]:
        assert set(conflict) >= {"change", "type"}
        assert conflict["change"]["display_value"] == "CHG0030001"


async def test_workers_have_the_documented_members(snow: Snow) -> None:
    changes = Changes(snow)
    key = await changes.create()
    body = {"association_type": "affected", "cmdb_ci_sys_ids": [changes.flagship]}
    started = [
        await snow.http.post(f"{CHANGE}/{key}/ci", json=body),
        await snow.http.get(f"{CHANGE}/{snow.ids.ticket('CHG0030001')}/schedule"),
        await snow.http.post(f"{CHANGE}/{key}/refresh_impacted_services"),
    ]
    assert [answer.status_code for answer in started] == [202, 202, 200]
    for answer in started:
        assert_worker(answer.json()["result"])
        assert answer.json()["result"]["state"] == {"value": 1, "display_value": "Waiting"}
    snow.clock.advance(1)
    schedule = await snow.get(f"{CHANGE}/worker/{started[1].json()['result']['worker']['sysId']}")
    assert_worker(schedule, "payload")
    assert schedule["state"] == {"value": 3, "display_value": "Complete"}
    for span in schedule["payload"]["spans"]:
        assert set(span) == {"start", "end"}
        assert all(set(span[end]) == {"value", "display_value"} for end in span)
        assert TIME.fullmatch(span["start"]["value"])


async def test_affected_cis_have_the_documented_members(snow: Snow) -> None:
    path = f"{CHANGE}/{snow.ids.ticket('CHG0030001')}/ci"
    row, _ = await snow.get(path, association_type="affected")
    assert set(row) >= {"sys_id", "ci_item"}
    assert row["ci_item"] == {"value": snow.ids.item(FLAGSHIP), "display_value": FLAGSHIP}


async def test_attachments_have_the_documented_members_all_text(snow: Snow) -> None:
    given = {"table_name": "change_request", "table_sys_id": snow.ids.ticket("CHG0030001"), "file_name": "a.txt"}
    answer = await snow.http.post(
        "/api/now/v1/attachment/file", params=given, content=b"text", headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 201
    (listed,) = await snow.get("/api/now/attachment")
    for shown in (answer.json()["result"], listed):
        assert set(shown) >= ATTACHMENT
        assert all(isinstance(value, str) for value in shown.values())


async def test_articles_have_the_documented_members(snow: Snow) -> None:
    found = await snow.get(ARTICLES, query="storm", fields="short_description,sys_class_name")
    assert set(found) == {"meta", "articles"}
    assert set(found["meta"]) == names("start end fields query filter kb language count ts_query_id status")
    for each in found["articles"]:
        assert set(each) == names("link rank id title snippet score number fields")
        assert all(
            set(value) == {"display_value", "name", "label", "type", "value"} for value in each["fields"].values()
        )
    article = await snow.get(f"{ARTICLES}/{found['articles'][0]['number']}")
    assert set(article) == names(
        """
        content template number sys_id short_description display_attachments attachments embedded_content
        """
    )


async def test_catalog_items_and_orders_have_the_documented_members(snow: Snow) -> None:
    items = await snow.get("/api/sn_sc/servicecatalog/items")
    assert all(set(item) >= ITEM for item in items)
    key = snow.ids.of("sc_cat_item", "Network port activation")
    item = await snow.get(f"/api/sn_sc/servicecatalog/items/{key}")
    assert set(item) >= ITEM | PRICES | {"categories", "variables", "ui_policy", "client_script", "data_lookup"}
    assert all(set(variable) >= VARIABLE for variable in item["variables"])
    variables = {"floor": "2", "socket": "1", "purpose": "office"}
    answer = await snow.http.post(
        f"/api/sn_sc/servicecatalog/items/{key}/order_now", json={"sysparm_quantity": 1, "variables": variables}
    )
    made = answer.json()["result"]
    assert set(made) == {"sys_id", "number", "request_number", "request_id", "table"}
    assert re.fullmatch(r"REQ\d{7}", made["number"]) and made["sys_id"] == made["request_id"]


async def test_instances_of_the_cmdb_have_the_documented_members(snow: Snow) -> None:
    found = await snow.get(f"/api/now/cmdb/instance/cmdb_ci_ip_switch/{snow.ids.item(FLAGSHIP)}")
    assert set(found) == {"outbound_relations", "attributes", "inbound_relations"}
    for relation in (*found["outbound_relations"], *found["inbound_relations"]):
        assert set(relation) == {"sys_id", "type", "target"}
        assert set(relation["type"]) == set(relation["target"]) == {"display_value", "link", "value"}
    assert isinstance(found["attributes"]["operational_status"], str)


async def test_aggregates_have_the_documented_form(snow: Snow) -> None:
    query = {"sysparm_avg_fields": "reassignment_count,risk", "sysparm_group_by": "assignment_group"}
    for group in await snow.get("/api/now/stats/change_request", **query):
        assert set(group) == {"stats", "groupby_fields"}
        assert set(group["stats"]["avg"]) == {"reassignment_count", "risk"}
        assert re.fullmatch(r"\d+\.\d{4}", group["stats"]["avg"]["risk"])
        assert [set(each) for each in group["groupby_fields"]] == [{"value", "field"}]
