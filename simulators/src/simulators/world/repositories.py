"""The company's repositories: what stands in them, and how it came about, as a list of things people did."""

import functools
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from simulators.cli.config import running_config
from simulators.world.models import World
from simulators.world.repository_steps import Step
from simulators.world.repository_story import story_of_network_config, story_of_the_others
from simulators.world.story import FLAGSHIP, LEVEL
from simulators.world.templates import path_in_repository

ORGANISATION = "nordhaven"
NETWORK_CONFIG = "network-config"
FORMER_NAME = "netconf"
FROM_HERE = "Switching"
"""The project of Catalyst Center whose templates are written in the repository, and uploaded from there."""
UPLINK_TEMPLATE = "templates/switching/uplink-storm-control.j2"
FORMER_LEVEL = "1.00"
"""What the template said before it was lowered."""
LARGE_FILE = "inventory/mac-addresses.csv"
"""Larger than a megabyte."""

Role = Literal["read", "triage", "write", "maintain", "admin"]
_LIBRARY = files("simulators.world") / "library" / "repositories"


@dataclass(frozen=True, slots=True)
class RepositorySpec:
    """A repository, before anything is done in it. `roles` are by account; `protected` says that main is."""

    name: str
    description: str
    private: bool
    created_days_ago: float
    roles: Mapping[str, Role]
    steps: tuple[Step, ...] = ()
    former: str | None = None
    protected: bool = False
    language: str | None = None
    topics: tuple[str, ...] = ()
    scanners: bool = True
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Of the first commit."""
    author: str = "shaddad"


def repositories(world: World) -> tuple[RepositorySpec, ...]:
    """All of them; the same world gives the same, to the last commit id."""
    return _built(world.seed, world)


_kept: dict[int, tuple[RepositorySpec, ...]] = {}


def _built(seed: int, world: World) -> tuple[RepositorySpec, ...]:
    if seed not in _kept:
        _kept[seed] = (_network_config(world), *_others(world))
    return _kept[seed]


def archive_token(seed: int) -> str:
    """The token that somebody committed; it looks real and opens nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "ghp_" + "".join(random.Random(f"archive {seed}").choices(letters, k=36))


def snmp_community(seed: int) -> str:
    """Another secret of the same file, without a form of its own."""
    return f"n0rdhaven-rw-{random.Random(f'snmp {seed}').randrange(1000, 9999)}"


def _network_config(world: World) -> RepositorySpec:
    first = _library(NETWORK_CONFIG, world.seed)
    uplink = next(one for one in world.templates.values() if path_in_repository(one) == UPLINK_TEMPLATE)
    first[UPLINK_TEMPLATE], lowered = (version.content.encode() for version in uplink.versions)
    first[LARGE_FILE] = _mac_addresses(world)
    first["docs/floor-2.png"] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
    now = archived(world)
    flagship = f"devices/{FLAGSHIP}.cfg"
    before = now[flagship].replace(f"level {LEVEL}".encode(), f"level {FORMER_LEVEL}".encode())
    steps = story_of_network_config(
        templates=_versions(world),
        archived_before=now | {flagship: before},
        archived_after={flagship: now[flagship]},
        lowered={UPLINK_TEMPLATE: lowered},
        docs=first["docs/storm-control.md"],
        baseline=first["templates/switching/access-baseline.j2"],
    )
    return RepositorySpec(
        NETWORK_CONFIG,
        "Templates and archived configurations of the network",
        private=True,
        created_days_ago=380,
        roles={
            "admin": "admin", "shaddad": "maintain", "rkeller": "maintain", "kvisser": "write", "npatel": "write",
            "developer": "write", "netops": "write", "tnakamura": "write", "efischer": "write",
            "changemanager": "write", "nordhaven-ci": "write", "mrossi": "read", "servicedesk": "triage",
        },
        steps=steps,
        former=FORMER_NAME,
        protected=True,
        language="Jinja",
        topics=("ios-xe", "network-automation"),
        files={path: content for path, content in first.items() if path != "docs/storm-control.md"},
    )  # fmt: skip


def archived(world: World) -> dict[str, bytes]:
    """The running configurations of the switches and routers of ZRH01, without the lines that change by themselves."""
    return dict(_archived(world.seed, world))


_archives: dict[int, dict[str, bytes]] = {}


def _archived(seed: int, world: World) -> dict[str, bytes]:
    if seed not in _archives:
        kept = ("-rtr-", "-core-", "-dist-", "-acc-")
        _archives[seed] = {
            f"devices/{device.hostname}.cfg": _body(running_config(world, device)).encode()
            for device in world.devices.values()
            if device.hostname.startswith("zrh01-") and any(part in device.hostname for part in kept)
        }
    return _archives[seed]


def _body(text: str) -> str:
    return text[text.index("\nversion ") + 1 :]


def _versions(world: World) -> list[tuple[float, str, str, str, bytes]]:
    """When (days ago), who, why, where, what: every committed version of the templates that are written elsewhere."""
    return sorted(
        (
            ((world.epoch - version.committed) / 86_400, version.author, version.comment, path_in_repository(template),
             version.content.encode())
            for template in world.templates.values()
            if template.project_name != FROM_HERE
            for version in template.versions
            if version.content
        ),
        reverse=True,
    )  # fmt: skip


def _others(world: World) -> tuple[RepositorySpec, ...]:
    tools, docs = story_of_the_others()
    return (
        RepositorySpec(
            "netlab-tools", "Small tools for labs", private=False, created_days_ago=300,
            roles={"admin": "admin", "kvisser": "maintain", "npatel": "write", "developer": "write"},
            steps=tools, language="Python", files=_library("netlab-tools", world.seed), author="kvisser",
        ),
        RepositorySpec(
            "network-docs", "Runbooks and drawings", private=True, created_days_ago=260,
            roles={"admin": "admin", "shaddad": "maintain", "netops": "write", "developer": "read"},
            steps=docs, scanners=False, files=_library("network-docs", world.seed),
        ),
        RepositorySpec(
            "payroll", "Not the network's business", private=True, created_days_ago=500,
            roles={"admin": "admin", "gdubois": "admin"}, files={"README.md": b"# payroll\n"}, author="gdubois",
        ),
    )  # fmt: skip


def _library(name: str, seed: int) -> dict[str, bytes]:
    places = {b"@ARCHIVE_TOKEN@": archive_token(seed).encode(), b"@SNMP_COMMUNITY@": snmp_community(seed).encode()}
    found = dict(_below(_LIBRARY / name, ""))
    for place, value in places.items():
        found = {path: content.replace(place, value) for path, content in found.items()}
    return found


def _below(directory: Traversable, under: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in sorted(directory.iterdir(), key=lambda one: one.name):
        name = re.sub("^dot-", ".", each.name).removesuffix(".txt")
        if each.is_dir():
            found += _below(each, f"{under}{name}/")
        else:
            found.append((under + name, each.read_bytes()))
    return found


@functools.cache
def _lines(seed: int) -> bytes:
    rng = random.Random(f"mac {seed}")
    rows = (f"{rng.getrandbits(48):012x},zrh01,{rng.randrange(100, 141, 10)},seen\n" for _ in range(42_000))
    return b"mac,site,vlan,state\n" + "".join(rows).encode()


def _mac_addresses(world: World) -> bytes:
    return _lines(world.seed)
