"""What one system did that the others must see: one company has one network, whoever looks at it.

In tests the simulators share an object. In a run of several processes they share a file, one JSON object a line, which
`SIMULATED_HAPPENINGS` names.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from simulators.world.story import FLAGSHIP
from simulators.world.uplink import Uplink, uplink_after


@dataclass(frozen=True, slots=True)
class Push:
    """Lines that a device took, at a time in seconds since 1970."""

    at: float
    hostname: str
    cli: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A template's text that the repository's pipeline put into Catalyst Center, at a time in seconds since 1970."""

    at: float
    path: str
    content: str
    author: str
    comment: str


class Happenings:
    """Everything since the world was made. What lies in the future has not happened yet."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._read = 0
        self._known: list[Push | Upload] = []

    @classmethod
    def of_this_run(cls) -> "Happenings":
        """Those of the run this process belongs to, or its own."""
        named = os.environ.get("SIMULATED_HAPPENINGS")
        return cls(Path(named) if named else None)

    def add(self, happening: Push | Upload) -> None:
        """Let everybody know. Raises: OSError, the file cannot be written."""
        if self._path is None:
            self._known.append(happening)
            return
        line = json.dumps({"kind": type(happening).__name__, **asdict(happening)}) + "\n"
        with self._path.open("ab") as file:
            file.write(line.encode())

    def pushes(self, hostname: str, now: float) -> list[Push]:
        """What a device has taken so far, oldest first."""
        found = [each for each in self._all() if isinstance(each, Push) and each.hostname == hostname]
        return sorted((each for each in found if each.at <= now), key=lambda each: each.at)

    def uploads(self, now: float) -> list[Upload]:
        """What was uploaded so far, oldest first."""
        found = (each for each in self._all() if isinstance(each, Upload) and each.at <= now)
        return sorted(found, key=lambda each: each.at)

    def uplink(self, now: float) -> Uplink:
        """How the uplink in trouble stands."""
        return uplink_after((push.at, push.cli) for push in self.pushes(FLAGSHIP, now))

    def _all(self) -> list[Push | Upload]:
        if self._path is not None:
            self._known += self._written()
        return self._known

    def _written(self) -> Iterator[Push | Upload]:
        """What was written since the last look, as far as the lines are whole."""
        if self._path is None or not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                members = json.loads(line)
                kind = {"Push": Push, "Upload": Upload}[members.pop("kind")]
                yield kind(**members)
