"""ServiceNow's own client works against the simulator, over a real connection."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pysnc import ServiceNowClient
from pysnc.auth import ServiceNowClientCredentialsFlow
from pysnc.exceptions import AuthenticationException, NotFoundException, RequestException, RoleException
from starlette.applications import Starlette

from mcp_common.testing.certificates import own_authority
from simulators.clock import SteppedClock
from simulators.servicenow import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, Behaviour, create_app
from simulators.servicenow.behaviour import RateRule
from simulators.serving import in_thread
from simulators.world import build_world
from simulators.world.itsm import SysIds
from simulators.world.story import FLAGSHIP

WORLD = build_world()
IDS = SysIds(WORLD)
LogIn = Callable[..., Any]
SOLVED = {"close_code": "Solution provided", "close_notes": "Done."}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key with its certificate, and beside it the certificate alone: the client speaks TLS only."""
    made = own_authority("127.0.0.1")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_text(made.chain)
    path.with_suffix(".ca").write_text(made.certificate)
    return path


@pytest.fixture
def app() -> Starlette:
    rules = (RateRule(2, user="aperez"),)
    return create_app(clock=SteppedClock(lambda: WORLD.epoch), behaviour=Behaviour(rate_rules=rules))


@pytest.fixture
def url(app: Starlette, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.with_suffix(".ca")))
    with in_thread(app, certificate=str(certificate)) as served:
        yield served.url


@pytest.fixture
def log_in(url: str) -> Iterator[LogIn]:
    """The client for an account; closed before the server stops."""
    with contextlib.ExitStack() as closing:

        def client(account: str, password: str | None = None) -> Any:
            made = ServiceNowClient(url, (account, password or f"{account}-demo"), auto_retry=False)
            closing.callback(made.session.close)
            return made

        yield client


@pytest.fixture
def client(log_in: LogIn) -> Any:
    return log_in(USERNAME, PASSWORD)


@pytest.fixture
def admin(log_in: LogIn) -> Any:
    return log_in("admin")


def test_it_queries_and_walks_over_what_it_finds(client: Any) -> None:
    incidents = client.GlideRecord("incident")
    incidents.add_active_query()
    incidents.add_query("state", "IN", "1,2").add_or_condition("state", "3")
    incidents.order_by_desc("number")
    incidents.query()
    assert incidents.get_encoded_query() == "active=true^stateIN1,2^ORstate=3^ORDERBYDESCnumber"
    assert incidents.get_row_count() == 5
    assert [str(each.number)[-1] for each in incidents] == ["7", "5", "4", "2", "1"]


def test_it_knows_actual_and_display_values(client: Any) -> None:
    incident = client.GlideRecord("incident")
    assert incident.get("number", "INC0010001")
    assert (incident.get_value("state"), incident.get_display_value("state")) == ("2", "In Progress")
    assert incident.get_value("caller_id") == IDS.person("lchen")
    assert incident.get_display_value("caller_id") == "Li Chen"
    assert bool(incident.active)
    assert incident.opened_at.date_value().isoformat() == "2026-09-30T19:00:00+00:00"
    assert incident.get_value("work_notes") == ""
    assert "goes down and up" in incident.get_display_value("work_notes")
    for mode, expected in ((False, "2"), (True, "In Progress")):
        incident = client.GlideRecord("incident")
        incident.display_value = mode
        incident.add_query("number", "INC0010001")
        incident.query()
        assert incident.next()
        assert str(incident.state) == expected


def test_it_keeps_links_and_walks_through_references(client: Any, url: str) -> None:
    item = client.GlideRecord("cmdb_ci")
    item.exclude_reference_link = False
    item.fields = ["name", "location", "location.parent.name", "nonsense"]
    item.add_query("name", FLAGSHIP)
    item.query()
    assert item.next()
    assert item.get_element("location").get_link().startswith(f"{url}/api/now/table/cmn_location/")
    assert item.get_value("location.parent.name") == "ZRH01"
    assert set(item.fields) == {"sys_id", "name", "location", "location.parent.name", "nonsense"}


def test_it_pages_through_hundreds_of_items(client: Any, app: Starlette) -> None:
    items = client.GlideRecord("cmdb_ci_netgear", batch_size=100)
    items.fields = "name"
    items.query()
    assert {str(item.name) for item in items} == {device.hostname for device in WORLD.devices.values()}
    offsets = [request.query.split("sysparm_offset=")[1].split("&")[0] for request in app.state.instance.requests]
    assert offsets == ["0", "100", "200", "300"]


def test_it_inserts_updates_and_deletes(admin: Any) -> None:
    problem = admin.GlideRecord("problem")
    problem.initialize()
    problem.short_description = "Two uplinks, one fibre"
    problem.bunk_field = "passed over"
    sys_id = problem.insert()
    assert problem.get_display_value("opened_by") == "Petra Aebischer"
    assert str(problem.number) == "PRB0040003"
    again = admin.GlideRecord("problem")
    assert again.get(str(sys_id))
    again.assigned_to = IDS.person("rkeller")
    assert again.changes()
    assert again.update()
    assert again.get_display_value("assigned_to") == "Reto Keller"
    assert again.delete()
    assert not admin.GlideRecord("problem").get(str(sys_id))


def test_it_chooses_the_id_of_a_new_record(admin: Any) -> None:
    problem = admin.GlideRecord("problem")
    problem.initialize()
    problem.set_new_guid_value("AAAABBBBCCCCDDDDEEEEFFFF00001111")
    problem.short_description = "x"
    assert problem.insert() == "AAAABBBBCCCCDDDDEEEEFFFF00001111"
    assert admin.GlideRecord("problem").get("AAAABBBBCCCCDDDDEEEEFFFF00001111")
    with pytest.raises(RoleException, match="unique key violation"):
        problem.insert()


def test_it_is_told_what_a_state_asks_for(client: Any) -> None:
    incident = client.GlideRecord("incident")
    assert incident.get("number", "INC0010004")
    incident.state = 6
    with pytest.raises(RoleException, match="Data Policy Exception"):
        incident.update()
    for name, value in SOLVED.items():
        incident.set_value(name, value)
    assert incident.update()
    assert incident.get_display_value("state") == "Resolved"


def test_it_may_not_do_what_its_roles_do_not_say(log_in: LogIn) -> None:
    client = log_in("developer")
    incident = client.GlideRecord("incident")
    assert incident.get("number", "INC0010001")
    incident.urgency = 3
    with pytest.raises(RoleException, match="ACL Exception Update Failed"):
        incident.update()
    with pytest.raises(RoleException, match="ACL Exception Delete Failed"):
        incident.delete()
    problem = client.GlideRecord("problem")
    assert not problem.get(IDS.ticket("PRB0040001"))


@pytest.mark.parametrize(("query", "found"), [("asigned_to=x", 8), ("state=99", 0), ("short_descriptionLIKEvpn", 1)])
def test_it_finds_everything_by_a_mistyped_column(client: Any, query: str, found: int) -> None:
    incidents = client.GlideRecord("incident")
    incidents.add_encoded_query(query)
    incidents.query()
    assert incidents.get_row_count() == len(list(incidents)) == found


def test_it_finds_what_is_empty_and_what_is_not(client: Any) -> None:
    counts = []
    for add in ("add_null_query", "add_not_null_query"):
        incidents = client.GlideRecord("incident")
        getattr(incidents, add)("assigned_to")
        incidents.query()
        counts.append(incidents.get_row_count())
    assert counts == [3, 5]


def test_it_sees_refusals_as_its_own(client: Any, log_in: LogIn, url: str) -> None:
    with pytest.raises(RequestException, match="Invalid table nonsense"):
        client.GlideRecord("nonsense").query()
    with pytest.raises(AuthenticationException, match="User Not Authenticated"):
        log_in(USERNAME, "wrong").GlideRecord("incident").query()
    first = client.table_api.session.get(f"{url}/api/now/v1/table/incident", params={"sysparm_query": "number=x"})
    with pytest.raises(NotFoundException):
        client.table_api._validate_response(first)


def test_it_sees_the_hourly_limit(log_in: LogIn) -> None:
    incidents = log_in("aperez").GlideRecord("incident")
    for _ in range(2):
        incidents.query()
    with pytest.raises(RequestException, match="Rate limit of 2 requests per hour"):
        incidents.query()


def test_it_logs_in_as_an_application(url: str) -> None:
    flow = ServiceNowClientCredentialsFlow(CLIENT_ID, CLIENT_SECRET)
    client = ServiceNowClient(url, flow, auto_retry=False)
    user = client.GlideRecord("sys_user")
    assert user.get("user_name", USERNAME)
    assert user.get_display_value("name") == "MCP Platform"
    client.session.close()
    with pytest.raises(AuthenticationException, match="access_denied"):
        ServiceNowClient(url, ServiceNowClientCredentialsFlow(CLIENT_ID, "wrong"))


def test_it_attaches_reads_and_takes_away_a_file(admin: Any, tmp_path: Path) -> None:
    change = admin.GlideRecord("change_request")
    assert change.get("number", "CHG0030002")
    content = b"interface TenGigabitEthernet1/1/1\n storm-control broadcast level 1.00\n"
    change.add_attachment("preview.txt", content, "text/plain")
    attachments = change.get_attachments()
    assert len(attachments) == 1
    assert attachments.next()
    assert str(attachments.file_name) == "preview.txt"
    assert attachments.read() == content
    attachments.write_to(tmp_path / "copy.txt")
    assert (tmp_path / "copy.txt").read_bytes() == content
    attachments.delete()
    assert len(change.get_attachments()) == 0


def test_two_accounts_in_one_jar_are_one(url: str) -> None:
    """The client keeps cookies; a session shared between accounts stays the first one's."""
    with requests.Session() as session:
        session.auth = (USERNAME, PASSWORD)
        query = {"sysparm_query": "user_name=javascript:gs.getUserName()", "sysparm_fields": "user_name"}
        for account in (USERNAME, "netops"):
            session.auth = (account, PASSWORD if account == USERNAME else f"{account}-demo")
            answer = session.get(f"{url}/api/now/table/sys_user", params=query, timeout=10)
            assert answer.json()["result"] == [{"user_name": USERNAME}]
