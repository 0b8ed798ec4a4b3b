"""What happens when a record is written, per table, whichever API writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.store import Record
from simulators.servicenow.users import User

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

Operation = Literal["insert", "update", "delete"]


@dataclass(slots=True)
class Write:
    """One write under way. Rules change `record`; `before` is what it was (empty for an insert)."""

    instance: "Instance"
    table: str
    operation: Operation
    record: Record
    before: Mapping[str, str]
    given: Mapping[str, str]
    by: User

    def changed(self, field: str) -> bool:
        """True when this write gives the field another value than it had."""
        return self.record.get(field, "") != self.before.get(field, "")

    def changed_to(self, field: str, *values: str) -> bool:
        """True when this write gives the field one of `values`."""
        return self.changed(field) and self.record.get(field, "") in values


Rule = Callable[[Write], None]


@dataclass(frozen=True, slots=True)
class Rules:
    """`before` may change the record or raise Refused, which writes nothing; `after` may write others."""

    before: tuple[Rule, ...] = ()
    after: tuple[Rule, ...] = ()


class Registry:
    """The rules of each table."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Rules]] = {}

    def add(self, table: str, rules: Rules) -> None:
        """Rules of `table` and of all that extend it, after those already there."""
        self._rules.setdefault(table, []).append(rules)

    def before(self, write: Write) -> None:
        """Run those that come before the write, the inherited ones first. Raises: Refused."""
        for rules in self._of(write.table):
            for rule in rules.before:
                rule(write)

    def after(self, write: Write) -> None:
        """Run those that come after it."""
        for rules in self._of(write.table):
            for rule in rules.after:
                rule(write)

    def _of(self, table: str) -> list[Rules]:
        return [rules for each in reversed(SCHEMA.lineage(table)) for rules in self._rules.get(each.name, [])]
