"""`mcp-platform new-server`: copy the template tree, and tell port list, policy and simulators of it."""

import json
import keyword
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from platform_cli.layout import Trouble

TEMPLATE = Path(__file__).parent / "template"
SUFFIX = ".tmpl"
FIRST_PORT, FIRST_SIMULATOR = 8010, 9110
LONGEST = 24

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ENTRIES = "[project.entry-points.simulators]\n"
_TAKEN = frozenset({"common", "common-app", "oidc", "openbao", "rest-api-proxy"})
_MEANT_OTHERWISE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What the name would be to YAML, where the policy's data has it."""


def make(root: Path, name: str) -> list[Path]:
    """Make the server `name` in the project at `root`; every file made or changed.

    Raises:
        Trouble: when the name does not fit or is taken.

    Whatever goes wrong, nothing of it is left.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise Trouble(f"{name!r} is no server name: lower case letters, digits and single hyphens, {LONGEST} at most.")
    if name in _MEANT_OTHERWISE or keyword.iskeyword(name) or keyword.iskeyword(name.capitalize()):
        raise Trouble(f"{name!r} is no server name: it means something else to Python or YAML.")
    ports_file, policy_data, simulators = (
        root / "common-services" / "ports.json",
        root / "common-services" / "opa" / "config" / "data.yaml",
        root / "simulators" / "pyproject.toml",
    )
    files = {
        root / _named(path.relative_to(TEMPLATE).as_posix(), name): path
        for path in sorted(TEMPLATE.rglob(f"*{SUFFIX}"))
    }
    ports = json.loads(ports_file.read_text())
    module = root / "simulators" / "src" / "simulators" / f"{name.replace('-', '_')}.py"
    taken = name in _TAKEN or name.endswith("-simulator") or _is_installed(name)
    if taken or any(path.exists() for path in (module, *files)):
        raise Trouble(f"There is something called {name} already: choose another name.")
    resources = _with_resource(policy_data.read_text(), name)
    entries = _with_simulator(simulators.read_text(), name)
    ports.setdefault(name, _free_port(FIRST_PORT, set(ports.values())))
    ports.setdefault(f"{name}-simulator", _free_port(FIRST_SIMULATOR, set(ports.values())))
    changed = {ports_file: json.dumps(ports, indent=2) + "\n", policy_data: resources, simulators: entries}
    with _whole(files, changed):
        for path, source in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_worded(source.read_text(), name))
        for path, text in changed.items():
            path.write_text(text)
        _tidy([path for path in files if path.suffix == ".py"])
    return [*files, *changed]


@contextmanager
def _whole(made: Mapping[Path, Path], changed: Mapping[Path, str]) -> Iterator[None]:
    """All of it or nothing: what breaks the block off takes back the files made and changed in it."""
    before = {path: path.read_text() for path in changed}
    there = {folder for path in made for folder in path.parents if folder.exists()}
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            _take_back(list(made), there)
            for path, text in before.items():
                path.write_text(text)


def _take_back(made: Sequence[Path], there: set[Path]) -> None:
    for path in made:
        path.unlink(missing_ok=True)
    folders = {folder for path in made for folder in path.parents} - there
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        if folder.exists():
            folder.rmdir()


def _is_installed(name: str) -> bool:
    """True when there is a package of the server's name, which the server would hide (`mcp_types`)."""
    return find_spec(f"mcp_{name.replace('-', '_')}") is not None


def _worded(text: str, name: str) -> str:
    camel = "".join(part.capitalize() for part in name.split("-"))
    return text.replace("NEW-NAME", name).replace("new_name", name.replace("-", "_")).replace("NewName", camel)


def _named(path: str, name: str) -> str:
    return _worded(path.removesuffix(SUFFIX), name)


def _free_port(port: int, taken: set[int]) -> int:
    while port in taken:
        port += 1
    return port


def _with_resource(data: str, name: str) -> str:
    """The policy's data with the resource added, as text, so that its comments stay."""
    lines = data.splitlines(keepends=True)
    if "resources:\n" not in lines:
        raise Trouble("common-services/opa/config/data.yaml has no `resources:`: restore it.")
    place = lines.index("resources:\n") + 1
    while lines[place].startswith("  "):
        if lines[place].startswith(f"  {name}:"):
            return data
        place += 1
    return "".join([*lines[:place], f"  {name}: [read, write, execute]\n", *lines[place:]])


def _with_simulator(project: str, name: str) -> str:
    """The simulators' project file with the new one among its entry points."""
    lines = project.splitlines(keepends=True)
    if _ENTRIES not in lines:
        raise Trouble(f"simulators/pyproject.toml has no {_ENTRIES.strip()}: restore it.")
    place = lines.index(_ENTRIES) + 1
    return "".join([*lines[:place], f'{name} = "simulators.{name.replace("-", "_")}"\n', *lines[place:]])


def _tidy(files: list[Path]) -> None:
    """Sort imports and wrap lines: both depend on the name."""
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        subprocess.run([*ruff, *command, *files], check=True)
