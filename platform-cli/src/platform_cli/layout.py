"""Where the parts of the embedded run listen and keep their files."""

import json
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

SERVICES_GROUP = "mcp_common.services"
SIMULATORS_GROUP = "simulators"
HOST = "127.0.0.1"


class Trouble(Exception):
    """Something the person at the keyboard must know; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Layout:
    """One embedded run: the project it runs from, and how far its ports are moved."""

    root: Path
    port_offset: int = 0
    run_folder: Path | None = None

    @classmethod
    def here(cls, port_offset: int = 0) -> "Layout":
        """The layout of this checkout, or of the one in MCP_PLATFORM_HOME; MCP_PLATFORM_RUN moves the runtime files."""
        root, run = os.environ.get("MCP_PLATFORM_HOME"), os.environ.get("MCP_PLATFORM_RUN")
        return cls(
            root=Path(root).resolve() if root else Path(__file__).resolve().parents[3],
            port_offset=port_offset,
            run_folder=Path(run).resolve() if run else None,
        )

    @property
    def run(self) -> Path:
        """Runtime files: logs, audit trails, keys. A run with moved ports has a folder of its own."""
        if self.run_folder is not None:
            return self.run_folder
        return self.root / ".run" if not self.port_offset else self.root / ".run" / f"offset-{self.port_offset}"

    @property
    def logs(self) -> Path:
        """One log for each part."""
        return self.run / "logs"

    @property
    def audit(self) -> Path:
        """One audit trail for each service."""
        return self.run / "audit"

    @property
    def happenings(self) -> Path:
        """Where the simulators tell each other what happened in this run."""
        return self.run / "happenings.jsonl"

    @property
    def services_folder(self) -> Path:
        """Configuration the parts run against."""
        return self.root / "common-services"

    @cached_property
    def ports(self) -> dict[str, int]:
        """Part name -> port, moved by the offset."""
        path = self.services_folder / "ports.json"
        try:
            ports = cast("dict[str, int]", json.loads(path.read_text()))
        except OSError as error:
            raise Trouble(
                f"{path} is missing: run mcp-platform from a checkout of the project, or name one in MCP_PLATFORM_HOME."
            ) from error
        return {name: port + self.port_offset for name, port in ports.items()}

    def port(self, part: str) -> int:
        """The port of a part.

        Raises:
            Trouble: when common-services/ports.json has none for it.
        """
        if part not in self.ports:
            raise Trouble(f"{part} has no port: add one to {self.services_folder / 'ports.json'}.")
        return self.ports[part]

    def url(self, part: str) -> str:
        """The address of a part, without a path."""
        return f"http://{HOST}:{self.port(part)}"

    def mcp_url(self, service: str) -> str:
        """The MCP endpoint of a service."""
        return f"{self.url(service)}/mcp"

    @property
    def services(self) -> list[str]:
        """Names of the installed MCP servers."""
        return sorted(point.name for point in entry_points(group=SERVICES_GROUP))

    @property
    def simulators(self) -> dict[str, str]:
        """Part name -> module of each installed simulator: what `python -m` runs."""
        points = sorted(entry_points(group=SIMULATORS_GROUP), key=lambda point: point.name)
        return {f"{point.name}-simulator": point.module for point in points}

    @property
    def parts(self) -> list[str]:
        """Names of all parts, in an order in which each comes after what it needs."""
        return ["openbao", "oidc", *self.simulators, *self.services, "rest-api-proxy"]

    def program(self, name: str) -> str:
        """A program of the environment this command runs in."""
        return str(Path(sys.executable).parent / name)
