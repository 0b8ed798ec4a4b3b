"""Command lines of four operating systems as engineers and attackers type them, and what ntc-templates knows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ntc_templates

from mcp_common.device_commands import OperatingSystem
from tests.mcp_common.upstream.hostile_commands import CHAINED, LOOKALIKES, PIPED

SYSTEMS: tuple[OperatingSystem, ...] = ("ios", "ios-xe", "nx-os", "ios-xr")
PLATFORMS: dict[str, OperatingSystem] = {"cisco_ios": "ios-xe", "cisco_nxos": "nx-os", "cisco_xr": "ios-xr"}
_FOLDER = Path(__file__).parent / "corpus"
_OPTIONAL = re.compile(r"\[\[([^\]]*)\]\]")
_PLACES = (
    ("(?:ip )?", ""),
    ("(adm[[in]] )?", ""),
    ("(\\S+)", "x"),
    ("\\S+", "x"),
    ("(\\s+\\d+\\.\\d+\\.\\d+\\.\\d+)?", ""),
)


class Case(NamedTuple):
    """One line, and the system of the device it would be sent to."""

    system: OperatingSystem
    line: str


def _lines(name: str) -> list[str]:
    return (_FOLDER / f"{name}.txt").read_text(encoding="ascii").splitlines()


def _of_ntc() -> Iterator[Case]:
    """The commands of the templates of the three platforms, in full and as short as the templates allow."""
    index = Path(ntc_templates.__file__).parent / "templates" / "index"
    for row in index.read_text(encoding="utf-8").splitlines():
        _, _, rest = row.partition(", .*, ")
        platform, _, command = rest.partition(", ")
        if platform in PLATFORMS:
            for place, value in _PLACES:
                command = command.replace(place, value)
            for line in (_OPTIONAL.sub(r"\1", command), _OPTIONAL.sub("", command)):
                if re.fullmatch(r"[\w /.-]+", line):
                    yield Case(PLATFORMS[platform], line.strip())


NTC = list(dict.fromkeys(_of_ntc()))
READS = [Case(system, line) for system in SYSTEMS for name in (system, f"{system}-short") for line in _lines(name)]
REFUSED = [Case(system, line) for system in SYSTEMS for line in [*_lines("refused"), *_lines(f"{system}-refused")]]
EVERYWHERE = _lines("refused")
_LINES_CHOSEN = ("c x", "co x", "s x", "xml")
"""What a system that is known takes for one of its filters: `| c x` counts on IOS."""
HIDDEN = [
    Case(system, line)
    for system in SYSTEMS
    for line in [*CHAINED, *LOOKALIKES, *(line for line in PIPED if not line.endswith(_LINES_CHOSEN))]
]
"""Lines with control characters, look-alikes and second commands."""
