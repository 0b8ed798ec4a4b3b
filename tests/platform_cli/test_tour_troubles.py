"""What a person is told when the tour cannot go on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_cli.layout import Layout, Trouble
from platform_cli.tour import walk as walking
from platform_cli.tour.carriers import Answer, Carrier, OverMcp, OverRest
from platform_cli.tour.step import Step
from platform_cli.tour.steps import STEPS
from tests.platform_cli.conftest import ROOT, free_offset


class Scripted:
    """Answers every call alike."""

    name = "nothing"

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def call(self, account: str, server: str, tool: str, arguments: Mapping[str, Any]) -> Answer:
        return self._answer


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A run of which nothing is up."""
    return Layout(ROOT, free_offset(), tmp_path)


async def told(layout: Layout, carrier: Carrier, step: Step) -> str:
    with pytest.raises(Trouble) as trouble:
        _ = [taken async for taken in walking.walk(layout, carrier, [step])]
    return str(trouble.value)


@pytest.mark.parametrize("door", [OverMcp, OverRest])
async def test_a_part_that_is_down_is_named(layout: Layout, door: type[OverMcp] | type[OverRest]) -> None:
    said = await told(layout, door(layout, lambda account: "token"), STEPS[0])
    assert "does not answer at http://127.0.0.1:" in said


async def test_a_run_that_was_worked_on_is_said_to_be(layout: Layout) -> None:
    empty = Scripted(Answer("0" * 32, value={"devices": []}))
    assert "has this run been worked on before?" in await told(layout, empty, STEPS[0])


async def test_what_never_comes_is_not_waited_for_for_ever(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_AGAIN", 0)
    step = Step("netops", "radkit", "compare_state", lambda _: {}, lambda *_: "", until=lambda _: False)
    said = await told(layout, Scripted(Answer("0" * 32, value={})), step)
    assert "waited too long" in said
    assert "worked on before" in said


async def test_an_answer_without_an_audit_line_is_no_success(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_PAUSE", 0)
    step = Step("netops", "radkit", "compare_state", lambda _: {}, lambda *_: "done")
    assert "has no line of compare_state" in await told(layout, Scripted(Answer("0" * 32, value={})), step)
