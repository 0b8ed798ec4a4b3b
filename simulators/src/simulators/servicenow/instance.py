"""One instance: what it holds, and the one way in which a record is written."""

import random
import re
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from simulators.clock import Clock, stamp
from simulators.request_log import RequestLog
from simulators.servicenow.answers import Refused, invalid_table, no_record
from simulators.servicenow.auth.sessions import Sessions
from simulators.servicenow.auth.tokens import Tokens
from simulators.servicenow.behaviour import Behaviour
from simulators.servicenow.change.workers import Workers
from simulators.servicenow.journal import written
from simulators.servicenow.limits import Limits
from simulators.servicenow.rules import registry
from simulators.servicenow.rules.registry import Write
from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.store import Record, Table, as_text, blank, empty_tables
from simulators.servicenow.users import User, expanded
from simulators.world import World

_KEPT = frozenset(
    {
        "sys_id",
        "sys_class_name",
        "sys_domain",
        "sys_domain_path",
        "sys_created_on",
        "sys_created_by",
        "sys_updated_on",
        "sys_updated_by",
        "sys_mod_count",
    }
)


@dataclass(frozen=True, slots=True)
class Script:
    """A `javascript:` value that a query made the instance run. `known` is False for one it only took note of."""

    user: str
    text: str
    known: bool


class Instance:
    """The state behind the routes of one application."""

    def __init__(self, world: World, behaviour: Behaviour, clock: Clock) -> None:
        self.world = world
        self.behaviour = behaviour
        self.clock = clock
        self.rng = random.Random(world.seed)
        self.schema = SCHEMA
        self.tables: dict[str, Table] = empty_tables()
        self.rules = registry()
        self.requests: RequestLog = deque(maxlen=10_000)
        self.scripts: list[Script] = []
        secrets = random.Random(world.seed + 1)
        self.tokens = Tokens(clock, secrets, behaviour.access_token_lifetime, behaviour.refresh_token_lifetime)
        self.sessions = Sessions(clock, secrets, behaviour.session_lifetime)
        self.limits = Limits(behaviour.rate_rules, clock)
        self.workers = Workers(clock, self.new_id, behaviour.worker_seconds)
        self.files: dict[str, bytes] = {}
        self._numbers: Counter[str] = Counter()

    def image(self) -> Callable[[], None]:
        """What is held now: calling it brings all of that back. Logins and limits go on."""
        tables = {name: table.copied() for name, table in self.tables.items()}
        files, numbers, drawn = dict(self.files), Counter(self._numbers), self.rng.getstate()

        def bring_back() -> None:
            for name, records in tables.items():
                self.tables[name].own = {sys_id: dict(record) for sys_id, record in records.items()}
            self.files, self._numbers = dict(files), Counter(numbers)
            self.rng.setstate(drawn)
            self.workers = Workers(self.clock, self.new_id, self.behaviour.worker_seconds)

        return bring_back

    def new_id(self) -> str:
        """A sys_id: 32 hex digits."""
        return f"{self.rng.getrandbits(128):032x}"

    def now(self) -> str:
        """The present time as tables hold it, UTC."""
        return stamp(self.clock())

    def table(self, name: str) -> Table:
        """Raises: Refused 400, no such table."""
        try:
            return self.tables[name]
        except KeyError:
            raise invalid_table(name) from None

    def next_number(self, table: str) -> str:
        """The next of the table's series, `INC0010001`; empty for a table without one."""
        definition = self.schema.tables[table]
        if not definition.prefix:
            return ""
        while True:
            number = f"{definition.prefix}{definition.first_number + self._numbers[table]:07d}"
            self._numbers[table] += 1
            if self.tables[table].find(number=number) is None:
                return number

    def insert(self, table: str, values: Mapping[str, object], by: User) -> Record:
        """Make a record from actual values. Raises: Refused, a rule said no.

        Unknown columns are passed over, and a text that is too long for its column loses its end, without a word.
        """
        self.table(table)
        given = self._known(table, values)
        record = blank(table) | {name: value for name, value in given.items() if not self._journal(table, name)}
        record["sys_id"] = self._id_for(table, as_text(values.get("sys_id")))
        if "number" in record:
            record["number"] = record["number"] or self.next_number(table)
        record["sys_created_on"] = record["sys_updated_on"] = self.now()
        record["sys_created_by"] = record["sys_updated_by"] = by.user_name
        write = Write(self, table, "insert", record, {}, given, by)
        self.rules.before(write)
        self.tables[table].own[record["sys_id"]] = record
        self._finish(write)
        return record

    def update(self, table: str, sys_id: str, values: Mapping[str, object], by: User) -> Record:
        """Change a record; the same values again change nothing. Raises: Refused 404, or a rule's."""
        stored = self.record(table, sys_id)
        of = self.class_of(table, sys_id)
        given = self._known(of, values)
        record = stored | {name: value for name, value in given.items() if not self._journal(of, name)}
        write = Write(self, of, "update", record, dict(stored), given, by)
        self.rules.before(write)
        noted = any(self._journal(of, name) and value.strip() for name, value in given.items())
        if record != stored or noted:
            record["sys_updated_on"], record["sys_updated_by"] = self.now(), by.user_name
            record["sys_mod_count"] = str(int(record["sys_mod_count"] or "0") + 1)
            stored.update(record)
            write.record = stored
            self._finish(write)
        return stored

    def delete(self, table: str, sys_id: str, by: User) -> None:
        """Take a record away. Raises: Refused 404, or a rule's."""
        stored = self.record(table, sys_id)
        write = Write(self, self.class_of(table, sys_id), "delete", stored, dict(stored), {}, by)
        self.rules.before(write)
        self.tables[table].remove(sys_id)
        self.rules.after(write)

    def record(self, table: str, sys_id: str) -> Record:
        """Raises: Refused 404."""
        try:
            return self.table(table)[sys_id]
        except KeyError:
            raise no_record() from None

    def class_of(self, table: str, sys_id: str) -> str:
        """The table a record of `table` really is in. Raises: KeyError."""
        held = self.tables[table]
        if sys_id in held.own:
            return table
        return next(self.class_of(child.name, sys_id) for child in held.children if sys_id in child)

    def user(self, sys_id: str) -> User:
        """Raises: KeyError."""
        record = self.tables["sys_user"][sys_id]
        roles = self.tables["sys_user_role"]
        held = {
            roles[each["role"]]["name"] for each in self.tables["sys_user_has_role"].records() if each["user"] == sys_id
        }
        zone = record["time_zone"] or self.behaviour.time_zone
        return User(sys_id, record["user_name"], record["name"], expanded(held), zone)

    def user_named(self, user_name: str) -> User | None:
        """None unless somebody has this user_name."""
        record = self.tables["sys_user"].find(user_name=user_name)
        return None if record is None else self.user(record["sys_id"])

    def user_of(self, request: Request) -> User:
        """Who asks; the gateway has proven it."""
        user: User = request.state.user
        return user

    def _id_for(self, table: str, wanted: str) -> str:
        """A caller may choose the id of a new record. Raises: Refused 403, taken."""
        if not re.fullmatch(r"[0-9A-Za-z]{32}", wanted):
            return self.new_id()
        if wanted in self.tables[table]:
            raise Refused(403, "Operation Failed", f"Error during insert of {table} ({wanted}): unique key violation")
        return wanted

    def _known(self, table: str, values: Mapping[str, object]) -> dict[str, str]:
        columns = self.schema.fields(table)
        known = {name: as_text(value) for name, value in values.items() if name in columns and name not in _KEPT}
        return {name: columns[name].taken(value) for name, value in known.items()}

    def _journal(self, table: str, name: str) -> bool:
        return self.schema.fields(table)[name].journal

    def _finish(self, write: Write) -> None:
        written(write)
        self.rules.after(write)


def instance_of(request: Request) -> Instance:
    """The instance a request is for."""
    instance: Instance = request.app.state.instance
    return instance
