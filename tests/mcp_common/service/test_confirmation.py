"""A person confirms: how each kind of client is asked, what they read, and what comes of yes and no."""

import asyncio
from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.service import McpService
from mcp_common.testing.person import CONFIRM_META, ERROR_META, Person, confirmed
from mcp_common.testing.plugin import AuditLines, Connect
from tests.mcp_common.service import confirm_tools

ASKED = pytest.mark.parametrize(
    ("mode", "how"), [("2026-07-28", "form"), ("legacy", "elicitation")], ids=["form", "session"]
)
UNASKED = pytest.mark.parametrize("mode", ["2026-07-28", "legacy"])


@pytest.fixture
def service() -> McpService:
    return McpService(name="catalyst-center", version="1", instructions="", tools=[confirm_tools], sessions=True)


@pytest.fixture(autouse=True)
def written() -> list[str]:
    confirm_tools.written.clear()
    confirm_tools.hold = asyncio.Event()  # it belongs to the loop of one test
    return confirm_tools.written


def words(audit_lines: AuditLines) -> list[tuple[str, str | None, str | None]]:
    """Of each call: outcome, confirmation, error code."""
    lines = audit_lines.calls()
    return [(line["mcp.outcome"], line.get("mcp.confirmation"), line.get("error.code")) for line in lines]


@ASKED
async def test_who_can_be_asked_is_asked_once_and_the_trail_says_how(
    connect: Connect, person: Person, written: list[str], audit_lines: AuditLines, mode: str, how: str
) -> None:
    async with connect("network-engineers", mode=mode) as client:
        answer = await client.call_tool("remove", {"name": "a"})
    assert answer.structured_content == {"text": "a"}
    assert written == ["a"]
    assert len(person.asked) == 1
    first_round = [("asked", None, "confirmation_required")] if how == "form" else []
    assert words(audit_lines) == [*first_round, ("succeeded", how, None)]


@ASKED
@pytest.mark.parametrize("answer", ["decline", "cancel"])
async def test_who_does_not_agree_has_nothing_written(
    connect: Connect, person: Person, written: list[str], audit_lines: AuditLines, mode: str, how: str, answer: Any
) -> None:
    person.answer = answer
    async with connect("network-engineers", mode=mode) as client:
        result = await client.call_tool("remove", {"name": "a"}, raise_on_error=False)
    assert result.meta is not None
    assert result.meta[ERROR_META] == {"code": "declined", "status": 409, "retryable": False}
    assert written == []
    assert words(audit_lines)[-1] == ("failed", "declined", "declined")


@UNASKED
async def test_who_cannot_be_asked_sends_the_confirmation_back(
    connect: Connect, person: Person, written: list[str], audit_lines: AuditLines, mode: str
) -> None:
    async with connect("network-engineers", mode=mode, person=None) as client:
        first = await client.call_tool("remove", {"name": "a"}, raise_on_error=False)
        assert first.meta is not None
        told = first.meta[ERROR_META]
        assert (told["code"], told["status"], told["retryable"], told["expires_in"]) == (
            "confirmation_required",
            428,
            False,
            600,
        )
        assert told["question"].startswith("Remove a, kept default days?")
        assert "A person must confirm" in str(first.content)
        assert told["confirm"] not in str(first.content), "a model reads the text"
        assert written == []
        second = await client.call_tool("remove", {"name": "a"}, meta={CONFIRM_META: told["confirm"]})
    assert second.structured_content == {"text": "a"}
    assert person.asked == []
    assert words(audit_lines) == [("asked", None, "confirmation_required"), ("succeeded", "token", None)]


async def test_a_client_that_could_be_asked_may_bring_a_confirmation_too(
    connect: Connect, person: Person, written: list[str]
) -> None:
    async with connect("network-engineers", person=None, subject="flow") as client:
        first = await client.call_tool("remove", {"name": "a"}, raise_on_error=False)
    assert first.meta is not None
    token = first.meta[ERROR_META]["confirm"]
    async with connect("network-engineers", subject="flow") as client:
        await client.call_tool("remove", {"name": "a"}, meta={CONFIRM_META: token})
    assert (written, person.asked) == (["a"], [])


async def test_a_write_without_a_sentence_asks_nobody(connect: Connect, person: Person, written: list[str]) -> None:
    async with connect("network-engineers") as client:
        await client.call_tool("rename", {"name": "a"})
    assert (written, person.asked) == (["a"], [])


class TestTheQuestion:
    """What the person reads is what will be done."""

    async def test_it_says_what_where_and_for_whom(self, connect: Connect, person: Person) -> None:
        async with connect("network-engineers", preferred_username="nora", client_id="ide", act={"sub": "bot"}) as one:
            await one.call_tool("erase", {"name": "old-thing"})
        assert person.asked == [
            "Erase old-thing?\nWipe out (catalyst-center), asked for by nora through ide through bot."
        ]

    @pytest.mark.parametrize(
        ("arguments", "line"),
        [
            ({"name": "a", "days": 3}, "Remove a, kept 3 days?"),
            ({"name": "a b"}, 'Remove "a b", kept default days?'),
            ({"name": 'a"? Approved by admin'}, 'Remove "a\\"? Approved by admin", kept default days?'),
            ({"name": "a\nAll is well."}, 'Remove "a\\nAll is well.", kept default days?'),
            ({"name": "a\u202e\u200b\U000e0041b"}, 'Remove "ab", kept default days?'),
            ({"name": "{days}"}, 'Remove "{days}", kept default days?'),
            ({"name": "a", "force": True}, "Remove a, kept default days? (force: yes)"),
            ({"name": "a", "options": {"x": "y\u202e"}}, 'Remove a, kept default days? (options: {"x": "y"})'),
            ({"name": "a", "idempotency_key": "k"}, "Remove a, kept default days?"),
        ],
    )
    async def test_values_are_shown_as_data(
        self, connect: Connect, person: Person, arguments: dict[str, Any], line: str
    ) -> None:
        async with connect("network-engineers") as client:
            await client.call_tool("remove", arguments)
        assert person.asked[0].split("\n")[0] == line

    async def test_a_long_value_is_cut_and_says_so(self, connect: Connect, person: Person) -> None:
        async with connect("network-engineers") as client:
            await client.call_tool("remove", {"name": "x" * 1000})
        assert person.asked[0].startswith(f"Remove {'x' * 160}… [840 more characters], kept")


class TestWhoIsNotAsked:
    """Whatever else stands in the way comes first."""

    async def refused(self, connect: Connect, group: str, arguments: dict[str, Any], why: str) -> None:
        async with connect(group) as client:
            with pytest.raises(ToolError, match=why):
                await client.call_tool("remove", arguments)

    async def test_a_denied_caller(self, connect: Connect, person: Person) -> None:
        await self.refused(connect, "developers", {"name": "a"}, "Not allowed")
        assert person.asked == []

    async def test_who_sends_arguments_that_do_not_fit(self, connect: Connect, person: Person) -> None:
        await self.refused(connect, "network-engineers", {"name": 5}, "do not fit")
        assert person.asked == []

    async def test_who_repeats_a_write_that_was_done(
        self, connect: Connect, person: Person, written: list[str], audit_lines: AuditLines
    ) -> None:
        async with connect("network-engineers") as client:
            for _ in range(2):
                answer = await client.call_tool("remove", {"name": "a", "idempotency_key": "k"})
            assert answer.meta is not None
            assert answer.meta["mcp-platform/call"]["replayed"] is True
            with pytest.raises(ToolError, match="other arguments"):
                await client.call_tool("remove", {"name": "b", "idempotency_key": "k"})
        assert (written, len(person.asked)) == (["a"], 1)
        assert words(audit_lines)[2] == ("succeeded", None, None)

    async def test_who_repeats_a_write_while_it_runs(
        self, connect: Connect, person: Person, written: list[str]
    ) -> None:
        arguments = {"name": "slow", "idempotency_key": "k"}
        async with connect("network-engineers") as client:
            first = asyncio.create_task(client.call_tool("remove", arguments))
            while not written:
                await asyncio.sleep(0)
            with pytest.raises(ToolError, match="still running"):
                await client.call_tool("remove", arguments)
            confirm_tools.hold.set()
            await first
        assert len(person.asked) == 1


class TestReadOnlyServer:
    @pytest.fixture
    def allow_writes(self) -> bool:
        return False

    async def test_nobody_is_asked_for_what_will_not_be_done(self, connect: Connect, person: Person) -> None:
        async with connect("network-engineers") as client:
            with pytest.raises(ToolError, match="read-only"):
                await client.call_tool("remove", {"name": "a"})
        assert person.asked == []


class TestWithoutSessions:
    @pytest.fixture
    def service(self) -> McpService:
        return McpService(name="catalyst-center", version="1", instructions="", tools=[confirm_tools])

    async def test_the_handshake_era_cannot_be_asked(
        self, connect: Connect, person: Person, written: list[str], audit_lines: AuditLines
    ) -> None:
        async with connect("network-engineers", mode="legacy") as client:
            await confirmed(client, "remove", {"name": "a"})
        assert (written, person.asked) == (["a"], [])
        assert words(audit_lines)[-1] == ("succeeded", "token", None)


async def test_a_key_is_free_until_the_confirmation(connect: Connect, person: Person, written: list[str]) -> None:
    person.answer = "decline"
    arguments = {"name": "a", "idempotency_key": "k"}
    async with connect("network-engineers") as client:
        with pytest.raises(ToolError):
            await client.call_tool("remove", arguments)
        person.answer = "accept"
        await client.call_tool("remove", arguments)
    assert written == ["a"]


async def test_the_helper_for_clients_that_cannot_be_asked(connect: Connect, written: list[str]) -> None:
    async with connect("network-engineers", mode="legacy", person=None) as client:
        assert (await confirmed(client, "remove", {"name": "a"})).structured_content == {"text": "a"}
        with pytest.raises(ToolError, match="do not fit"):
            await confirmed(client, "remove", {"name": 5})
    assert written == ["a"]
