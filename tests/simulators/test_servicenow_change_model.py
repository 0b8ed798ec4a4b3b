"""The state machine, without an instance around it: models, routes, and what `nextstates` says of them."""

import itertools

import pytest

from simulators.servicenow.change import states as s
from simulators.servicenow.change.conditions import Situation
from simulators.servicenow.change.models import EMERGENCY, MODELS, NORMAL, STANDARD, ChangeModel, model_of, named
from simulators.servicenow.change.moves import describe, due, may_move, routes

PATHS = {
    NORMAL: [s.NEW, s.ASSESS, s.AUTHORIZE, s.SCHEDULED, s.IMPLEMENT, s.REVIEW, s.CLOSED],
    STANDARD: [s.NEW, s.SCHEDULED, s.IMPLEMENT, s.REVIEW, s.CLOSED],
    EMERGENCY: [s.NEW, s.AUTHORIZE, s.SCHEDULED, s.IMPLEMENT, s.REVIEW, s.CLOSED],
}
READY = Situation(
    {"assignment_group": "g", "on_hold": "false", "close_code": "successful", "close_notes": "Done."}, "approved", 0
)
SITUATIONS = [
    Situation({"assignment_group": group, "on_hold": hold, "close_code": code, "close_notes": code}, approval, tasks)
    for group, hold, code, approval, tasks in itertools.product(
        ("", "g"), ("true", "false"), ("", "successful"), ("", "requested", "approved", "rejected"), (0, 2)
    )
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_change_gets_from_new_to_closed_step_by_step_and_no_other_way(model: ChangeModel) -> None:
    path = PATHS[model]
    assert model.states == {*path, s.CANCELED}
    for state in path:
        forward = {target for target in routes(model, READY, state) if target not in (s.NEW, s.CANCELED)}
        assert forward == set(path[path.index(state) + 1 :][:1])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_change_can_be_canceled_until_the_work_is_done(model: ChangeModel) -> None:
    path = PATHS[model]
    cancelable = {state for state in path if may_move(model, READY, state, s.CANCELED)}
    assert cancelable == {state for state in path if state not in (s.REVIEW, s.CLOSED)}
    assert routes(model, READY, s.CLOSED) == routes(model, READY, s.CANCELED) == {}


def test_only_the_first_state_with_approvers_can_be_reverted_by_hand() -> None:
    waiting = Situation({"assignment_group": "g"}, "requested", 0)
    back = {(model.name, state) for model in MODELS for state in s.LABELS if may_move(model, waiting, state, s.NEW)}
    assert back == {("Normal", s.ASSESS), ("Emergency", s.AUTHORIZE)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_what_is_described_as_open_is_what_can_be_done(model: ChangeModel, situation: Situation) -> None:
    for state in sorted(model.states):
        described = describe(
            model, Situation({**situation.change, "state": state}, situation.approval, situation.active_tasks)
        )
        transitions = described["state_transitions"]
        assert isinstance(transitions, list)
        for target in s.LABELS:
            open_ways = [
                way for ways in transitions for way in ways if way["to_state"] == target and way["transition_available"]
            ]
            assert bool(open_ways) == may_move(model, situation, state, target)
            for way in open_ways:
                assert all(condition["passed"] for condition in way["conditions"])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_what_happens_by_itself_is_possible_and_comes_to_rest(model: ChangeModel, situation: Situation) -> None:
    for state in sorted(model.states):
        here, seen = state, [state]
        while (target := due(model, situation, here)) is not None:
            assert may_move(model, situation, here, target)
            assert target not in seen
            here = target
            seen.append(here)


def test_nothing_moves_by_itself_while_on_hold_except_a_rejection_and_work_that_is_done() -> None:
    held = Situation({"assignment_group": "g", "on_hold": "true"}, "approved", 2)
    assert all(due(model, held, state) is None for model in MODELS for state in s.LABELS)


@pytest.mark.parametrize(
    ("model", "state", "lacking"),
    [
        (NORMAL, s.NEW, {"assignment_group": ""}),
        (STANDARD, s.NEW, {"assignment_group": ""}),
        (NORMAL, s.NEW, {"on_hold": "true"}),
        (EMERGENCY, s.SCHEDULED, {"on_hold": "true"}),
        (NORMAL, s.REVIEW, {"close_notes": "  "}),
        (NORMAL, s.REVIEW, {"close_code": ""}),
    ],
)
def test_a_condition_that_does_not_hold_closes_the_way(model: ChangeModel, state: str, lacking: dict[str, str]) -> None:
    onward = PATHS[model][PATHS[model].index(state) + 1]
    assert may_move(model, READY, state, onward)
    assert not may_move(model, Situation({**READY.change, **lacking}, "approved", 0), state, onward)


def test_two_ways_lead_from_implement_to_review_and_only_one_minds_open_tasks() -> None:
    busy = Situation({"assignment_group": "g", "on_hold": "false"}, "approved", 2)
    by_itself, by_hand = routes(NORMAL, busy, s.IMPLEMENT)[s.REVIEW]
    assert (by_itself.transition.automatic, by_itself.open) == (True, False)
    assert (by_hand.transition.automatic, by_hand.open) == (False, True)


def test_the_answer_has_one_array_for_each_target_and_the_present_state_last() -> None:
    answer = describe(NORMAL, Situation({"state": s.IMPLEMENT, "on_hold": "false"}, "approved", 1))
    assert answer["available_states"] == ["0", "4", "-1"]
    assert answer["state_label"] == {"0": "Review", "4": "Canceled", "-1": "Implement"}
    transitions = answer["state_transitions"]
    assert isinstance(transitions, list)
    assert [[way["display_value"] for way in ways] for ways in transitions] == [
        ["Implement to Review", "Implement to Review"],
        ["Implement to Canceled"],
    ]


def test_every_transition_and_condition_has_an_id_of_its_own() -> None:
    keys = [model.id_of(step) for model in MODELS for step in model.transitions]
    assert len(keys) == len(set(keys)) and all(len(key) == 32 for key in keys)
    assert len({model.sys_id for model in MODELS}) == len(MODELS)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("-2", s.SCHEDULED),
        ("-2.0", s.SCHEDULED),
        ("scheduled", s.SCHEDULED),
        ("Review", s.REVIEW),
        ("9", None),
        ("", None),
    ],
)
def test_a_state_is_given_by_value_or_by_name(text: str, state: str | None) -> None:
    assert s.state_of(text) == state


def test_a_change_without_a_model_follows_its_type() -> None:
    assert model_of({"type": "emergency"}) is EMERGENCY
    assert model_of({"chg_model": STANDARD.sys_id, "type": "emergency"}) is STANDARD
    assert model_of({}) is NORMAL
    assert named("Emergency") is named(EMERGENCY.sys_id) is EMERGENCY
    assert named("nothing of the kind") is None
