"""What a confirmation proves: this call of this caller on this service, for minutes, once. All else writes nothing."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastmcp.utilities.asgi_transport import StreamingASGITransport, run_asgi_lifespan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_common.runtime import Platform
from mcp_common.service import BuiltService, McpService
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.person import CONFIRM_META, ERROR_META
from mcp_common.testing.plugin import BASE_URL, AuditLines
from tests.mcp_common.service import confirm_tools
from tests.mcp_common.service.test_two_adapters import request

KEY, OLDER_KEY = b"k" * 32, b"o" * 32
WAYS = pytest.mark.parametrize("meta", [{}, {"progressToken": 1}], ids=["direct", "framework"])
OTHERS = "belongs to another call, or was changed"
Send = Callable[..., Any]


@pytest.fixture
def service() -> McpService:
    return McpService(name="catalyst-center", version="1", instructions="", tools=[confirm_tools])


@pytest.fixture
def platform(platform: Platform) -> Platform:
    return replace(platform, request_state_keys=(KEY,))


@pytest.fixture(autouse=True)
def written() -> list[str]:
    confirm_tools.written.clear()
    return confirm_tools.written


class Sender:
    """Sends calls as somebody."""

    def __init__(self, built: BuiltService, issuer: SigningIssuer) -> None:
        self.built = built
        self._issuer = issuer
        self._tokens: dict[str, str] = {}

    async def __call__(
        self,
        tool: str = "remove",
        name: str = "a",
        *,
        confirm: Any = None,
        who: dict[str, Any] | None = None,
        **meta: Any,
    ) -> dict[str, Any]:
        """The whole answer."""
        caller = {"subject": "nora", "groups": ["network-engineers"], **(who or {})}
        if str(caller) not in self._tokens:
            self._tokens[str(caller)] = self._issuer.token(**caller)
        beside = {} if confirm is None else {CONFIRM_META: confirm}
        params = meta.pop("params", {})
        body, headers = request(tool, {"name": name}, **beside, **meta)
        body["params"].update(params)
        transport = StreamingASGITransport(self.built.app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            answer = await http.post(
                "/mcp", json=body, headers={**headers, "authorization": f"Bearer {self._tokens[str(caller)]}"}
            )
        found: dict[str, Any] = answer.json()
        return found

    async def token(self, **call: Any) -> str:
        """A fresh confirmation for a call."""
        return str(error_of(await self(**call))["confirm"])


def error_of(answer: dict[str, Any]) -> dict[str, Any]:
    error: dict[str, Any] = answer["result"]["_meta"][ERROR_META]
    return error


def told(answer: dict[str, Any]) -> str:
    return str(answer["result"]["content"][0]["text"])


@pytest.fixture
def send(built: BuiltService, issuer: SigningIssuer) -> Sender:
    return Sender(built, issuer)


@pytest.fixture
async def token(send: Sender) -> str:
    return await send.token()


@WAYS
async def test_it_holds_for_the_call_it_was_given_for(send: Sender, written: list[str], meta: dict[str, Any]) -> None:
    answer = await send(confirm=await send.token(**meta), **meta)
    assert answer["result"]["structuredContent"] == {"text": "a"}
    assert written == ["a"]


OTHER_CALLS: dict[str, dict[str, Any]] = {
    "other arguments": {"name": "b"},
    "another tool": {"tool": "erase"},
    "another caller": {"who": {"subject": "mallory"}},
    "another client": {"who": {"client_id": "other-client"}},
    "an agent for the caller": {"who": {"act": {"sub": "agent"}}},
    "another issuer's namesake": {"who": {"preferred_username": "nora", "subject": "nora-2"}},
}


@WAYS
@pytest.mark.parametrize("other", OTHER_CALLS.values(), ids=OTHER_CALLS.keys())
async def test_it_holds_for_no_other_call(
    send: Sender, written: list[str], other: dict[str, Any], meta: dict[str, Any]
) -> None:
    token = await send.token()
    answer = await send(**other, **meta, confirm=token)
    assert error_of(answer)["code"] == "confirmation_required"
    assert OTHERS in told(answer)
    assert written == []
    await send(confirm=token)
    assert written == ["a"], "it was not used up"


async def test_it_holds_on_no_other_service(send: Sender, platform: Platform, issuer: SigningIssuer) -> None:
    token = await send.token()
    send.built.calls.confirmations._service = "elsewhere"
    answer = await send(confirm=token)
    assert OTHERS in told(answer)


@WAYS
async def test_it_holds_once(send: Sender, written: list[str], audit_lines: AuditLines, meta: dict[str, Any]) -> None:
    token = await send.token()
    await send(confirm=token, **meta)
    again = await send(confirm=token, **meta)
    assert "was used before" in told(again)
    assert written == ["a"]
    assert [line["mcp.outcome"] for line in audit_lines.calls()] == ["asked", "succeeded", "asked"]


async def test_it_holds_for_ten_minutes(send: Sender, written: list[str]) -> None:
    confirmations = send.built.calls.confirmations
    confirmations.clock = lambda: 1_000_000.0
    token = await send.token()
    confirmations.clock = lambda: 1_000_600.0
    answer = await send(confirm=token)
    assert "has expired" in told(answer)
    assert written == []
    confirmations.clock = lambda: 1_000_599.0
    await send(confirm=token)
    assert written == ["a"]


async def test_a_right_taken_away_since_the_question_is_gone(send: Sender, written: list[str]) -> None:
    token = await send.token()
    answer = await send(confirm=token, who={"groups": ["service-desk"]})
    assert error_of(answer)["code"] == "denied"
    assert written == []


async def test_a_refusal_brings_a_new_one(send: Sender, written: list[str]) -> None:
    answer = await send(confirm="no confirmation")
    await send(confirm=error_of(answer)["confirm"])
    assert written == ["a"]


async def test_replicas_with_the_same_keys_and_store_take_each_others_and_take_them_once(
    send: Sender, platform: Platform, service: McpService, issuer: SigningIssuer, written: list[str]
) -> None:
    rotated = service.build(replace(platform, request_state_keys=(OLDER_KEY, KEY)))
    strange = service.build(replace(platform, request_state_keys=(OLDER_KEY,)))
    async with run_asgi_lifespan(rotated.http), run_asgi_lifespan(strange.http):
        token = await send.token()
        assert OTHERS in told(await Sender(strange, issuer)(confirm=token))
        await Sender(rotated, issuer)(confirm=token)
        assert "was used before" in told(await send(confirm=token))
    assert written == ["a"]


async def test_a_store_that_forgets_nothing_in_time_takes_no_confirmation(send: Sender, written: list[str]) -> None:
    send.built.platform.idempotency._most = 1  # type: ignore[attr-defined]  # the store of one process
    await send(confirm=await send.token())
    answer = await send(name="b", confirm=await send.token(name="b"))
    assert error_of(answer)["code"] == "unavailable"
    assert written == ["a"]


@pytest.mark.parametrize("odd", [5, True, ["x"], {"token": "x"}, "", "é", "x" * 100_000, None])
@WAYS
async def test_an_odd_confirmation_is_refused(send: Sender, written: list[str], odd: Any, meta: dict[str, Any]) -> None:
    answer = await send(**{CONFIRM_META: odd}, **meta)
    assert error_of(answer)["code"] == "confirmation_required"
    assert written == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_changed_confirmation_holds(send: Sender, token: str, written: list[str], data: st.DataObject) -> None:
    raw = base64.urlsafe_b64decode(token)
    changed = data.draw(
        st.one_of(
            st.text(max_size=120),
            st.binary(max_size=80).map(lambda made: base64.urlsafe_b64encode(made).decode()),
            st.tuples(st.integers(0, len(raw) - 1), st.integers(1, 255)).map(
                lambda at: base64.urlsafe_b64encode(
                    raw[: at[0]] + bytes([raw[at[0]] ^ at[1]]) + raw[at[0] + 1 :]
                ).decode()
            ),
            st.integers(0, len(token) - 1).map(lambda length: token[:length]),
            st.text(min_size=1, max_size=5).map(lambda more: token + more),
            st.just(token.rstrip("=")),
            st.just(f" {token}"),
        )
    )
    answer = await send(confirm=changed)
    assert error_of(answer)["code"] == "confirmation_required"
    assert written == []


class TestForms:
    """The same, where the confirmation is the state of a form."""

    CAPABLE: dict[str, Any] = {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}}
    YES: dict[str, Any] = {"confirm": {"action": "accept", "content": {"confirm": True}}}

    async def asked(self, send: Sender) -> str:
        result = (await send(**self.CAPABLE))["result"]
        assert result["resultType"] == "input_required"
        assert result["inputRequests"]["confirm"]["params"]["message"].startswith("Remove a")
        return str(result["requestState"])

    async def answer(self, send: Sender, state: str | None, responses: Any = YES, **call: Any) -> dict[str, Any]:
        params = {"inputResponses": responses} | ({} if state is None else {"requestState": state})
        return await send(**self.CAPABLE, **call, params=params)

    async def test_it_holds_once(self, send: Sender, written: list[str]) -> None:
        state = await self.asked(send)
        assert (await self.answer(send, state))["result"]["structuredContent"] == {"text": "a"}
        again = await self.answer(send, state)
        assert again["result"]["resultType"] == "input_required"
        assert written == ["a"]

    @pytest.mark.parametrize("other", OTHER_CALLS.values(), ids=OTHER_CALLS.keys())
    async def test_it_holds_for_no_other_call(self, send: Sender, written: list[str], other: dict[str, Any]) -> None:
        answer = await self.answer(send, await self.asked(send), **other)
        assert answer["error"]["code"] == -32602
        assert written == []

    async def test_yes_without_a_question_is_a_question(self, send: Sender, written: list[str]) -> None:
        answer = await self.answer(send, None)
        assert answer["result"]["resultType"] == "input_required"
        assert written == []

    async def test_the_confirmation_of_a_form_cannot_be_read_off_it(self, send: Sender, written: list[str]) -> None:
        answer = await send(confirm=await self.asked(send))
        assert OTHERS in told(answer)
        token = await send.token()
        assert (await self.answer(send, token))["error"]["code"] == -32602
        assert written == []

    @pytest.mark.parametrize(
        "responses",
        [
            {},
            {"confirm": {"action": "accept", "content": {"confirm": False}}},
            {"confirm": {"action": "accept", "content": {"confirm": "true"}}},
            {"confirm": {"action": "accept", "content": {"sure": True}}},
            {"confirm": {"action": "accept"}},
            {"confirm": {"action": "agree"}},
            {"confirm": True},
            {"sure": {"action": "accept", "content": {"confirm": True}}},
            "yes",
        ],
    )
    async def test_anything_but_yes_writes_nothing(self, send: Sender, written: list[str], responses: Any) -> None:
        answer = await self.answer(send, await self.asked(send), responses)
        assert written == []
        assert "error" in answer or answer["result"].get("isError") or "inputRequests" in answer["result"]

    async def test_a_client_that_takes_no_forms_gets_the_token(self, send: Sender) -> None:
        url_only: dict[str, Any] = {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {"url": {}}}}
        assert error_of(await send(**url_only))["code"] == "confirmation_required"
