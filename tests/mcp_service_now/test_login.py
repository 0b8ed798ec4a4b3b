"""In whose name ServiceNow is called: by OAuth, as the calling user, or by password; never as somebody else."""

from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from mcp_common.testing.plugin import AuditLines, Connect
from mcp_common.vault import VaultClient
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.servicenow import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, Behaviour
from simulators.servicenow.instance import Instance
from tests.mcp_service_now.calling import answer, call, error_of, refusal
from tests.mcp_service_now.signing import believing, signing

OTHER_KEY = RSAKey.generate_key(2048, private=True)
ADDRESS = {"base_url": "http://127.0.0.1"}
CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
BASIC = {"username": USERNAME, "password": PASSWORD}


def signed(**changes: Any) -> dict[str, Any]:
    return signing(**{**ADDRESS, **changes})


def client_of(subject: Any = "user_name", **changes: Any) -> Behaviour:
    return replace(believing(subject=subject), **changes)


@pytest.fixture
def behaviour() -> Behaviour:
    return client_of()


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return signed()


def paths(instance: Instance) -> list[str]:
    return [request.path for request in instance.requests]


async def test_a_record_is_opened_in_the_callers_own_name(
    connect: Connect, instance: Instance, audit_lines: AuditLines
) -> None:
    made = await answer(connect, "create_incident", short_description="Printer jams")
    record = instance.tables["incident"].own[made["incident"]["id"]]
    assert record["sys_created_by"] == "servicedesk"
    assert made["incident"]["opened_by"]["name"] == made["incident"]["caller"]["name"] == "Maya Okafor"
    assert audit_lines.calls()[-1]["user.effective.name"] == "servicedesk"


async def test_no_note_names_whom_servicenow_names_itself(connect: Connect, instance: Instance) -> None:
    await answer(connect, "add_work_note", record="INC0010001", text="looked at it")
    row = next(row for row in instance.tables["sys_journal_field"].own.values() if row["value"] == "looked at it")
    assert row["sys_created_by"] == "servicedesk"


async def test_callers_do_not_share_a_session(connect: Connect, instance: Instance) -> None:
    """The instance sets session cookies that would outweigh the token of the next caller."""
    assert instance.behaviour.sessions
    for who in ("service-desk", "admin", "service-desk"):
        made = await answer(connect, "create_incident", who, short_description=f"of {who}")
        by = instance.tables["incident"].own[made["incident"]["id"]]["sys_created_by"]
        assert by == {"service-desk": "servicedesk", "admin": "admin"}[who]


@pytest.mark.parametrize("subject", ["somebody-else", "x" * 99, "mcp-platform-2"])
async def test_a_caller_servicenow_does_not_know_is_told_so(subject: str, connect: Connect, instance: Instance) -> None:
    async with connect("service-desk", subject=subject, preferred_username=subject) as client:
        result = await client.call_tool("get_incident", {"incident": "INC0010001"}, raise_on_error=False)
    error = error_of(result)
    assert error["code"] == "upstream_unauthorized"
    assert "active user" in error["text"]
    assert not any(path.endswith("/incident") for path in paths(instance))


async def test_an_inactive_user_gets_no_login(connect: Connect, instance: Instance) -> None:
    found = instance.tables["sys_user"].find(user_name="servicedesk")
    assert found is not None
    found["active"] = "false"
    assert (await refusal(connect, "search_incidents"))["code"] == "upstream_unauthorized"


async def test_a_display_name_is_nobodys_account(connect: Connect, instance: Instance) -> None:
    """People choose it themselves at many providers."""
    async with connect("service-desk", subject="u-4711", preferred_username=None, name="admin") as client:
        result = await client.call_tool("search_incidents", {}, raise_on_error=False)
    assert error_of(result)["code"] == "upstream_unauthorized"


@pytest.mark.parametrize("behaviour", [client_of("email")])
@pytest.mark.parametrize("upstream_secret", [signed(jwt_user_claim="email")])
@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"email": "maya.okafor@nordhaven.example"}, None),
        ({"email": "maya.okafor@nordhaven.example", "email_verified": False}, "upstream_unauthorized"),
        ({}, "upstream_unauthorized"),
    ],
)
async def test_the_user_can_be_named_by_a_verified_address(
    behaviour: Behaviour, upstream_secret: Any, claims: dict[str, Any], code: str | None, connect: Connect
) -> None:
    async with connect("service-desk", subject="servicedesk", **claims) as client:
        result = await client.call_tool("get_incident", {"incident": "INC0010001"}, raise_on_error=False)
    assert (error_of(result)["code"] if result.is_error else None) == code


@pytest.mark.parametrize(
    ("upstream_secret", "code", "words"),
    [
        (signed(jwt_private_key=OTHER_KEY.as_pem(private=True).decode()), "upstream_unauthorized", "caller's name"),
        (signed(jwt_private_key="-----BEGIN nothing"), "unavailable", "no RSA private key"),
        (signed(jwt_kid=""), "unavailable", "lacks jwt_kid"),
        (signed(jwt_user_claim="nick"), "unavailable", "user_name or email"),
        (signed(client_secret="wrong"), "upstream_unauthorized", "refuses the platform's account"),
        (ADDRESS | {"client_id": CLIENT_ID}, "unavailable", "client_id and client_secret"),
        (ADDRESS | CLIENT | {"client_secret": "wrong"}, "upstream_unauthorized", "refuses the platform's account"),
        (ADDRESS | BASIC | {"password": "wrong"}, "upstream_unauthorized", "refuses the platform's account"),
        (ADDRESS, "unavailable", "username and password"),
    ],
)
async def test_what_is_wrong_with_the_account_is_said(
    upstream_secret: Any, code: str, words: str, connect: Connect, instance: Instance
) -> None:
    error = await refusal(connect, "get_incident", incident="INC0010001")
    assert error["code"] == code
    assert words in error["text"]
    assert "PRIVATE" not in error["text"] and "wrong" not in error["text"].split("/")


@pytest.mark.parametrize("upstream_secret", [ADDRESS | CLIENT, ADDRESS | BASIC], ids=["client credentials", "password"])
async def test_the_service_account_says_on_whose_behalf(
    upstream_secret: Any, connect: Connect, instance: Instance
) -> None:
    made = await answer(connect, "create_incident", short_description="Printer jams")
    record = instance.tables["incident"].own[made["incident"]["id"]]
    assert record["sys_created_by"] == USERNAME
    assert made["incident"]["opened_by"]["name"] == made["incident"]["caller"]["name"] == "Maya Okafor"
    shown = await answer(connect, "get_incident", incident=made["incident"]["number"])
    assert [entry["text"] for entry in shown["journal"]["entries"]] == [
        "On behalf of Maya Okafor (servicedesk) via the platform."
    ]


@pytest.mark.parametrize("upstream_secret", [ADDRESS | CLIENT])
async def test_a_token_serves_many_calls_and_is_renewed_before_it_ends(
    upstream_secret: Any, connect: Connect, instance: Instance, simulated_clock: SteppedClock
) -> None:
    await answer(connect, "get_incident", incident="INC0010001")
    await answer(connect, "get_incident", incident="INC0010001")
    assert paths(instance).count("/oauth_token.do") == 1
    simulated_clock.advance(1799 - 59)
    await answer(connect, "get_incident", incident="INC0010001")
    assert paths(instance).count("/oauth_token.do") == 2
    assert 401 not in {request.status for request in instance.requests}


async def test_a_token_that_ends_in_mid_work_is_replaced_and_the_write_happens_once(
    connect: Connect, instance: Instance
) -> None:
    await answer(connect, "get_incident", incident="INC0010001")
    instance.tokens.void_access()
    before = len(instance.tables["incident"].own)
    await answer(connect, "create_incident", short_description="Printer jams")
    assert len(instance.tables["incident"].own) == before + 1


async def test_a_refused_user_stands_in_nobody_elses_way(connect: Connect) -> None:
    async with connect("service-desk", subject="stranger", preferred_username="stranger") as client:
        assert (await client.call_tool("search_incidents", {}, raise_on_error=False)).is_error
    await answer(connect, "search_incidents")


async def test_a_rotated_account_is_in_use_without_a_restart(
    connect: Connect, vault: VaultClient, instance: Instance
) -> None:
    await answer(connect, "get_incident", incident="INC0010001")
    await vault.set_secret("api/servicenow", ADDRESS | BASIC)
    await answer(connect, "get_incident", incident="INC0010001")
    made = await answer(connect, "create_incident", short_description="as the platform")
    assert instance.tables["incident"].own[made["incident"]["id"]]["sys_created_by"] == USERNAME


async def test_tables_are_described_to_people_who_may_not_read_the_dictionary(
    connect: Connect, instance: Instance
) -> None:
    result = await call(connect, "describe_table", "service-desk", table="incident", text="close code")
    assert not result.is_error


@pytest.mark.parametrize("upstream_secret", [ADDRESS | BASIC, ADDRESS | CLIENT, signed()])
@pytest.mark.parametrize(("status", "ready"), [(None, 200), (429, 200), (403, 503), (500, 503)])
async def test_readiness_follows_servicenow(
    upstream_secret: Any, status: int | None, ready: int, http: Any, faults: Faults
) -> None:
    if status is not None:
        faults.add("status", "*/table/sys_user", status=status, retry_after=90)
    async with http() as client:
        assert (await client.get("/readyz")).status_code == ready
