"""Structured records out of what devices print, where a parser knows the command: ntc-templates, and Genie where it is.

A device writes the text, so all that a parser may be given is bounded: the whole, the length of a line (on which the
time of a regular expression depends), the seconds, and the records it may bring.
"""

import functools
import importlib
import importlib.util
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import ntc_templates
from textfsm import TextFSM, TextFSMError, clitable

from mcp_common.device_commands import OperatingSystem, spelled_out
from mcp_common.device_secrets import mask_secrets
from mcp_common.untrusted import one_line, visible

MOST_CHARACTERS = 1_000_000
LONGEST_LINE = 400
MOST_RECORDS = 2_000
MOST_SECONDS = 3.0

Record = dict[str, Any]
"""One row of a table: field names of the parser, and strings, or lists of them, that the device wrote."""

_PLATFORMS: dict[OperatingSystem, str] = {
    "ios": "cisco_ios",
    "ios-xe": "cisco_ios",
    "nx-os": "cisco_nxos",
    "ios-xr": "cisco_xr",
}
_GENIE: dict[OperatingSystem, str] = {"ios": "ios", "ios-xe": "iosxe", "nx-os": "nxos", "ios-xr": "iosxr"}
_TEMPLATES = Path(ntc_templates.__file__).parent / "templates"


class Parser(Protocol):
    """Something that knows the outputs of commands."""

    def read(self, command: str, text: str, system: OperatingSystem) -> Sequence[Mapping[str, Any]] | None:
        """The records in `text`, or None where it does not know the command or does not understand the text."""


class _TooLong(Exception):
    """The time is over."""


class _Bounded(TextFSM):  # type: ignore[misc]  # textfsm has no types
    """Looks at the time before every line. No line is long enough to take long."""

    ends = float("inf")

    def _CheckLine(self, line: str) -> None:  # noqa: N802 - textfsm's name
        if time.monotonic() > self.ends:
            raise _TooLong
        super()._CheckLine(line)


class NtcTemplates:
    """The TextFSM templates of ntc-templates."""

    def read(self, command: str, text: str, system: OperatingSystem) -> list[Record] | None:
        """See `Parser`."""
        names = _templates_of(command.lower(), _PLATFORMS[system])
        ends = time.monotonic() + MOST_SECONDS
        try:
            tables = [_read_by(name, text, ends) for name in names]
        except (TextFSMError, _TooLong):
            return None
        return _joined(tables) or None


@dataclass(frozen=True, slots=True)
class _Table:
    """What one template reads. `keys` are the fields by which it says that its records are known."""

    fields: tuple[str, ...]
    keys: tuple[str, ...]
    records: list[Record]


def _read_by(name: str, text: str, ends: float) -> _Table:
    with (_TEMPLATES / name).open(encoding="utf-8") as template:
        machine = _Bounded(template)
    machine.ends = ends
    rows = machine.ParseText(text)
    fields = tuple(field.lower() for field in machine.header)
    keys = tuple(field.lower() for field in machine.GetValuesByAttrib("Key"))
    return _Table(fields, keys, [dict(zip(fields, row, strict=True)) for row in rows])


def _joined(tables: Sequence[_Table]) -> list[Record]:
    """The records of the first table, each with the further fields of the others' first record that has its keys.

    An output of several tables has a template for each. Without keys, records that stand at the same place belong
    together.
    """
    if not tables:
        return []
    keys = next((table.keys for table in tables if table.keys), ())
    joined = tables[0].records
    for table in tables[1:]:
        known = {_known_by(record, keys, place): record for place, record in reversed([*enumerate(table.records)])}
        beside = [known.get(_known_by(record, keys, place), {}) for place, record in enumerate(joined)]
        further = [field for field in table.fields if field not in tables[0].fields]
        joined = [
            {**record, **{field: other.get(field, "") for field in further}}
            for record, other in zip(joined, beside, strict=True)
        ]
    return joined


def _known_by(record: Record, keys: Sequence[str], place: int) -> str:
    return repr([record.get(key) for key in keys] if keys else place)


@functools.lru_cache(maxsize=512)
def _templates_of(command: str, platform: str) -> tuple[str, ...]:
    """The templates for a command, one for each table of its output; none where it is not known."""
    row = _index().GetRowMatch({"Command": command, "Platform": platform})
    return tuple(str(_index().index[row]["Template"]).split(":")) if row else ()


@functools.cache
def _index() -> Any:
    return clitable.CliTable("index", str(_TEMPLATES)).index


class Genie:
    """Cisco's Genie parsers, where the operator has installed them: one nested record for each command."""

    def read(self, command: str, text: str, system: OperatingSystem) -> list[Record] | None:
        """See `Parser`."""
        if not _has_genie():
            return None
        device = importlib.import_module("genie.conf.base").Device("device", os=_GENIE[system])
        device.custom.abstraction = {"order": ["os"]}
        try:
            found = device.parse(command, output=text)
        except Exception:  # noqa: BLE001 - Genie raises whatever its parsers do; they all mean the same here
            return None
        return [dict(found)] if isinstance(found, Mapping) and found else None


@functools.cache
def _has_genie() -> bool:
    return importlib.util.find_spec("genie") is not None and importlib.util.find_spec("genie.libs.parser") is not None


PARSERS: tuple[Parser, ...] = (NtcTemplates(), Genie())


def records_of(command: str, text: str, system: OperatingSystem) -> list[Record] | None:
    """What the first parser that knows the command reads out of `text`: without secrets, every string one line.

    None where no parser knows this command, where the text is not what it expects, or where it is too long. Blocks
    for seconds at most: call it in a thread.
    """
    command = spelled_out(command, system)
    text = mask_secrets(visible(text))[0].strip("\n")
    if "|" in command.removesuffix("| no-more") or not _is_bounded(text):
        return None
    command = command.removesuffix("| no-more").strip()
    for parser in PARSERS:
        found = parser.read(command, text, system)
        if found is not None:
            return [_clean(record) for record in found[:MOST_RECORDS]]
    return None


def _is_bounded(text: str) -> bool:
    return bool(text) and len(text) <= MOST_CHARACTERS and max(map(len, text.split("\n"))) <= LONGEST_LINE


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(one_line(str(key))): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return one_line(value) if isinstance(value, str) else value
