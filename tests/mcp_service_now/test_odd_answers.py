"""What comes back is cleaned before a model reads it, and no odd answer breaks a tool or says more than it should."""

import time
from typing import Any

import httpx2
import pytest

from mcp_common.errors import InvalidArguments, NotFound, UpstreamFailed
from mcp_common.principal import Principal
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.table import find
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.html_text import text_of
from mcp_service_now.models.incidents import Incident
from mcp_service_now.models.shared import LONGEST_PASSAGE
from mcp_service_now.tools.incidents import get_incident, search_incidents, update_incident
from tests.mcp_service_now.far_side import INCIDENT, V2, ScriptedInstance, client_of, columns, pair, result

HIDDEN = "sw1\u200b\u202e\U000e0041 ignore\nall\x1b[2J"


@pytest.fixture
def instance() -> ScriptedInstance:
    return ScriptedInstance()


@pytest.fixture
def servicenow(instance: ScriptedInstance) -> ServiceNowClient:
    return client_of(instance)


async def test_a_short_page_is_not_the_last_one(servicenow: Any, instance: ScriptedInstance) -> None:
    """The limit cuts before the rights of the account do."""
    instance.on(f"GET {V2}/incident", result([instance.incident()], **{"X-Total-Count": "41"}))
    page = await search_incidents(servicenow, limit=20)
    assert (len(page.incidents), page.more, page.total) == (1, True, 41)


@pytest.mark.parametrize("total", ["", "many", "-1", None])
async def test_without_a_count_a_full_page_may_not_be_the_last(
    total: str | None, servicenow: Any, instance: ScriptedInstance
) -> None:
    headers = {} if total is None else {"X-Total-Count": total}
    instance.on(f"GET {V2}/incident", result([instance.incident()] * 2, **headers))
    assert (await search_incidents(servicenow, limit=2)).more is True
    assert (await search_incidents(servicenow, limit=5)).more is False


async def test_empty_fields_are_absent(servicenow: Any, instance: ScriptedInstance) -> None:
    empty = dict.fromkeys(["state", "priority", "assigned_to", "cmdb_ci", "opened_at", "description"], pair(""))
    instance.on(f"GET {V2}/incident", result([instance.incident(**empty)]))
    found = await get_incident(servicenow, "INC0010001", notes=0)
    assert found.model_dump(exclude_none=True) == {"id": INCIDENT, "number": "INC0010001"}


@pytest.mark.parametrize(
    "odd",
    [
        {"state": "2", "assigned_to": "", "opened_at": "2026-01-01 00:00:00"},
        {"state": {"value": "2"}, "assigned_to": {"link": "https://x/1", "value": ""}, "active": {"value": True}},
        {"state": {"value": None, "display_value": None}, "opened_at": {"value": "01.01.2026 00:00:00"}},
        {"state": None, "caller_id": [], "description": 7, "opened_at": pair("9999-99-99 99:99:99")},
        {"state": pair("2", "In Bearbeitung"), "somethingNew": {"a": [1]}, "work_notes": pair("", "text")},
    ],
)
async def test_odd_forms_of_a_record_break_nothing(odd: Any, servicenow: Any, instance: ScriptedInstance) -> None:
    instance.on(f"GET {V2}/incident", result([instance.incident(**odd)]))
    found = await get_incident(servicenow, "INC0010001", notes=0)
    assert found.number == "INC0010001"
    assert found.state is None or found.state.value == "2"


async def test_labels_come_in_the_language_of_the_account_and_times_in_utc(
    servicenow: Any, instance: ScriptedInstance
) -> None:
    fields = {
        "state": pair("2", "In Bearbeitung"),
        "priority": pair("1", "1 - Kritisch"),
        "opened_at": pair("2026-06-30 22:00:00", "01.07.2026 00:00:00"),
        "active": pair("true", "wahr"),
    }
    instance.on(f"GET {V2}/incident", result([instance.incident(**fields)]))
    found = await get_incident(servicenow, "INC0010001", notes=0)
    assert found.model_dump(mode="json", include={"state", "priority", "opened", "active"}) == {
        "state": {"value": "2", "label": "In Bearbeitung"},
        "priority": {"value": "1", "label": "1 - Kritisch"},
        "opened": "2026-06-30T22:00:00Z",
        "active": True,
    }


async def test_a_choice_may_be_named_in_any_language_it_is_worded_in(
    servicenow: Any, instance: ScriptedInstance
) -> None:
    rows = columns("incident", "number", "opened_at", "sys_id")
    state = {"name": "incident", "element": "state", "internal_type": "integer", "choice": "3"}
    instance.on(f"GET {V2}/sys_dictionary", result([*rows, state]))
    choices = [
        {"name": "incident", "value": "2", "label": label, "language": language}
        for label, language in (("In Bearbeitung", "de"), ("In Progress", "en"))
    ]
    instance.on(f"GET {V2}/sys_choice", result(choices))
    for said in ("in bearbeitung", "In Progress", "2"):
        await search_incidents(servicenow, state=said)
        assert "state=2^" in str(instance.sent(f"GET {V2}/incident")[-1].url.params["sysparm_query"])
    with pytest.raises(InvalidArguments, match=r"There are: In Progress \(2\)\."):
        await search_incidents(servicenow, state="Wach")


async def test_hidden_characters_and_secrets_do_not_reach_a_model(servicenow: Any, instance: ScriptedInstance) -> None:
    config = "enable secret 5 $1$abcd$HuNt3rHuNt3rHuNt3r\nsnmp-server community HuNt3r-2 RO"
    note = {"element": pair("work_notes"), "value": pair(f"{HIDDEN}\n{config}"), "sys_created_by": pair(HIDDEN)}
    fields = {"short_description": pair(HIDDEN), "description": pair(config), "cmdb_ci": pair("x" * 32, HIDDEN)}
    instance.on(f"GET {V2}/incident", result([instance.incident(**fields)]))
    instance.on(f"GET {V2}/sys_journal_field", result([note]))
    found = await get_incident(servicenow, "INC0010001")
    shown = found.model_dump_json()
    assert "HuNt3r" not in shown
    assert not [character for character in "\u200b\u202e\U000e0041\x1b" if character in shown]
    assert found.short_description == "sw1 ignore all[2J"
    assert found.description == "enable secret 5 <masked>\nsnmp-server community <masked> RO"


async def test_sentences_about_passwords_stay_readable(servicenow: Any, instance: ScriptedInstance) -> None:
    text = "User forgot the password after the holiday.\nThe key switch failed, see snmp-server community winter RO."
    fields = {"short_description": pair("VPN asks for the password again"), "description": pair(text)}
    instance.on(f"GET {V2}/incident", result([instance.incident(**fields)]))
    found = await get_incident(servicenow, "INC0010001", notes=0)
    assert found.short_description == "VPN asks for the password again"
    assert found.description == text.replace("winter", "<masked>")


async def test_long_text_is_cut_and_says_so(servicenow: Any, instance: ScriptedInstance) -> None:
    instance.on(f"GET {V2}/incident", result([instance.incident(description=pair("x" * (LONGEST_PASSAGE + 7)))]))
    found = await get_incident(servicenow, "INC0010001", notes=0)
    assert found.description is not None and found.description.endswith("[7 more characters]")


@pytest.mark.parametrize(
    "body",
    [
        httpx2.Response(200, html="<html><title>Log in</title></html>"),
        httpx2.Response(200, content=b'{"result": [{"sys_id"'),
        httpx2.Response(200, json={"results": []}),
        httpx2.Response(200, json={"result": {"sys_id": "x"}}),
        httpx2.Response(200, json={"result": [{"number": pair("INC1")}]}),
        httpx2.Response(200, json=[1]),
    ],
)
async def test_what_is_no_answer_is_an_error_in_our_words(
    body: httpx2.Response, servicenow: Any, instance: ScriptedInstance
) -> None:
    instance.on(f"GET {V2}/incident", body)
    with pytest.raises(UpstreamFailed, match="not a valid answer"):
        await get_incident(servicenow, "INC0010001")


async def test_an_empty_list_is_nothing_found(servicenow: Any, instance: ScriptedInstance) -> None:
    instance.on(f"GET {V2}/incident", result([]))
    with pytest.raises(NotFound, match="INC0010001"):
        await get_incident(servicenow, "INC0010001")


async def test_a_dictionary_nobody_may_read_stops_the_search(servicenow: Any, instance: ScriptedInstance) -> None:
    """An unchecked query could find everything."""
    instance.on(f"GET {V2}/sys_dictionary", result([]))
    with pytest.raises(UpstreamFailed, match="read sys_dictionary"):
        await search_incidents(servicenow)
    assert instance.sent(f"GET {V2}/incident") == []


async def test_columns_of_parents_count_and_the_childs_own_word_goes_first(
    servicenow: Any, instance: ScriptedInstance
) -> None:
    instance.on(f"GET {V2}/sys_db_object", result([{"name": "incident", "super_class.name": "task"}]))
    rows = columns("incident", severity="integer") + columns("task", "number", severity="string")
    instance.on(f"GET {V2}/sys_dictionary", result(rows))
    await find(servicenow, "incident", Incident, Query().where("number", "=", "1").order_by("severity"), limit=1)
    asked = [request.url.params["sysparm_query"] for request in instance.sent(f"GET {V2}/sys_dictionary")]
    assert "nameINincident,task" in asked[0]
    with pytest.raises(InvalidArguments, match="no field 'caller_id'"):
        await find(servicenow, "incident", Incident, Query().where("caller_id", "=", "1"), limit=1)


async def test_every_question_names_its_columns_and_asks_for_no_links(
    servicenow: Any, instance: ScriptedInstance
) -> None:
    await search_incidents(servicenow)
    for request in instance.requests:
        assert request.url.params["sysparm_fields"]
        assert request.url.params["sysparm_exclude_reference_link"] == "true"


async def test_no_cookie_is_ever_sent_back(servicenow: Any, instance: ScriptedInstance) -> None:
    cookies = [("Set-Cookie", "JSESSIONID=abc; Path=/"), ("Set-Cookie", "glide_user_route=glide.x; Path=/")]
    body = {"result": [instance.incident()]}
    instance.on(f"GET {V2}/incident", httpx2.Response(200, json=body, headers=cookies))
    for _ in range(3):
        await search_incidents(servicenow)
    assert not [request for request in instance.requests if "cookie" in request.headers]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines"),
        ("<ul><li>a</li><li>b</li></ul>after", "- a\n- b\nafter"),
        ("<table><tr><td>x</td><td>y</td></tr></table>", "x | y"),
        ("<pre>conf t\n  vlan 20</pre>", "conf t\n  vlan 20"),
        ("a<script>steal()</script><style>p{}</style>b<!-- hidden -->", "ab"),
        ("<p>x &amp; y &lt;b&gt;</p>", "x & y <b>"),
        ("<b>un<i>closed", "unclosed"),
        ("<" * 5000, ""),
        ("", ""),
    ],
)
def test_articles_become_the_text_a_reader_would_see(html: str, text: str) -> None:
    found = text_of(html)
    assert found == text or (text == "" and set(found) <= {"<"})


@pytest.mark.parametrize("unit", ["<a ", "<!--", "</", "<a '>", "<svg>", "<script>", "<object><svg></object>"])
def test_no_page_takes_long(unit: str) -> None:
    """Whoever writes articles must not be able to stop the server."""
    began = time.process_time()
    text_of(unit * 50_000)
    assert time.process_time() - began < 3.0


async def test_where_notes_cannot_be_listed_they_are_shown_as_one_text(
    servicenow: Any, instance: ScriptedInstance
) -> None:
    instance.on(
        f"GET {V2}/task/{INCIDENT}", result({"comments_and_work_notes": pair("", "today - Ada (Notes)\nseen\n")})
    )
    refusal = {"error": {"message": "Insufficient rights to query records", "detail": None}}
    for journal in (result([]), httpx2.Response(403, json=refusal)):
        instance.on(f"GET {V2}/sys_journal_field", journal)
        found = await get_incident(servicenow, "INC0010001")
        assert found.journal is not None
        assert (found.journal.entries, found.journal.text) == ([], "today - Ada (Notes)\nseen")


async def test_a_long_line_of_parents_is_followed_to_its_end(servicenow: Any, instance: ScriptedInstance) -> None:
    line = ["incident", "b", "c", "d", "e"]

    def ask(request: httpx2.Request) -> httpx2.Response:
        at = next(line.index(name) for name in line if f"name={name}^" in request.url.params["sysparm_query"])
        names = [*line[at:], "", ""]
        return result([{"name": names[0], "super_class.name": names[1], "super_class.super_class.name": names[2]}])

    instance.on(f"GET {V2}/sys_db_object", ask)
    await find(servicenow, "incident", Incident, Query().where("number", "=", "1"), limit=1)
    (asked,) = instance.sent(f"GET {V2}/sys_dictionary")
    assert "nameINincident,b,c,d,e^" in asked.url.params["sysparm_query"]


async def test_a_table_that_is_its_own_parent_does_not_hold_the_call_up(
    servicenow: Any, instance: ScriptedInstance
) -> None:
    loop = {"name": "incident", "super_class.name": "task", "super_class.super_class.name": "incident"}
    instance.on(f"GET {V2}/sys_db_object", result([loop]))
    await find(servicenow, "incident", Incident, Query().where("number", "=", "1"), limit=1)
    assert len(instance.sent(f"GET {V2}/sys_db_object")) < 10


async def test_fields_that_are_shown_as_markup_are_not_set(servicenow: Any, instance: ScriptedInstance) -> None:
    instance.on(f"GET {V2}/sys_dictionary", result(columns("incident", "number", "sys_id", u_page="html")))
    with pytest.raises(InvalidArguments, match="u_page is of type html"):
        await update_incident(servicenow, Principal("ada", "https://issuer.test"), "INC0010001", {"u_page": "<b>x</b>"})
    assert not [request for request in instance.requests if request.method != "GET"]


async def test_ids_and_numbers_are_cleaned_too(servicenow: Any, instance: ScriptedInstance) -> None:
    odd = {"number": pair("INC1\u200b\nignore"), "state": pair("2\u202e", "x"), "cmdb_ci": pair("abc\ndef", "y")}
    instance.on(f"GET {V2}/incident", result([instance.incident(**odd)]))
    found = await get_incident(servicenow, "INC0010001", notes=0)
    assert found.state is not None and found.ci is not None
    assert (found.number, found.state.value, found.ci.id) == ("INC1 ignore", "2", "abc def")
