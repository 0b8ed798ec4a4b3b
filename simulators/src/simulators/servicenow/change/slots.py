"""Free times for a change: in the maintenance windows, outside blackouts and other changes."""

from collections.abc import Iterable, Iterator

from simulators.servicenow.change.conflicts import Planned
from simulators.servicenow.change.windows import Schedule

HORIZON = 90 * 86_400.0
CHOICES = 100
Piece = tuple[float, float]


def free(
    cis: frozenset[str],
    duration: float,
    earliest: float,
    others: Iterable[Planned],
    schedules: Iterable[Schedule],
) -> list[Piece]:
    """The first slot of `duration` seconds in every free piece of the next 90 days, at most a hundred."""
    latest = earliest + HORIZON
    mine = [schedule for schedule in schedules if schedule.cis & cis]
    pieces = [(earliest, latest)]
    for ci in sorted(cis):
        windows = [schedule for schedule in mine if schedule.kind == "maintenance" and ci in schedule.cis]
        if windows:
            times = sorted(piece for schedule in windows for piece in schedule.within(earliest, latest))
            pieces = [piece for one in pieces for other in times if (piece := _common(one, other))]
    taken = [(other.start, other.end) for other in others if other.cis & cis]
    for schedule in mine:
        if schedule.kind == "blackout":
            taken += schedule.within(earliest, latest)
    open_pieces = [rest for piece in pieces for rest in _without(piece, sorted(taken))]
    return [(start, start + duration) for start, end in open_pieces if end - start >= duration][:CHOICES]


def _common(one: Piece, other: Piece) -> Piece | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def _without(piece: Piece, taken: list[Piece]) -> Iterator[Piece]:
    start, end = piece
    for first, last in taken:
        if last <= start or first >= end:
            continue
        if first > start:
            yield start, first
        start = max(start, last)
    if start < end:
        yield start, end
