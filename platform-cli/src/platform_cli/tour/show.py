"""The tour as a person reads it."""

import functools
import time
from collections.abc import Callable

from platform_cli.layout import Layout
from platform_cli.login import Login, access_token
from platform_cli.tour.carriers import Carrier, OverMcp, OverRest
from platform_cli.tour.steps import STEPS
from platform_cli.tour.walk import Taken, walk

_CARRIERS: dict[str, type[OverMcp] | type[OverRest]] = {"mcp": OverMcp, "rest": OverRest}


async def take(layout: Layout, over: str, echo: Callable[[str], None]) -> None:
    """Walk the tour and tell of it.

    Raises:
        Trouble: when a step is not answered as it must be.
    """

    @functools.cache
    def bearer(account: str) -> str:
        return access_token(layout, Login.seeded(account))

    carrier: Carrier = _CARRIERS[over](layout, bearer)
    began, taken = time.perf_counter(), 0
    async for step in walk(layout, carrier, STEPS):
        taken += 1
        if step.step.chapter:
            echo(f"\n{step.step.chapter}")
        for line in lines_of(step):
            echo(line)
    echo(f"\n{taken} steps over {carrier.name} in {time.perf_counter() - began:.1f} s, each with its audit line.")


def lines_of(taken: Taken) -> list[str]:
    """What is shown of a step: who called what, what came back, and which permission decided."""
    step = taken.step
    head = f"{taken.number:3}. {step.account} -> {step.server}.{step.tool}"
    asked = [f"     asked: {taken.question.splitlines()[0]}  yes"] if taken.question else []
    reason = "" if step.refused else f"; {taken.reason}"
    seen = f" ({step.server} saw {taken.upstream_user})" if taken.upstream_user else ""
    return [head, *asked, f"     {taken.told}", f"     {taken.outcome}: {taken.permission}{reason}{seen}"]
