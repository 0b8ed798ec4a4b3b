"""An answer that does not depend on a tool's arguments is remembered for all of them, if the policy says so itself."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import AuthorizationRequest, Decision, verdict_of
from mcp_common.policy import PolicyGate
from mcp_common.testing.plugin import policy_files
from tests.mcp_common.policy.conftest import BothEngines, asking
from tests.mcp_common.policy.test_gate import CountingEngine, warm


class Blind(CountingEngine):
    """Says of each answer whether it looked at the arguments: at those of a show command it did."""

    async def decide_many(self, requests: Sequence[AuthorizationRequest]) -> list[Decision]:
        found = await super().decide_many(requests)
        return [
            replace(one, any_arguments=request.action != "execute")
            for one, request in zip(found, requests, strict=True)
        ]


@pytest.fixture
async def engine() -> Blind:
    return Blind()


@pytest.fixture
async def gate(engine: Blind) -> PolicyGate:
    gate = PolicyGate(engine, clock=lambda: 0.0)
    await warm(gate, engine)
    return gate


async def test_arguments_nobody_sent_before_need_no_new_evaluation(gate: PolicyGate, engine: Blind) -> None:
    for number in range(5):
        assert (await gate.decide(asking("admin", "radkit:read", arguments={"number": number}))).allow
    assert len(engine.evaluated) == 1


async def test_an_answer_that_looked_at_the_arguments_is_for_those_alone(gate: PolicyGate, engine: Blind) -> None:
    for number in (1, 2, 1):
        await gate.decide(asking("admin", "radkit:execute", arguments={"number": number}))
    await gate.decide(asking("admin", "radkit:execute"))
    assert len(engine.evaluated) == 3


async def test_whatever_else_differs_is_another_question(gate: PolicyGate, engine: Blind) -> None:
    first = asking("admin", "radkit:read", arguments={"number": 1})
    others = [
        asking("staff", "radkit:read", arguments={"number": 1}),
        asking("admin", "github:read", arguments={"number": 1}),
        asking("admin", "radkit/device:read", arguments={"number": 1}),
        replace(first, context={**first.context, "tool": "another"}),
        replace(first, context={**first.context, "subject": "somebody-else"}),
        replace(first, context={**first.context, "actors": ("agent",)}),
    ]
    for request in [first, *others]:
        await gate.decide(request)
    assert engine.evaluated == [first, *others]


async def test_a_list_and_a_call_share_the_answer(gate: PolicyGate, engine: Blind) -> None:
    await gate.decide_many([asking("admin", "radkit:read")])
    await gate.decide(asking("admin", "radkit:read", arguments={"number": 1}))
    assert len(engine.evaluated) == 1


@pytest.mark.parametrize("said", [None, "arguments", True, {"arguments": True}, [], ["argument"], [["arguments"]]])
def test_only_the_documented_words_say_so(said: object) -> None:
    assert not verdict_of({"allow": True, "reason": "x", "regardless_of": said}).any_arguments


def test_a_policy_that_does_not_say_so_looked_at_them() -> None:
    assert not verdict_of({"allow": True, "reason": "x"}).any_arguments
    assert verdict_of({"allow": True, "reason": "x", "regardless_of": ["arguments"]}).any_arguments


async def test_both_engines_say_so_of_the_shipped_policy(both: BothEngines) -> None:
    for request in (asking("admin", "github:read"), asking("strangers", "github:read")):
        assert (await both.opa.decide(request)).any_arguments
        assert (await both.embedded.decide(request)).any_arguments


async def test_arguments_that_are_no_json_are_refused_where_the_answer_is_not_known() -> None:
    gate = PolicyGate(EmbeddedPolicy(policy_files()))
    with pytest.raises(PolicyUnavailable):
        await gate.decide(asking("admin", "github:read", arguments={"number": object()}))
    await gate.aclose()
