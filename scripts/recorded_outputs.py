"""How outputs of real devices are read: `scripts/recorded_outputs.py CHECKOUT`.

CHECKOUT is one of networktocode/ntc-templates, which keeps outputs of real devices with the records its own tests
expect of them. They are in no package, so this is a command and not a test. It prints, for each system, how many
outputs `run_show_commands` would bring as those very records, and each that it would not, with the reason.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mcp_common.device_commands import OperatingSystem, problem_with
from mcp_radkit.runs.parsing import records_of

SYSTEMS: dict[str, OperatingSystem] = {"cisco_ios": "ios-xe", "cisco_nxos": "nx-os", "cisco_xr": "ios-xr"}


def verdicts(checkout: Path) -> Iterator[tuple[OperatingSystem, str, Path]]:
    """System, what became of an output, and its file."""
    for platform, system in SYSTEMS.items():
        for output in sorted((checkout / "tests" / platform).glob("*/*.raw")):
            yield system, verdict(output, system), output


def verdict(output: Path, system: OperatingSystem) -> str:
    """The command is the name of the folder."""
    command = output.parent.name.replace("_", " ")
    if problem_with(command, system):
        return "the command is refused"
    found = records_of(command, output.read_text(errors="replace"), system)
    if found is None:
        return "not read"
    expected = yaml.safe_load(output.with_suffix(".yml").read_text())["parsed_sample"]
    return "as expected" if plain(found) == plain(expected[: len(found)]) else "otherwise"


def plain(value: Any) -> Any:
    """Without what YAML and one-line texts do to white space, None and numbers."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else " ".join(str(value).split())


def main() -> None:
    """Print every output that is not read as expected, then the figures."""
    counted: Counter[tuple[OperatingSystem, str]] = Counter()
    for system, became, output in verdicts(Path(sys.argv[1])):
        counted[system, became] += 1
        if became != "as expected":
            print(f"{became:24} {system:7} {output.stem}")
    for (system, became), number in sorted(counted.items()):
        print(f"{number:6} {system:7} {became}")


if __name__ == "__main__":
    main()
