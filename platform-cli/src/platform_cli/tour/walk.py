"""Takes the steps one after the other, and finds the audit line of each."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from platform_cli.layout import Layout, Trouble
from platform_cli.tour.carriers import Answer, Carrier
from platform_cli.tour.step import Facts, Step

_LOOKS, _PAUSE = 50, 0.1
_PATIENCE, _AGAIN = 30, 0.5
"""How often a step is taken while it waits for something, and the seconds between."""
_USED = "has this run been worked on before? Stop the platform and start it again; the simulators forget everything."


@dataclass(frozen=True)
class Taken:
    """A step that was taken: what is told of it, and its line in the audit trail."""

    number: int
    step: Step
    told: str
    question: str
    line: dict[str, Any]

    @property
    def permission(self) -> str:
        """What the policy was asked for."""
        return str(self.line["mcp.permission"])

    @property
    def outcome(self) -> str:
        """The trail's word for it."""
        return str(self.line["mcp.outcome"])

    @property
    def reason(self) -> str:
        """The policy's own words."""
        return str(self.line["event.reason"])

    @property
    def upstream_user(self) -> str:
        """Whom the upstream system saw; empty for the platform's own account."""
        return str(self.line.get("user.effective.name", ""))


async def walk(layout: Layout, carrier: Carrier, steps: Sequence[Step]) -> AsyncIterator[Taken]:
    """Take every step.

    Raises:
        Trouble: when one is not answered as it must be, or left no audit line.
    """
    facts: Facts = {}
    for number, step in enumerate(steps, start=1):
        answer = await _answered(carrier, step, facts)
        told = _told(step, answer, facts)
        yield Taken(number, step, told, answer.question, await _line(layout, step, answer.trace_id))


async def _answered(carrier: Carrier, step: Step, facts: Facts) -> Answer:
    answer = await carrier.call(step.account, step.server, step.tool, step.arguments(facts))
    if step.until is None:
        return answer
    for _ in range(_PATIENCE):
        if answer.value is None or step.until(answer.value):
            return answer
        await asyncio.sleep(_AGAIN)
        answer = await carrier.call(step.account, step.server, step.tool, step.arguments(facts))
    raise Trouble(f"{step.server}.{step.tool} as {step.account} waited too long for what it waits for: {_USED}")


def _told(step: Step, answer: Answer, facts: Facts) -> str:
    name = f"{step.server}.{step.tool} as {step.account}"
    if step.refused:
        if answer.code != step.refused:
            raise Trouble(f"{name} should have been refused ({step.refused}) and was answered otherwise.")
        return answer.sentence
    if answer.value is None or step.told is None:
        raise Trouble(f"{name} failed: {answer.sentence}")
    try:
        return step.told(facts, answer.value)
    except (KeyError, IndexError, StopIteration) as missing:
        raise Trouble(f"{name} answered without what the tour goes on with ({missing}): {_USED}") from missing


async def _line(layout: Layout, step: Step, trace_id: str) -> dict[str, Any]:
    trail = layout.audit / f"{step.server}.jsonl"
    for _ in range(_LOOKS):
        for text in reversed(trail.read_text().splitlines() if trail.exists() else []):
            if trace_id in text:
                line: dict[str, Any] = json.loads(text)
                return line
        await asyncio.sleep(_PAUSE)
    raise Trouble(f"{trail} has no line of {step.tool} with the trace {trace_id}.")
