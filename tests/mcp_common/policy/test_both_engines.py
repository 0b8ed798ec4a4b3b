"""Whatever is asked, both engines give the same answer, and there always is one."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import AuthorizationRequest, PolicyEngine
from tests.mcp_common.policy.conftest import BothEngines

GOOD: dict[str, object] = {"groups": ["admin"], "resource": "github", "action": "read", "context": {}}
WRONG_OBJECTS: list[object] = [1, "", "a/b", "A", "a\n", "\n", ["a"], {}, False, "é"]


def with_wrong(field: str, *values: object) -> list[object]:
    return [GOOD | {field: value} for value in values]


MALFORMED: list[object] = [
    None,
    True,
    7,
    1.5,
    "admin",
    [],
    [GOOD],
    {},
    {"groups": ["admin"]},
    *({key: value for key, value in GOOD.items() if key != left_out} for left_out in GOOD),
    *with_wrong("groups", "admin", None, 1, {}, {"admin": True}, [["admin"]], [None], ["admin", 1]),
    *with_wrong("resource", None, 1, [], {}, ["github"], True),
    *with_wrong("action", None, 1, [], {}, ["read"], False),
    *with_wrong("context", None, 1, [], "x"),
    *(GOOD | {"context": {"object": wrong}} for wrong in WRONG_OBJECTS),
]
UNKNOWN: list[object] = [
    GOOD | {"resource": "printers"},
    GOOD | {"resource": "*"},
    GOOD | {"resource": ""},
    GOOD | {"resource": "servicenow/approval"},
    GOOD | {"resource": "github\0"},
    GOOD | {"action": "delete"},
    GOOD | {"action": "*"},
    GOOD | {"action": "READ"},
    GOOD | {"action": "read "},
    GOOD | {"groups": []},
    GOOD | {"groups": ["*"]},
    GOOD | {"groups": ["Admin"]},
    GOOD | {"groups": ["admin\0"]},
    GOOD | {"groups": ["admin\\u0000", "adm\\u0069n", "admin\\", 'admin"', "admin,x", " admin", "", "roles"]},
]

roles = st.sampled_from(["admin", "network-engineers", "service-desk", "developers", "change-managers"])
resources = st.sampled_from(
    ["catalyst-center", "servicenow", "github", "radkit", "workflows", "rest-api-proxy", "printers", "*"]
)
actions = st.sampled_from(["read", "write", "execute", "delete", "*"])
objects = st.sampled_from([None, "approval", "template", "device"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
requests = st.builds(
    AuthorizationRequest,
    groups=st.lists(roles | st.text(), max_size=4).map(tuple),
    resource=resources | st.text(),
    action=actions | st.text(),
    context=st.fixed_dictionaries(
        {}, optional={"object": objects | json_values, "arguments": json_values, "subject": st.text()}
    ),
)
questions = st.fixed_dictionaries(
    {},
    optional={
        "groups": st.lists(roles | json_values, max_size=3) | json_values,
        "resource": resources | json_values,
        "action": actions | json_values,
        "context": st.fixed_dictionaries({}, optional={"object": objects | json_values}) | json_values,
    },
)
generated = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def answers(engine: PolicyEngine, batch: Sequence[AuthorizationRequest]) -> list[tuple[bool, str]]:
    return [(one.allow, one.reason) for one in await engine.decide_many(batch)]


@pytest.mark.parametrize("question", MALFORMED, ids=repr)
async def test_a_malformed_question_is_refused_and_the_flaw_is_named(both: BothEngines, question: object) -> None:
    over_http, in_process = await both.raw(question)
    assert over_http == in_process
    assert isinstance(in_process, dict)
    assert in_process["allow"] is False
    assert in_process["reason"].startswith("Malformed request to the policy: ")
    assert await both.raw(question, "allow") == [False, False]


@pytest.mark.parametrize("question", UNKNOWN, ids=repr)
async def test_what_nobody_has_heard_of_is_refused_with_a_reason(both: BothEngines, question: object) -> None:
    over_http, in_process = await both.raw(question)
    assert over_http == in_process
    assert isinstance(in_process, dict)
    assert in_process["allow"] is False
    assert in_process["reason"] in (
        "This platform has no such resource or action.",
        "You are in no group that has a role on this platform. Ask its administrators for one.",
    )


async def test_a_batch_is_answered_in_order_whatever_is_in_it(both: BothEngines) -> None:
    questions = [*MALFORMED, GOOD, *UNKNOWN, GOOD]
    over_http, in_process = await both.raw({"requests": questions}, "decisions")
    assert over_http == in_process
    assert isinstance(in_process, list)
    assert in_process == [(await both.raw(question))[1] for question in questions]


@generated
@given(batch=st.lists(requests, min_size=1, max_size=4))
async def test_generated_requests_get_the_same_answers(both: BothEngines, batch: list[AuthorizationRequest]) -> None:
    over_http = await answers(both.opa, batch)
    assert over_http == await answers(both.embedded, batch)
    singly = [await both.opa.decide(request) for request in batch]
    assert over_http == [(one.allow, one.reason) for one in singly]


@generated
@given(question=questions | json_values)
async def test_generated_nonsense_gets_the_same_answers(both: BothEngines, question: object) -> None:
    over_http, in_process = await both.raw(question)
    assert over_http == in_process
    assert isinstance(in_process, dict)
    assert isinstance(in_process["allow"], bool)


@pytest.mark.parametrize("value", ["\ud800", object(), {"a": b"\xff"}], ids=["lone surrogate", "object", "bytes"])
async def test_arguments_that_are_not_json_are_refused_by_both(both: BothEngines, value: Any) -> None:
    request = AuthorizationRequest(("admin",), "github", "read", {"arguments": {"x": value}})
    for engine in (both.opa, both.embedded):
        with pytest.raises(PolicyUnavailable, match="not JSON"):
            await engine.decide(request)
        with pytest.raises(PolicyUnavailable, match="not JSON"):
            await engine.decide_many([request])


async def test_any_mapping_will_do_for_arguments(both: BothEngines) -> None:
    request = AuthorizationRequest(("admin",), "github", "read", {"arguments": MappingProxyType({"x": 1})})
    assert (await both.opa.decide(request)).allow
    assert (await both.embedded.decide(request)).allow
    assert await both.opa.decide_many([]) == await both.embedded.decide_many([]) == []


async def test_numbers_that_json_has_not_are_put_as_words(both: BothEngines) -> None:
    request = AuthorizationRequest(("admin",), "github", "read", {"arguments": {"x": [float("nan"), float("inf")]}})
    assert (await both.opa.decide(request)).allow
    assert (await both.embedded.decide(request)).allow
