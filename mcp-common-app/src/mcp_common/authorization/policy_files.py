"""The policy directory as the engine in process reads it: the same files that OPA loads as a bundle."""

import hashlib
import json
import os
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_DATA = ("data.yaml", "data.yml", "data.json")

Fingerprint = tuple[tuple[str, int, int, int, int], ...]


class Unusable(Exception):
    """The directory cannot be used as a policy; the text says which file and why. For the log, not for callers."""


@dataclass(frozen=True, slots=True, eq=False)
class PolicyFiles:
    """What the directory held: Rego modules by name, the data as JSON, and a hash of both as the revision."""

    fingerprint: Fingerprint
    modules: tuple[tuple[str, str], ...]
    data: str
    revision: str


def fingerprint_of(directory: Path) -> Fingerprint:
    """Name, inode, size and times of policy files and folders: differs when one was changed, added or removed."""
    found = []
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if _belongs(entry.name) or (entry.is_dir() and not entry.name.startswith(".")):
                    facts = entry.stat()
                    found.append((entry.name, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns))
    except OSError:
        return ()
    return tuple(sorted(found))


def read_files(directory: Path, fingerprint: Fingerprint) -> PolicyFiles:
    """Read the files that the fingerprint names.

    Raises:
        Unusable: when there is no policy, or a file cannot be read as what its name says.

    """
    names = [name for name, *_ in fingerprint]
    if not any(name.endswith(".rego") for name in names):
        raise Unusable("there is no policy file (*.rego) in the directory; is POLICY_DIR right?")
    folders = [name for name in names if not _belongs(name)]
    if folders:
        raise Unusable(
            f"OPA would load the folder {folders[0]} too, the engine in process cannot; keep one flat directory"
        )
    texts = {name: _text(directory / name) for name in names}
    documents = [_data(name, texts[name]) for name in names if name in _DATA]
    if len(documents) > 1:
        raise Unusable(f"more than one of {', '.join(_DATA)}: OPA would merge them, so keep one")
    digest = hashlib.sha256(json.dumps(sorted(texts.items())).encode()).hexdigest()[:16]
    modules = tuple((name, text) for name, text in sorted(texts.items()) if name.endswith(".rego"))
    return PolicyFiles(fingerprint, modules, documents[0] if documents else "{}", digest)


def _belongs(name: str) -> bool:
    return (name.endswith(".rego") and not name.endswith("_test.rego") and not name.startswith(".")) or name in _DATA


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{path.name}: {error}") from None


def _data(name: str, text: str) -> str:
    try:
        data = json.loads(text) if name.endswith(".json") else yaml.load(text, _Strict)  # noqa: S506 - a safe loader
        _check_plain(data)
        if not isinstance(data, dict):
            raise Unusable(f"{name}: must be a mapping")
        return json.dumps(data, allow_nan=False)
    except (ValueError, RecursionError, yaml.YAMLError, Unusable) as error:
        raise Unusable(f"{name}: {error}") from None


def _check_plain(value: object) -> None:
    """Refuse what JSON has not: YAML dates, sets, keys that are numbers or booleans (a bare `on` or `no`)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise Unusable(f"the key {key!r} is not a string; put it in quotes")
            _check_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_plain(inner)
    elif not isinstance(value, str | int | float | None):
        raise Unusable(f"the value {value!r} is not JSON; put it in quotes")


class _Strict(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice: the second would silently replace the rights of the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise Unusable(f"the key {key!r} is given twice, the second time before {node.end_mark}")
        return super().construct_mapping(node, deep)
