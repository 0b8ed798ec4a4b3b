"""`nextstates` and PATCH agree in every combination there is: what is open can be done, and nothing else."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from simulators.servicenow.change import states as s
from simulators.servicenow.change.models import MODELS, ChangeModel
from simulators.servicenow.schema import SCHEMA
from tests.simulators.snow import Snow

CHANGE = "/api/sn_chg_rest/v1/change"


@dataclass(frozen=True)
class Case:
    """What conditions look at."""

    group: bool
    on_hold: bool
    close_information: bool
    approval: str
    open_tasks: int

    @classmethod
    def all(cls) -> "Iterator[Case]":
        flags = (False, True)
        approvals = ("", "requested", "approved", "rejected")
        return (cls(*each) for each in itertools.product(flags, flags, flags, approvals, (0, 1)))


class Bench:
    """One change that is put into any state, beside the rules, as often as needed."""

    def __init__(self, snow: Snow) -> None:
        self.snow = snow
        self.tables = snow.instance.tables
        self.key = snow.ids.ticket("CHG0030005")
        self.change = self.tables["change_request"][self.key]

    def put(self, model: ChangeModel, state: str, case: Case) -> None:
        for table in ("sysapproval_group", "sysapproval_approver", "change_task"):
            self.tables[table].own.clear()
        self.change |= {
            "state": state,
            "chg_model": model.sys_id,
            "type": model.type,
            "active": "false" if state in s.ENDED else "true",
            "assignment_group": self.snow.ids.group("Network Operations") if case.group else "",
            "on_hold": "true" if case.on_hold else "false",
            "on_hold_reason": "Waiting for a part." if case.on_hold else "",
            "close_code": "successful" if case.close_information else "",
            "close_notes": "Done." if case.close_information else "",
        }
        if case.approval:
            self.tables["sysapproval_group"].own["round"] = {
                **dict.fromkeys(SCHEMA.fields("sysapproval_group"), ""),
                "sys_id": "round",
                "parent": self.key,
                "approval": case.approval,
            }
        for number in range(case.open_tasks):
            self.tables["change_task"].own[f"task-{number}"] = {
                **dict.fromkeys(SCHEMA.fields("change_task"), ""),
                "sys_id": f"task-{number}",
                "change_request": self.key,
                "active": "true",
                "state": "1",
            }

    async def doors(self) -> dict[str, bool]:
        """Every state the model leads to, and whether one of its ways is open."""
        answer = await self.snow.get(f"{CHANGE}/{self.key}/nextstates")
        ways = [way for ways in answer["state_transitions"] for way in ways]
        targets = {way["to_state"] for way in ways}
        assert {*targets, self.change["state"]} == set(answer["available_states"]) == set(answer["state_label"])
        return {each: any(w["transition_available"] for w in ways if w["to_state"] == each) for each in targets}

    async def moves(self, target: str) -> bool:
        answer = await self.snow.http.patch(f"{CHANGE}/{self.key}", json={"state": target})
        assert answer.status_code in (200, 400), answer.text
        return answer.status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
async def test_what_nextstates_calls_open_is_what_a_patch_does(snow: Snow, model: ChangeModel) -> None:
    bench = Bench(snow)
    for state, case in itertools.product(sorted(model.states), Case.all()):
        bench.put(model, state, case)
        for target, is_open in (await bench.doors()).items():
            bench.put(model, state, case)
            assert await bench.moves(target) == is_open, (state, case, target)
            assert is_open or bench.change["state"] == state


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
async def test_a_state_that_nextstates_does_not_name_is_out_of_reach(snow: Snow, model: ChangeModel) -> None:
    bench = Bench(snow)
    cases = (Case(True, False, True, "approved", 0), Case(False, True, False, "rejected", 1))
    for state, case in itertools.product(sorted(model.states), cases):
        bench.put(model, state, case)
        for target in sorted(set(s.LABELS) - set(await bench.doors()) - {state}):
            assert not await bench.moves(target), (state, case, target)
            assert bench.change["state"] == state
