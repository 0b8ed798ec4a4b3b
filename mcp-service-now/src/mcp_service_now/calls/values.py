"""From what a caller says to what ServiceNow stores: labels to values, names to sys_ids; doubt is no guess."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import Field

from mcp_common.errors import InvalidArguments, NotFound
from mcp_service_now.calls.dictionary import Column, Listing, Table, choices_of, table_of
from mcp_service_now.calls.query import Condition, Query, checked_value
from mcp_service_now.calls.table import find
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.shared import Answered, Key, Label, Reference, stamp

SYS_ID = re.compile(r"[0-9a-f]{32}")
_TIMES = frozenset({"glide_date_time", "due_date"})
_NUMBERS = frozenset({"integer", "decimal", "float", "longint"})
_CANDIDATES = 6

_NAMED_BY: dict[str, tuple[str, ...]] = {
    "sys_user": ("user_name", "email", "name"),
    "sys_user_group": ("name",),
    "task": ("number",),
    "cmdb_ci": ("name",),
}
"""By which fields people name records; tables that extend one of these are named alike."""


class Candidate(Answered):
    """A record that may be the one meant."""

    id: Key = Field(validation_alias="sys_id")
    name: Label = None
    number: Label = None
    user_name: Label = None

    @property
    def shown(self) -> str:
        """How it is told from others."""
        told = [part for part in (self.number, self.name, self.user_name) if part]
        return f"{' / '.join(told)[:80]} ({self.id})"

    @property
    def reference(self) -> Reference:
        """What an answer shows of it."""
        return Reference(id=self.id, name=self.name or self.number)


async def choice_value(servicenow: ServiceNowClient, table: Table, column: str, said: str) -> str:
    """The stored value of a choice that was named by its value or, in any language, by its label.

    Raises:
        InvalidArguments: listing the choices there are.

    """
    choices = await choices_of(servicenow, table, column)
    if not choices:
        return said
    wanted = said.strip().casefold()
    for choice in choices:
        if wanted == choice.value.casefold():
            return choice.value
    named = {choice.value for choice in choices if wanted == choice.label.casefold()}
    if len(named) == 1:
        return named.pop()
    if table.column(column).takes_others:
        return said
    raise InvalidArguments(f"{column}: this instance has no such choice. There are: {listed_choices(choices)}.")


def listed_choices(choices: Sequence[Listing]) -> str:
    """Choices for a sentence: each value once, with its label where that says more."""
    shown: dict[str, str] = {}
    for choice in choices:
        if choice.value not in shown or choice.language == "en":
            shown[choice.value] = choice.shown
    kept = list(shown.values())
    return ", ".join(kept[:30]) + (f" and {len(kept) - 30} more" if len(kept) > 30 else "")


async def reference_to(servicenow: ServiceNowClient, table: str, said: str, *, field: str) -> Reference:
    """The record that a name, a number, a user name or a sys_id means.

    Raises:
        NotFound: when nothing is called that; with what comes close.
        InvalidArguments: when several are; with the candidates.

    """
    said = checked_value(field, said)
    described = await table_of(servicenow, table)
    if SYS_ID.fullmatch(said):
        by = [Condition("sys_id", "=", said)]
    else:
        by = [Condition(name, "=", said) for name in _names_in(described)]
    if not by:
        raise InvalidArguments(f"{field}: a record of {table} is named by its sys_id alone.")
    exact = await _candidates(servicenow, described, by)
    if len(exact) == 1:
        return exact[0].reference
    if exact:
        shown = "; ".join(candidate.shown for candidate in exact[:_CANDIDATES])
        raise InvalidArguments(f"{field}: several are called that. Say which by sys_id: {shown}.", extra=_extra(exact))
    close = [] if SYS_ID.fullmatch(said) else await _candidates(servicenow, described, _near(by, said))
    shown = "; ".join(candidate.shown for candidate in close[:_CANDIDATES])
    hint = f" Close to it: {shown}." if close else ""
    raise NotFound(f"{field}: ServiceNow has no {table} called that, or does not show it.{hint}", extra=_extra(close))


def _extra(candidates: Sequence[Candidate]) -> dict[str, object]:
    return {"candidates": [candidate.id for candidate in candidates[:_CANDIDATES]]} if candidates else {}


def _near(exact: Sequence[Condition], said: str) -> list[Condition]:
    return [Condition(condition.field, "contains", said) for condition in exact if condition.field != "email"]


def _names_in(table: Table) -> list[str]:
    for level in table.lineage:
        if level in _NAMED_BY:
            return [name for name in _NAMED_BY[level] if name in table.columns]
    return [table.named_by] if table.named_by else []


async def _candidates(servicenow: ServiceNowClient, table: Table, by: Sequence[Condition]) -> list[Candidate]:
    query = Query().either(*by)
    if table.name in {"sys_user", "sys_user_group"}:
        query = query.where("active", "=", "true")
    return (await find(servicenow, table.name, Candidate, query, limit=_CANDIDATES, private=True)).items


async def stored_value(servicenow: ServiceNowClient, table: Table, name: str, said: str) -> str:
    """What to store in, or compare with, a column.

    Raises:
        InvalidArguments, NotFound: saying what the column takes.

    """
    column = table.column(name)
    if column.reference and column.type in {"reference", "glide_list"}:
        return (await reference_to(servicenow, column.reference, said, field=name)).id
    if column.type == "boolean":
        return _boolean(name, said)
    if column.type in _TIMES:
        return moment_value(name, said)
    if column.has_choices or column.type in _NUMBERS:
        return _number(column, await choice_value(servicenow, table, name, said))
    return said


async def stored_values(servicenow: ServiceNowClient, table: str, said: Mapping[str, str | None]) -> dict[str, str]:
    """Every value that was given, as `stored_value` makes it."""
    described = await table_of(servicenow, table)
    given = {name: value for name, value in said.items() if value is not None}
    return {name: await stored_value(servicenow, described, name, value) for name, value in given.items()}


def _boolean(name: str, said: str) -> str:
    text = said.strip().casefold()
    if text not in {"true", "false"}:
        raise InvalidArguments(f"{name}: true or false.")
    return text


def _number(column: Column, value: str) -> str:
    if column.type in _NUMBERS and not re.fullmatch(r"-?\d{1,18}(\.\d{1,6})?", value):
        raise InvalidArguments(f"{column.name}: a number.")
    return value


def moment_value(name: str, said: str) -> str:
    """A time as ServiceNow stores it, out of ISO 8601; without a zone it is UTC.

    Raises:
        InvalidArguments: when it is no time.

    """
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError as problem:
        raise InvalidArguments(f"{name}: a time like 2026-01-31T08:00:00Z.") from problem
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
