"""The cache in front of the engine: what it remembers, for how long, and what empties it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import AuthorizationRequest, Decision, OPAClient, unanswered
from mcp_common.policy import PolicyGate
from mcp_common.testing.opa_server import OPAServer
from mcp_common.testing.waiting import eventually
from mcp_common.timings import current_timings
from tests.mcp_common.policy.conftest import asking, take_away


class CountingEngine:
    """An engine that counts, waits while it is held, and can fall silent."""

    def __init__(self) -> None:
        self.evaluated: list[AuthorizationRequest] = []
        self.round_trips = self.probes = 0
        self.named = "one"
        self.silent = self.probe_silent = self.swallows = False
        self.free = asyncio.Event()
        self.free.set()

    async def decide(self, request: AuthorizationRequest) -> Decision:
        return (await self.decide_many([request]))[0]

    async def decide_many(self, requests: Sequence[AuthorizationRequest]) -> list[Decision]:
        self.round_trips += 1
        self.evaluated += requests
        await self.free.wait()
        if self.silent:
            raise unanswered("it is silent")
        return [Decision("admin" in each.groups, "x", f"id-{self.round_trips}", self.named) for each in requests][
            self.swallows :
        ]

    async def ready(self) -> None:
        if self.silent:
            raise unanswered("it is silent")

    async def revision(self) -> str:
        self.probes += 1
        if self.probe_silent:
            raise unanswered("it is silent")
        return self.named

    async def aclose(self) -> None:
        self.silent = True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
async def gate(engine: CountingEngine, clock: Clock) -> PolicyGate:
    """A gate that knows the engine's revision already."""
    gate = PolicyGate(engine, cache_size=10, clock=clock)
    await warm(gate, engine)
    return gate


async def warm(gate: PolicyGate, engine: CountingEngine) -> None:
    await gate.decide(asking("warm", arguments={"at": engine.probes}))
    await settled(gate)
    engine.evaluated.clear()
    engine.round_trips = 0


async def settled(gate: PolicyGate) -> None:
    """Wait until the probe under way, if any, is done."""
    while gate._probe is not None:
        await asyncio.sleep(0)


async def test_the_same_question_is_evaluated_once(gate: PolicyGate, engine: CountingEngine) -> None:
    first, again = await gate.decide(asking("admin")), await gate.decide(asking("admin"))
    assert first is again
    assert len(engine.evaluated) == 1


async def test_every_part_of_the_question_is_part_of_the_key(gate: PolicyGate, engine: CountingEngine) -> None:
    questions = [
        asking("admin"),
        asking("staff"),
        asking("admin", "catalyst-center:write"),
        asking("admin", "github:read"),
        asking("admin", "catalyst-center/template:read"),
        asking("admin", arguments={"limit": 1}),
        asking("admin", arguments={"limit": "1"}),
        asking("admin", subject="bob"),
        asking("admin", tool="another"),
    ]
    for question in questions * 2:
        await gate.decide(question)
    assert engine.evaluated == questions


async def test_long_arguments_are_told_apart_too(gate: PolicyGate, engine: CountingEngine) -> None:
    for end in "abab":
        await gate.decide(asking("admin", arguments={"text": "x" * 5000 + end}))
    assert len(engine.evaluated) == 2


async def test_identical_questions_at_once_are_evaluated_once(gate: PolicyGate, engine: CountingEngine) -> None:
    engine.free.clear()
    asked = [asyncio.create_task(gate.decide(asking("admin"))) for _ in range(50)]
    await eventually(lambda: asyncio.sleep(0, len(engine.evaluated)))
    engine.free.set()
    assert {decision.decision_id for decision in await asyncio.gather(*asked)} == {"id-1"}
    assert len(engine.evaluated) == 1


async def test_a_caller_who_hangs_up_takes_nobodys_answer_with_it(gate: PolicyGate, engine: CountingEngine) -> None:
    engine.free.clear()
    impatient, patient = (asyncio.create_task(gate.decide(asking("admin"))) for _ in range(2))
    await eventually(lambda: asyncio.sleep(0, len(engine.evaluated)))
    impatient.cancel()
    engine.free.set()
    assert (await patient).allow
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_batch_asks_only_for_what_is_not_remembered(gate: PolicyGate, engine: CountingEngine) -> None:
    await gate.decide(asking("admin"))
    batch = [asking("staff"), asking("admin"), asking("developers"), asking("staff")]
    assert [one.allow for one in await gate.decide_many(batch)] == [False, True, False, False]
    assert engine.evaluated == [asking("admin"), asking("staff"), asking("developers")]
    assert [one.allow for one in await gate.decide_many(batch)] == [False, True, False, False]
    assert engine.round_trips == 2
    assert await gate.decide_many([]) == []


async def test_the_oldest_answers_go_when_the_cache_is_full(gate: PolicyGate, engine: CountingEngine) -> None:
    for number in range(10):
        await gate.decide(asking("admin", arguments={"number": number}))
    await gate.decide(asking("admin", arguments={"number": 0}))
    await gate.decide(asking("admin", arguments={"number": 10}))
    await gate.decide(asking("admin", arguments={"number": 0}))
    assert len(engine.evaluated) == 11
    await gate.decide(asking("admin", arguments={"number": 1}))
    assert len(engine.evaluated) == 12
    assert len(gate._cache) == 10


async def test_an_answer_is_forgotten_after_its_time(gate: PolicyGate, engine: CountingEngine, clock: Clock) -> None:
    for second in range(7):
        clock.now = float(second)
        await gate.decide(asking("admin"))
        await settled(gate)
    assert len(engine.evaluated) == 2


async def test_a_silence_is_never_remembered(gate: PolicyGate, engine: CountingEngine) -> None:
    engine.silent = True
    for _ in range(2):
        with pytest.raises(PolicyUnavailable):
            await gate.decide(asking("admin"))
        with pytest.raises(PolicyUnavailable):
            await gate.decide_many([asking("admin"), asking("staff")])
    engine.silent = False
    assert (await gate.decide(asking("admin"))).allow


async def test_an_engine_that_answers_too_few_allows_nothing(gate: PolicyGate, engine: CountingEngine) -> None:
    engine.swallows = True
    with pytest.raises(PolicyUnavailable, match="not a list of decisions"):
        await gate.decide_many([asking("admin"), asking("staff")])


async def test_another_revision_empties_the_cache(gate: PolicyGate, engine: CountingEngine, clock: Clock) -> None:
    await gate.decide(asking("admin"))
    engine.named = "two"
    clock.now = 0.9
    assert (await gate.decide(asking("admin"))).revision == "one"
    clock.now = 1.0
    assert (await gate.decide(asking("admin"))).revision == "one"
    await settled(gate)
    assert (await gate.decide(asking("admin"))).revision == "two"


async def test_nothing_old_is_served_when_the_policy_was_not_confirmed_in_time(
    gate: PolicyGate, engine: CountingEngine, clock: Clock
) -> None:
    await gate.decide(asking("admin"))
    engine.named = "two"
    clock.now = 2.0
    assert (await gate.decide(asking("admin"))).revision == "two"


async def test_a_failed_probe_empties_the_cache(gate: PolicyGate, engine: CountingEngine, clock: Clock) -> None:
    await gate.decide(asking("admin"))
    engine.probe_silent = True
    clock.now = 1.0
    await gate.decide(asking("admin"))
    await settled(gate)
    engine.silent = True
    with pytest.raises(PolicyUnavailable):
        await gate.decide(asking("admin"))
    assert len(gate._cache) == 0


async def test_an_answer_of_the_old_policy_is_not_remembered_under_the_new(
    gate: PolicyGate, engine: CountingEngine, clock: Clock
) -> None:
    engine.free.clear()
    late = asyncio.create_task(gate.decide(asking("admin")))
    await eventually(lambda: asyncio.sleep(0, len(engine.evaluated)))
    engine.named = "two"
    clock.now = 1.0
    other = asyncio.create_task(gate.decide(asking("staff")))
    await eventually(lambda: asyncio.sleep(0, len(engine.evaluated) == 2))
    await settled(gate)
    engine.free.set()
    await asyncio.gather(late, other)
    await gate.decide(asking("admin"))
    assert len(engine.evaluated) == 3


async def test_without_traffic_nothing_is_asked_and_with_it_once_a_second(
    gate: PolicyGate, engine: CountingEngine, clock: Clock
) -> None:
    for _ in range(100):
        await gate.decide(asking("admin"))
    assert engine.probes == 1
    clock.now = 1.0
    for _ in range(100):
        await gate.decide(asking("admin"))
    await settled(gate)
    assert engine.probes == 2


async def test_the_time_of_a_decision_is_the_calls_policy_time(gate: PolicyGate) -> None:
    timings: dict[str, float] = {}
    token = current_timings.set(timings)
    await gate.decide(asking("admin"))
    await gate.decide_many([asking("admin")])
    current_timings.reset(token)
    assert timings.keys() == {"policy"}
    assert timings["policy"] > 0


async def test_closing_ends_what_is_under_way(gate: PolicyGate, engine: CountingEngine) -> None:
    engine.free.clear()
    asked = asyncio.create_task(gate.decide(asking("admin")))
    await eventually(lambda: asyncio.sleep(0, len(engine.evaluated)))
    await gate.aclose()
    with pytest.raises(PolicyUnavailable, match="stopping"):
        await asked
    with pytest.raises(PolicyUnavailable):
        await gate.ready()


async def refused_in_time(gate: PolicyGate, policy: Path) -> None:
    assert (await gate.decide(asking())).allow
    await settled(gate)
    assert (await gate.decide(asking())).allow
    take_away(policy, "network-engineers")
    await eventually(lambda: gate.decide(asking()), lambda decision: not decision.allow, within=3)
    await gate.aclose()


async def test_a_right_taken_away_is_gone_within_seconds_in_process(own_policy: Path) -> None:
    await refused_in_time(PolicyGate(EmbeddedPolicy(own_policy), ttl=3600), own_policy)


async def test_a_right_taken_away_is_gone_within_seconds_over_http(own_policy: Path) -> None:
    with OPAServer(own_policy) as server:
        await refused_in_time(PolicyGate(OPAClient(server.address), ttl=3600), own_policy)
