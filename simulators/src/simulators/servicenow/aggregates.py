"""Counting and summing records, grouped."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from simulators.servicenow.store import Record

FUNCTIONS = ("avg", "sum", "min", "max")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the fields of each function, whether to count, and by what to group."""

    count: bool = False
    fields: dict[str, Sequence[str]] = field(default_factory=dict)
    group_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the records that share the values of `key`."""

    key: Key
    size: int
    figures: dict[str, dict[str, str]]

    def stats(self, wanted: Wanted) -> dict[str, object]:
        """As answered: numbers are text."""
        counted: dict[str, object] = {"count": str(self.size)} if wanted.count else {}
        return counted | dict(self.figures)

    def number(self, function: str, name: str) -> float:
        """One figure, for ordering and `having`; `count` counts."""
        if function == "count":
            return float(self.size)
        return _number(self.figures.get(function, {}).get(name, "")) or 0.0


def aggregate(records: Iterable[Record], wanted: Wanted) -> list[Group]:
    """One group for each combination of values, in their order; without `group_by` one group of all."""
    found: dict[Key, list[Record]] = {} if wanted.group_by else {(): []}
    for record in records:
        found.setdefault(tuple(record.get(name, "") for name in wanted.group_by), []).append(record)
    return [Group(key, len(mine), _figures(mine, wanted)) for key, mine in sorted(found.items())]


def _figures(records: Sequence[Record], wanted: Wanted) -> dict[str, dict[str, str]]:
    return {
        function: {name: _figure(function, [record.get(name, "") for record in records]) for name in names}
        for function, names in wanted.fields.items()
        if names
    }


def _figure(function: str, values: Sequence[str]) -> str:
    filled = [value for value in values if value != ""]
    if function in ("min", "max"):
        return _extreme(min if function == "min" else max, filled)
    numbers = [number for value in filled if (number := _number(value)) is not None]
    if function == "sum":
        total = sum(numbers)
        return str(int(total)) if total == int(total) else f"{total:.4f}"
    return f"{sum(numbers) / len(numbers):.4f}" if numbers else ""


def _extreme(pick: Callable[..., str], values: Sequence[str]) -> str:
    if not values:
        return ""
    if all(_number(value) is not None for value in values):
        return pick(values, key=float)
    return pick(values)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
