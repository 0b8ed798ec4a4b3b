"""Lists of the Change API. The last element of each is not a record: it says which query was really run."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from simulators.servicenow.acl import may_read
from simulators.servicenow.answers import result
from simulators.servicenow.change_api.shared import offset_of, shown
from simulators.servicenow.instance import instance_of
from simulators.servicenow.query.compare import ordered
from simulators.servicenow.query.parse import Condition, parse
from simulators.servicenow.query.run import select
from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.searching import search
from simulators.servicenow.store import Record
from simulators.servicenow.walk import column

_TEXT = (("number", 3.0), ("name", 3.0), ("short_description", 2.0), ("description", 1.0))
_SYS_ID = 32


@dataclass(slots=True)
class Effective:
    """A query as it is run: without sorting, without what names no column."""

    text: str
    applied: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def meta(self) -> dict[str, object]:
        """The last element of a list."""
        fields = {"applied": list(dict.fromkeys(self.applied)), "ignored": list(dict.fromkeys(self.ignored))}
        return {"__meta": {"encodedQuery": self.text, "fields": fields}}


def effective(table: str, text: str) -> Effective:
    """What of an encoded query is run."""
    query, outcome = parse(text), Effective("")
    branches = []
    for branch in query.branches:
        groups = []
        for group in branch:
            kept = [each for each in group if column(table, each.field) is not None and each.operator]
            outcome.applied += [each.field for each in kept]
            outcome.ignored += [each.field for each in group if each not in kept]
            groups += ["^OR".join(map(_written, kept))] if kept else []
        branches += ["^".join(groups)] if groups else []
    if query.orders:
        outcome.ignored.append("")
    outcome.text = "^NQ".join(branches)
    return outcome


def _written(condition: Condition) -> str:
    return f"{condition.field}{condition.operator}{condition.value.replace('^', '^^')}"


def _pairs_query(table: str, given: Mapping[str, str]) -> str:
    """`name=value` pairs as an encoded query; choices and references may be given as a person reads them."""
    return "^".join(f"{_pair(table, name, value)}" for name, value in given.items())


def _pair(table: str, name: str, value: str) -> str:
    safe = value.replace("^", "^^")
    known = SCHEMA.fields(table).get(name)
    if known is None:
        return f"{name}={safe}"
    if known.type == "reference" and len(value) != _SYS_ID:
        return f"{name}.{SCHEMA.display_field(known.reference)}={safe}"
    return f"{name}={next((key for key, label in known.choices if label.lower() == value.lower()), safe)}"


def page(request: Request, table: str, fixed: Mapping[str, str], but: Collection[str] = ()) -> Response:
    """The records that match, a page of them; `fixed` are values every one has, `but` parameters of the call itself."""
    instance, query = instance_of(request), request.query_params
    user = instance.user_of(request)
    reserved = ("order", "textSearch", "encrypted_fields", *but)
    pairs = {name: text for name, text in query.items() if not name.startswith("sysparm_") and name not in reserved}
    run = effective(table, query.get("sysparm_query", "") or _pairs_query(table, pairs))
    found = [
        record
        for record in select(instance, user, table, run.text)
        if all(record[name] == value for name, value in fixed.items()) and may_read(instance, user, table, record)
    ]
    if text := query.get("textSearch", ""):
        found = [record for record, _ in search(found, text, _TEXT)]
    start, size = offset_of(request)
    cut = _sorted(table, found, query.get("order", ""))[start : start + size]
    return result([*(shown(request, table, record) for record in cut), run.meta()])


def _sorted(table: str, records: list[Record], name: str) -> list[Record]:
    wanted = SCHEMA.fields(table).get(name)
    return records if wanted is None else sorted(records, key=lambda record: ordered(record[name], wanted))
