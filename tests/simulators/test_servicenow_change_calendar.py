"""Conflicts and free times agree: a slot that is offered has no conflict."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.servicenow.change.conflicts import Planned, detect
from simulators.servicenow.change.slots import HORIZON, free
from simulators.servicenow.change.times import seconds, span_seconds, span_stamp
from simulators.servicenow.change.windows import WEEK, Schedule, Span, spans_of

HOUR = 3600.0
CIS = frozenset({"ci-1", "ci-2", "ci-3"})

hours = st.integers(0, 24 * 30).map(lambda n: n * HOUR)
lengths = st.integers(1, 60).map(lambda n: n * HOUR)
ci_sets = st.frozensets(st.sampled_from(sorted(CIS)), min_size=1)
spans = st.builds(lambda start, length, weekly: Span(start, start + length, weekly), hours, lengths, st.booleans())
schedules = st.builds(
    Schedule,
    st.uuids().map(str),
    st.sampled_from(["blackout", "maintenance"]),
    ci_sets,
    st.lists(spans, min_size=1, max_size=3).map(tuple),
)
changes = st.builds(
    lambda key, cis, start, length: Planned(key, cis, start, start + length),
    st.uuids().map(str),
    ci_sets,
    hours,
    lengths,
)


@given(
    ci_sets,
    lengths,
    hours,
    st.lists(changes, max_size=4),
    st.lists(schedules, max_size=4, unique_by=lambda s: s.sys_id),
)
@settings(max_examples=300)
def test_a_slot_that_is_offered_has_no_conflict(
    cis: frozenset[str], duration: float, earliest: float, others: list[Planned], calendar: list[Schedule]
) -> None:
    for start, end in free(cis, duration, earliest, others, calendar):
        assert end - start == duration
        assert earliest <= start and end <= earliest + HORIZON
        assert detect(Planned("mine", cis, start, end), others, calendar) == []


def test_the_first_slot_comes_before_every_other_time_without_conflict() -> None:
    window = Schedule("m", "maintenance", CIS, (Span(10 * HOUR, 14 * HOUR, weekly=True),))
    other = Planned("other", frozenset({"ci-1"}), 10 * HOUR, 12 * HOUR)
    first, second, *_ = free(frozenset({"ci-1"}), 2 * HOUR, 0.0, [other], [window])
    assert first == (12 * HOUR, 14 * HOUR)
    assert second == (10 * HOUR + WEEK, 12 * HOUR + WEEK)


def test_a_slot_that_fits_nowhere_is_not_offered() -> None:
    window = Schedule("m", "maintenance", CIS, (Span(10 * HOUR, 11 * HOUR, weekly=True),))
    assert free(frozenset({"ci-1"}), 2 * HOUR, 0.0, [], [window]) == []


def test_changes_that_touch_end_to_start_do_not_conflict() -> None:
    other = Planned("other", CIS, 10 * HOUR, 12 * HOUR)
    assert detect(Planned("mine", CIS, 12 * HOUR, 14 * HOUR), [other], []) == []
    assert {c.type for c in detect(Planned("mine", CIS, 11 * HOUR, 14 * HOUR), [other], [])} == {"ci_already_scheduled"}


def test_a_change_never_conflicts_with_itself() -> None:
    mine = Planned("mine", CIS, HOUR, 2 * HOUR, assigned_to="somebody")
    assert detect(mine, [mine], []) == []


def test_a_related_ci_and_a_person_who_is_busy_are_conflicts_of_their_own_kind() -> None:
    mine = Planned("mine", frozenset({"switch"}), HOUR, 2 * HOUR, assigned_to="somebody")
    others = [
        Planned("upstream", frozenset({"router"}), HOUR, 2 * HOUR),
        Planned("downstream", frozenset({"ap"}), HOUR, 2 * HOUR),
        Planned("elsewhere", frozenset({"server"}), HOUR, 2 * HOUR, assigned_to="somebody"),
    ]
    found = detect(mine, others, [], parents=frozenset({"router"}), children=frozenset({"ap"}))
    assert [(c.type, c.change) for c in found] == [
        ("assigned_to_already_scheduled", "elsewhere"),
        ("child_ci_already_scheduled", "downstream"),
        ("parent_ci_already_scheduled", "upstream"),
    ]


def test_outside_the_maintenance_window_and_inside_a_blackout_are_conflicts() -> None:
    window = Schedule("m", "maintenance", CIS, (Span(10 * HOUR, 14 * HOUR, weekly=True),))
    freeze = Schedule("b", "blackout", CIS, (Span(9 * HOUR, 11 * HOUR),))
    mine = Planned("mine", frozenset({"ci-1"}), 9 * HOUR, 11 * HOUR)
    assert [(c.type, c.schedule) for c in detect(mine, [], [window, freeze])] == [
        ("blackout", "b"),
        ("not_in_maintenance_window", "m"),
    ]


def test_times_of_schedules_have_a_form_of_their_own() -> None:
    assert span_stamp(seconds("2026-12-05 20:00:00") or 0) == "20261205T200000Z"
    assert span_seconds("20261205T200000Z") == seconds("2026-12-05 20:00:00")
    assert seconds("tomorrow") is None
    records = [
        {"start_date_time": "20261205T200000Z", "end_date_time": "20261205T230000Z", "repeat_type": "weekly"},
        {"start_date_time": "", "end_date_time": "20261205T230000Z"},
    ]
    assert [span.weekly for span in spans_of(records)] == [True]
