"""Writes that are looked at afterwards: what changed, and what ServiceNow left as it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mcp_common.errors import InvalidArguments
from mcp_service_now.calls.dictionary import Table
from mcp_service_now.calls.table import change, read_fields
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.shared import FieldChange, Record, Value

_MARKUP = ("html", "script", "xml", "css", "condition", "wiki", "template", "url")
JOURNALS = frozenset({"work_notes", "comments"})
_EMPTY = Value()


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of a write, read back."""

    changed: list[FieldChange]
    not_taken: list[str] | None

    @property
    def whole(self) -> bool:
        """True when every value is as it was sent."""
        return not self.not_taken


def check_plain(table: Table, names: Iterable[str]) -> None:
    """Refuse fields whose content ServiceNow shows as markup, or runs: a caller's text has no place there.

    Raises:
        InvalidArguments: naming the field.

    """
    for name in names:
        kind = table.column(name).type
        if any(mark in kind for mark in _MARKUP):
            raise InvalidArguments(f"{name} is of type {kind}: ServiceNow would show or run what is written there.")


async def update(
    servicenow: ServiceNowClient, table: str, sys_id: str, values: Mapping[str, str], *, find_out: str
) -> Landed:
    """Set values, once, and read them back: ServiceNow silently keeps what may not be written."""
    looked_at = [name for name in values if name not in JOURNALS]
    before = await read_fields(servicenow, table, sys_id, looked_at) if looked_at else {}
    await change(servicenow, table, sys_id, values, find_out=find_out)
    after = await read_fields(servicenow, table, sys_id, looked_at) if looked_at else {}
    return compared(values, looked_at, before, after)


def compared(values: Mapping[str, str], looked_at: Sequence[str], before: Record, after: Record) -> Landed:
    """Hold what was sent against what is there now."""
    changed, not_taken = [], []
    for name in looked_at:
        was, now = before.get(name, _EMPTY), after.get(name, _EMPTY)
        if was.value != now.value:
            changed.append(FieldChange(field=name, before=was.display or None, after=now.display or None))
        if _plain(now.value) != _plain(values[name]):
            not_taken.append(name)
    return Landed(changed, not_taken or None)


def _plain(value: str) -> str:
    """Without differences in line ends and blanks, which ServiceNow tidies."""
    return " ".join(value.split())


async def written(servicenow: ServiceNowClient, table: str, sys_id: str, values: Mapping[str, str]) -> Landed:
    """Read a record back that was just made of these values."""
    fields = [name for name in values if name not in JOURNALS]
    return compared(values, fields, {}, await read_fields(servicenow, table, sys_id, fields))
