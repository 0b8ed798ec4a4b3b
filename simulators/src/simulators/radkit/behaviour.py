"""What differs between services and days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

USERNAME = "mcp-platform"
PASSWORD = "mcp-platform-demo"  # noqa: S105  # of a simulator that holds nothing
IDENTITY = "mcp-platform@nordhaven.example"
SERIAL = "nord-haven-0001"
TOKEN = "mcp-platform-demo-token"  # noqa: S105  # the same

DeviceState = Literal["normal", "unreachable", "missing", "partial", "hanging", "huge", "silent"]
"""How a device behaves:

unreachable  the service cannot connect to it
missing      it is in the inventory no more
partial      its first command is carried out, the others fail
hanging      it does not answer; the time given runs out
huge         it prints megabytes
silent       it answers nothing to a command that was carried out
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Times in seconds; those of sessions by the simulator's clock, those of devices by the wall's."""

    accounts: Mapping[str, str] = field(default_factory=lambda: {USERNAME: PASSWORD})
    identities: tuple[str, ...] = (IDENTITY,)
    access_tokens: tuple[str, ...] = (TOKEN,)
    serial: str = SERIAL
    session_lifetime: float = 8 * 3600.0
    command_seconds: float = 0.0
    """How long a device takes for one command."""
    connect_seconds: float = 0.0
    """How long until an unreachable device is given up."""
    huge_characters: int = 3_000_000
