"""Which commands a role may run, as data: both engines read the lists alike, and no answer outlives its commands."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.opa import AuthorizationRequest, PolicyEngine
from mcp_common.policy import PolicyGate
from mcp_common.testing.plugin import policy_files
from tests.mcp_common.policy.conftest import BothEngines
from tests.mcp_common.policy.test_both_engines import generated, json_values

RADKIT, CATALYST = "radkit", "catalyst-center"
COMMANDS = st.sampled_from(
    ["show version", "sh ver", "show running-config", "ping 10.0.0.1", "show logging onboard", "show logging", "reload"]
)


def running(arguments: object, *groups: str, resource: str = RADKIT, action: str = "execute") -> AuthorizationRequest:
    context = {"subject": "alice", "object": "command", "tool": "run_show_commands", "arguments": arguments}
    return AuthorizationRequest(groups or ("network-viewers",), resource, action, context)


def of(*commands: object) -> dict[str, object]:
    return {"devices": ["zrh01-nx-01"], "commands": list(commands)}


async def allowed(engine: PolicyEngine, request: AuthorizationRequest) -> bool:
    return (await engine.decide(request)).allow


@pytest.mark.parametrize("resource", [RADKIT, CATALYST])
@pytest.mark.parametrize(
    ("commands", "may"),
    [
        (("show version",), True),
        (("show interfaces Te1/1/1 | include rate", "ping 10.0.0.1"), True),
        (("show running-config",), False),
        (("show version", "show running-config"), False),
        (("sh ver",), False),
        (("show logging",), True),
        (("show log onboard",), False),
        (("show logging onb uptime",), False),
        (("show ip interface",), False),
    ],
)
async def test_a_viewer_may_run_what_the_list_says(
    both: BothEngines, resource: str, commands: Sequence[str], may: bool
) -> None:
    for engine in (both.opa, both.embedded):
        decision = await engine.decide(running(of(*commands), resource=resource))
        assert decision.allow is may
        assert not decision.any_arguments


async def test_an_engineer_is_not_narrowed_and_the_answer_holds_for_all_arguments(both: BothEngines) -> None:
    for engine in (both.opa, both.embedded):
        for groups in (("network-engineers",), ("network-viewers", "network-engineers")):
            decision = await engine.decide(running(of("show running-config"), *groups))
            assert (decision.allow, decision.any_arguments) == (True, True)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        [],
        "x",
        1,
        of(),
        {"commands": None},
        {"commands": "show version"},
        of(1),
        of("show version", None),
        of(["x"]),
    ],
    ids=repr,
)
async def test_arguments_without_a_proper_list_are_refused(both: BothEngines, arguments: object) -> None:
    for engine in (both.opa, both.embedded):
        decision = await engine.decide(running(arguments))
        assert (decision.allow, decision.any_arguments) == (False, False)
        assert "Allowed, written in full: ping, show bgp, " in decision.reason


async def test_a_list_of_tools_does_not_look_at_arguments_and_is_no_answer_to_a_call() -> None:
    engine = EmbeddedPolicy(policy_files())
    gate = PolicyGate(engine)
    await engine.ready()
    assert (await gate.decide_many([running(None)]))[0].allow
    for _ in range(2):
        assert not (await gate.decide(running(of("show running-config")))).allow
        assert (await gate.decide(running(of("show version")))).allow
        assert (await gate.decide(running(None))).allow
    await gate.aclose()


async def test_reading_on_is_not_running(both: BothEngines) -> None:
    for engine in (both.opa, both.embedded):
        decision = await engine.decide(running({"run_id": "x"}, action="read"))
        assert (decision.allow, decision.any_arguments) == (True, True)


@generated
@given(commands=st.lists(COMMANDS | json_values, max_size=3) | json_values, extra=json_values)
async def test_generated_commands_get_the_same_answers(both: BothEngines, commands: object, extra: object) -> None:
    request = running({"commands": commands, "x": extra})
    over_http, in_process = await both.opa.decide(request), await both.embedded.decide(request)
    assert (over_http.allow, over_http.reason) == (in_process.allow, in_process.reason)
    assert over_http.any_arguments is in_process.any_arguments is False
