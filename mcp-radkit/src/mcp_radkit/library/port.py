"""What the server needs of RADKit, in values of our own: the tools know this and nothing of RADKit's library."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Ability = Literal["cli", "netconf", "snmp", "http", "swagger"]
Outcome = Literal["succeeded", "partial", "failed", "timed_out"]


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device of the service's inventory. `kind` is RADKit's device type: `IOS_XE`."""

    name: str
    host: str = ""
    kind: str = ""
    description: str = ""
    abilities: tuple[Ability, ...] = ()


@dataclass(frozen=True, slots=True)
class Executed:
    """One command on one device: what became of it, what was printed, and what RADKit said about it.

    `dropped` is how many more characters were printed than `text` has.
    """

    command: str
    outcome: Outcome
    text: str = ""
    message: str = ""
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class SnmpRow:
    """One value of a device's MIB."""

    oid: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a device's own API answered."""

    status: int
    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class ApiPath:
    """A path of a device's own API, with the methods it takes."""

    path: str
    methods: tuple[str, ...]


class Port(Protocol):
    """One open connection to one RADKit service. Times are in seconds.

    Every method may raise:
        NotFound: the inventory has no such device.
        UpstreamTimeout: no end within the time given.
        Disconnected: the service cannot be reached over this connection any more; a new one may.
        UpstreamUnauthorized: RADKit refuses us.
        UpstreamFailed: anything else went wrong.
    """

    async def devices(self) -> Sequence[DeviceFacts]:
        """The inventory as it is now."""

    async def execute(self, device: str, commands: Sequence[str], seconds: float) -> Sequence[Executed]:
        """Run commands one after the other, as they are; an answer for each, in order."""

    async def snmp_get(self, device: str, oids: Sequence[str], seconds: float) -> Sequence[SnmpRow]:
        """Read single values."""

    async def snmp_walk(self, device: str, oid: str, seconds: float) -> Sequence[SnmpRow]:
        """Read every value below an OID."""

    async def http_get(self, device: str, path: str, seconds: float) -> HttpAnswer:
        """GET a path of the device's own API."""

    async def api_paths(self, device: str, seconds: float) -> Sequence[ApiPath]:
        """What the device's own API offers, as its Swagger document says."""

    async def swagger_get(self, device: str, path: str, seconds: float) -> HttpAnswer:
        """GET a path that `api_paths` lists."""

    async def close(self) -> None:
        """Close the connection."""
