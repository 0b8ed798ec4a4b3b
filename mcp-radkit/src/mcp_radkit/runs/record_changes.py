"""What changed between two tables of records: which are new, gone, or other than they were."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

VOLATILE = (
    "age", "bps", "bytes", "clock", "cpu", "date", "dead", "duration", "elapsed", "expires", "hold", "idle",
    "invoked", "last", "load", "messages", "msg", "octets", "packets", "pkts", "pps", "rate", "runtime", "rxload",
    "seconds", "time", "timer", "timestamp", "txload", "uptime", "usage", "utilization",
)  # fmt: skip
"""Words of field names whose values change although nothing happens. Counters of errors are not among them."""
IDENTIFYING = (
    "interface", "port", "local_interface", "local_port", "name", "vlan_id", "vlan", "bgp_neighbor", "neighbor_id",
    "neighbor", "neighbor_name", "neighbor_interface", "network", "prefix", "prefix_length", "nexthop_ip",
    "destination_address", "mac_address", "ip_address", "address", "vrf", "bundle_name", "group", "instance", "id",
    "process", "pid", "feature",
)  # fmt: skip
"""Fields by which a record is known again, the best first; as many as it takes, up to three."""

Record = Mapping[str, Any]
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that is there before and after. `fields` has (before, after) of those that differ."""

    known_by: Record
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that is different; nothing where only volatile fields are."""

    added: list[Record] = field(default_factory=list)
    removed: list[Record] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    @property
    def none(self) -> bool:
        """True when nothing is different."""
        return not (self.added or self.removed or self.changed)

    def rows(self) -> list[dict[str, Any]]:
        """One row for each, as a tool shows them: `change`, and the record or what differs in it."""
        return [
            *({"change": "added", **record} for record in self.added),
            *({"change": "removed", **record} for record in self.removed),
            *(
                {
                    "change": "changed",
                    **one.known_by,
                    "fields": {name: {"before": old, "after": new} for name, (old, new) in one.fields.items()},
                }
                for one in self.changed
            ),
        ]


def is_volatile(name: str) -> bool:
    """Whether a field's value changes by itself: `last_input`, `uptime_days`, `input_packets`."""
    return any(word in VOLATILE for word in _WORD.findall(name.lower()))


def changes_between(before: Sequence[Record], after: Sequence[Record]) -> Changes:
    """Compare two tables. Where records cannot be known again, one that changed is one gone and one new.

    Records with records in them are compared value by value, each known by its path.
    """
    if any(isinstance(value, Mapping) for record in (*before, *after) for value in record.values()):
        return _nested(before, after)
    names = _identifying(before, after)
    if not names:
        return _without_names(before, after)
    old, new = _by(before, names), _by(after, names)
    changed = [
        Changed({name: old[key][name] for name in names}, fields)
        for key in old
        if key in new and (fields := _differing(old[key], new[key]))
    ]
    return Changes(
        added=[_lasting(new[key]) for key in new if key not in old],
        removed=[_lasting(old[key]) for key in old if key not in new],
        changed=changed,
    )


def _nested(before: Sequence[Record], after: Sequence[Record]) -> Changes:
    old, new = (dict(leaf for record in table for leaf in _leaves(record)) for table in (before, after))
    changed = [
        Changed({"path": " > ".join(path)}, {"value": (old.get(path), new.get(path))})
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path) and not is_volatile(path[-1])
    ]
    return Changes(changed=changed)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    else:
        yield path, value


def _identifying(before: Sequence[Record], after: Sequence[Record]) -> tuple[str, ...]:
    """The fewest fields that tell all records of either table apart."""
    if not before and not after:
        return ()
    common = set.intersection(*(set(record) for record in (*before, *after)))
    candidates = [name for name in IDENTIFYING if name in common]
    for count in (1, 2, 3):
        for names in combinations(candidates, count):
            if all(len(_by(table, names)) == len(table) for table in (before, after)):
                return names
    return ()


def _by(table: Sequence[Record], names: Sequence[str]) -> dict[str, Record]:
    return {repr([record[name] for name in names]): record for record in table}


def _differing(old: Record, new: Record) -> dict[str, tuple[Any, Any]]:
    names = dict.fromkeys((*old, *new))
    return {
        name: (old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name) and not is_volatile(name)
    }


def _without_names(before: Sequence[Record], after: Sequence[Record]) -> Changes:
    """As often as a record is there more often, it is new or gone."""
    if len(before) == len(after) == 1:
        fields = _differing(before[0], after[0])
        return Changes(changed=[Changed({}, fields)] if fields else [])
    old, new = [_lasting(record) for record in before], [_lasting(record) for record in after]
    return Changes(added=_more_of(new, old), removed=_more_of(old, new))


def _more_of(these: Sequence[Record], those: Sequence[Record]) -> list[Record]:
    left, found = Counter(repr(record) for record in those), []
    for record in these:
        if left[repr(record)] > 0:
            left[repr(record)] -= 1
        else:
            found.append(record)
    return found


def _lasting(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if not is_volatile(name)}
