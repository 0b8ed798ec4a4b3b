"""Catalog, knowledge, aggregates and CMDB instances of the ServiceNow simulator."""

from typing import Any

import pytest

from tests.simulators.snow import FLAGSHIP, TABLE, Snow

CATALOG = "/api/sn_sc/v1/servicecatalog"
ARTICLES = "/api/sn_km_api/v1/knowledge/articles"
STATS = "/api/now/stats"
CMDB = "/api/now/cmdb/instance"


def item(snow: Snow, name: str) -> str:
    return snow.ids.of("sc_cat_item", name)


async def order(snow: Snow, name: str, **body: Any) -> tuple[int, Any]:
    answer = await snow.http.post(f"{CATALOG}/items/{item(snow, name)}/order_now", json=body)
    return answer.status_code, answer.json()


async def test_the_catalog_lists_what_can_be_ordered(snow: Snow) -> None:
    names = [each["name"] for each in await snow.get(f"{CATALOG}/items")]
    assert "Network port activation" in names and "Fax line" not in names
    assert [each["name"] for each in await snow.get(f"{CATALOG}/items", sysparm_text="wi-fi visitor")] == [
        "Guest Wi-Fi access"
    ]
    hardware = snow.ids.of("sc_category", "Hardware")
    assert {each["name"] for each in await snow.get(f"{CATALOG}/items", sysparm_category=hardware)} == {
        "Transceiver",
        "Laptop dock",
    }
    assert len(await snow.get(f"{CATALOG}/items", sysparm_limit=1, sysparm_offset=1)) == 1
    assert [each["title"] for each in await snow.get(f"{CATALOG}/catalogs")] == ["Service Catalog"]
    assert (await snow.http.get(f"{CATALOG}/items/{item(snow, 'Fax line')}")).status_code == 404


async def test_an_item_says_what_it_asks(snow: Snow) -> None:
    found = await snow.get(f"{CATALOG}/items/{item(snow, 'Network port activation')}")
    asked = {each["name"]: each for each in found["variables"]}
    assert [name for name, each in asked.items() if each["mandatory"]] == ["floor", "socket", "purpose"]
    assert asked["purpose"]["friendly_type"] == "select_box"
    assert {"label": "Office", "value": "office", "index": 0} in asked["purpose"]["choices"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Network port activation", {"sysparm_quantity": "1"}),
        ("Network port activation", {"sysparm_quantity": "1", "variables": {"floor": "2", "socket": " "}}),
        ("Guest Wi-Fi access", {"sysparm_quantity": 1, "variables": {"visitor": "A", "days": "1", "terms": "false"}}),
        ("Laptop dock", {}),
        ("Laptop dock", {"sysparm_quantity": "0"}),
        ("Laptop dock", {"sysparm_quantity": "-1"}),
        ("Laptop dock", {"sysparm_quantity": "9" * 400}),
        ("Laptop dock", {"sysparm_quantity": "1", "variables": "none"}),
        ("Laptop dock", {"sysparm_quantity": "1", "sysparm_requested_for": "somebody"}),
    ],
)
async def test_an_order_that_lacks_something_makes_nothing(snow: Snow, name: str, body: dict[str, Any]) -> None:
    status, answer = await order(snow, name, **body)
    assert status == 400 and answer["error"]["message"]
    assert not any(snow.instance.tables[table] for table in ("sc_request", "sc_req_item", "sc_item_option"))


async def test_an_order_is_a_request_with_an_item_and_the_answers(snow: Snow) -> None:
    snow.become("lchen")
    variables = {"floor": "ZRH01 Floor 2", "socket": "2.14-3", "purpose": "printer", "unknown": "x"}
    status, answer = await order(snow, "Network port activation", sysparm_quantity="2", variables=variables)
    made = answer["result"]
    assert status == 200 and made["table"] == "sc_request" and made["number"].startswith("REQ")
    tables = snow.instance.tables
    [wanted] = tables["sc_req_item"].records()
    assert (wanted["request"], wanted["quantity"]) == (made["sys_id"], "2")
    assert wanted["requested_for"] == snow.ids.person("lchen")
    answers = {
        tables["item_option_new"][each["item_option_new"]]["name"]: each["value"]
        for each in tables["sc_item_option"].records()
    }
    given = {name: value for name, value in variables.items() if name != "unknown"}
    assert answers == given | {"needed_by": "", "remarks": ""}
    assert [each["number"] for each in await snow.get(f"{TABLE}/sc_request")] == [made["number"]]


async def test_articles_are_found_by_their_words_the_best_first(snow: Snow) -> None:
    found = await snow.get(ARTICLES, query="storm control uplink", fields="kb_category,short_description")
    first = found["articles"][0]
    assert first["number"] == "KB0010001" and "<B>" in first["snippet"]
    assert first["fields"]["kb_category"]["display_value"] == "Network"
    scores = [each["score"] for each in found["articles"]]
    assert scores == sorted(scores, reverse=True) and found["meta"]["count"] == len(scores)
    assert {each["number"] for each in found["articles"]}.isdisjoint({"KB0010009", "KB0010010"})


async def test_articles_are_cut_and_filtered(snow: Snow) -> None:
    first = await snow.get(ARTICLES, limit=3)
    second = await snow.get(ARTICLES, limit=3, offset=3)
    numbers = [each["number"] for page in (first, second) for each in page["articles"]]
    assert len(set(numbers)) == 6 and first["meta"]["count"] == 8
    vpn = await snow.get(ARTICLES, filter="short_descriptionLIKEvpn")
    assert [each["number"] for each in vpn["articles"]] == ["KB0010007"]
    assert (await snow.get(ARTICLES, kb="0" * 32))["articles"] == []
    assert (await snow.get(ARTICLES, language="de"))["articles"] == []
    assert (await snow.get(ARTICLES, query="xyzzy"))["articles"] == []


async def test_one_article_is_read_by_number_or_id_and_counted_when_asked(snow: Snow) -> None:
    by_number = await snow.get(f"{ARTICLES}/KB0010001")
    by_id = await snow.get(f"{ARTICLES}/{by_number['sys_id']}", update_view="true")
    assert by_number["content"] == by_id["content"] and "storm-control" in by_id["content"]
    viewed = await snow.found("kb_knowledge", "number=KB0010001", "sys_view_count")
    assert viewed == ["389"]


async def test_a_draft_is_its_authors_alone(snow: Snow) -> None:
    snow.become("netops")
    assert (await snow.http.get(f"{ARTICLES}/KB0010009")).status_code == 404
    snow.become("shaddad")
    assert (await snow.http.get(f"{ARTICLES}/KB0010009")).status_code == 200


async def test_counts_are_grouped_beside_their_group(snow: Snow) -> None:
    everything = await snow.get(f"{STATS}/change_request", sysparm_count="true")
    assert everything == {"stats": {"count": "12"}}
    query = {"sysparm_count": "true", "sysparm_group_by": "type", "sysparm_order_by": "COUNT^DESC"}
    grouped = await snow.get(f"{STATS}/change_request", **query, sysparm_display_value="all")
    assert [(each["stats"]["count"], each["groupby_fields"][0]) for each in grouped] == [
        ("9", {"field": "type", "value": "normal", "display_value": "Normal"}),
        ("2", {"field": "type", "value": "standard", "display_value": "Standard"}),
        ("1", {"field": "type", "value": "emergency", "display_value": "Emergency"}),
    ]
    few = await snow.get(f"{STATS}/change_request", **query, sysparm_having="count^type^>^1")
    assert len(few) == 2


async def test_figures_are_text_and_follow_the_query(snow: Snow) -> None:
    query = {f"sysparm_{name}_fields": "risk" for name in ("avg", "sum", "min", "max")}
    found = await snow.get(f"{STATS}/change_request", sysparm_query="numberSTARTSWITHCHG003", **query)
    assert found == {
        "stats": {"avg": {"risk": "2.8000"}, "sum": {"risk": "14"}, "min": {"risk": "2"}, "max": {"risk": "3"}}
    }
    assert await snow.get(f"{STATS}/change_request") == {"stats": {}}
    assert await snow.get(f"{STATS}/change_request", sysparm_group_by="cmdb_ci.name", sysparm_count="true")


@pytest.mark.parametrize(
    "query",
    [
        {"sysparm_having": "max^short_description^>^1", "sysparm_max_fields": "short_description"},
        {"sysparm_having": "nothing"},
        {"sysparm_having": "count^state^~^1"},
        {"sysparm_order_by": "AVG^state^DESC,COUNT,bogus^DESC"},
        {"sysparm_sum_fields": "short_description,bogus"},
    ],
)
async def test_what_an_aggregate_cannot_read_is_passed_over(snow: Snow, query: dict[str, str]) -> None:
    grouped = await snow.get(f"{STATS}/change_request", sysparm_count="true", sysparm_group_by="type", **query)
    assert isinstance(grouped, list)


async def test_aggregates_need_the_tables_role(snow: Snow) -> None:
    snow.become("nobody")
    assert (await snow.http.get(f"{STATS}/change_request?sysparm_count=true")).status_code == 403
    assert (await snow.http.get(f"{STATS}/no_such_table?sysparm_count=true")).status_code == 400


async def test_a_ci_comes_with_its_relations(snow: Snow) -> None:
    found = await snow.get(f"{CMDB}/cmdb_ci_ip_switch/{snow.ids.item(FLAGSHIP)}")
    assert found["attributes"]["name"] == FLAGSHIP
    assert found["attributes"]["location"].keys() == {"display_value", "link", "value"}
    outbound = [
        (each["type"]["display_value"], each["target"]["display_value"]) for each in found["outbound_relations"]
    ]
    assert ("Connects to::Connected by", "zrh01-dist-01") in outbound
    inbound = [each["target"]["display_value"] for each in found["inbound_relations"]]
    assert "Office LAN Zurich" in inbound
    listed = await snow.get(f"{CMDB}/cmdb_ci_ip_switch", sysparm_query=f"name={FLAGSHIP}")
    assert listed == [{"sys_id": snow.ids.item(FLAGSHIP), "name": FLAGSHIP}]
    assert (await snow.http.get(f"{CMDB}/incident")).status_code == 400
    assert (await snow.http.get(f"{CMDB}/cmdb_ci_ip_router/{snow.ids.item(FLAGSHIP)}")).status_code == 404
