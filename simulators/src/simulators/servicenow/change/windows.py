"""Blackout and maintenance schedules: when changes to a CI must not, or should, happen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from simulators.servicenow.change.times import span_seconds

WEEK = 7 * 86_400.0
Kind = Literal["blackout", "maintenance"]


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until `end`, in seconds since 1970; every week when `weekly`."""

    start: float
    end: float
    weekly: bool = False

    def within(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        """Its occurrences that touch the time between `start` and `end`."""
        first, last = self.start, self.end
        if self.weekly and first < start:
            weeks = (start - first) // WEEK
            first, last = first + weeks * WEEK, last + weeks * WEEK
        while first < end:
            if last > start:
                yield first, last
            if not self.weekly:
                return
            first, last = first + WEEK, last + WEEK


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule and the CIs it applies to."""

    sys_id: str
    kind: Kind
    cis: frozenset[str]
    spans: tuple[Span, ...]

    def within(self, start: float, end: float) -> list[tuple[float, float]]:
        """Its times that touch the given ones, earliest first."""
        return sorted(piece for span in self.spans for piece in span.within(start, end))

    def covers(self, start: float, end: float) -> bool:
        """True when one of its times holds all of the given ones."""
        return any(first <= start and end <= last for first, last in self.within(start, end))

    def touches(self, start: float, end: float) -> bool:
        """True when one of its times overlaps the given ones."""
        return bool(self.within(start, end))


def spans_of(records: Iterable[Mapping[str, str]]) -> tuple[Span, ...]:
    """Those of `cmn_schedule_span` records; one without a readable start and end says nothing."""
    found = []
    for record in records:
        start, end = span_seconds(record.get("start_date_time", "")), span_seconds(record.get("end_date_time", ""))
        if start is not None and end is not None and start < end:
            found.append(Span(start, end, record.get("repeat_type", "") == "weekly"))
    return tuple(found)
