"""The documented surface of `radkit_client.sync`, over the simulator: a program written for the one runs on the other.

A request begins when somebody waits for it. RADKit's own is under way at once, with the status PROCESSING, and nobody
may rely on either. `wait(timeout)` blocks the thread and gives the future back.
"""

import os
import re
from collections.abc import Callable, Iterator
from enum import Enum
from types import SimpleNamespace
from typing import Any, Generic, Self, TypeVar

from simulators.radkit.wire import AuthenticationFailedError, Wire

T = TypeVar("T")

CLOUD = "RADKIT_SIMULATOR_URL"
"""Names the environment variable with the address that stands for RADKit's cloud."""
_CLOUD_HERE = "http://127.0.0.1:9104"


class ExecStatus(Enum):
    """What became of a request, or of a command in it."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    PARTIAL_SUCCESS = "PARTIAL_SUCCESS"
    PROCESSING = "PROCESSING"


class Lazy(Generic[T]):
    """A future that begins when somebody waits for it; what it brings is `result`."""

    def __init__(self, ask: Callable[[float | None], T]) -> None:
        self._ask = ask
        self._found: tuple[T] | None = None

    def wait(self, timeout: float | None = None) -> Self:
        """Ask, once. Raises what the far side or the way there raises."""
        if self._found is None:
            self._found = (self._ask(timeout),)
        return self

    @property
    def result(self) -> T | None:
        """What was brought; None before that."""
        return self._found[0] if self._found is not None else None

    @property
    def status(self) -> ExecStatus:
        """How the whole stands."""
        found = self.result
        return getattr(found, "status", ExecStatus.SUCCESS if self._found is not None else ExecStatus.PROCESSING)

    @property
    def status_message(self) -> str:
        """What there is to say about it."""
        return str(getattr(self.result, "status_message", ""))


class ServiceRequest(Lazy["Service"]):
    """The way to a service; waiting for it gives the service itself."""

    def wait(self, timeout: float | None = None) -> "Service":  # type: ignore[override]  # as documented
        """Connect."""
        found = super().wait(timeout).result
        if found is None:
            raise RuntimeError("a connected service is one")
        return found


class Client:
    """Logs in, and reaches services."""

    def __init__(self) -> None:
        self._wire: Wire | None = None

    @classmethod
    def create(cls, **_: Any) -> "Client":
        """Make one, to be used in a `with` block."""
        return cls()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire = None

    def certificate_login(
        self, identity: str, *, ca_path: str, cert_path: str, key_path: str, private_key_password: str | None = None
    ) -> None:
        """Log in at the cloud with files; they must be there and look like what they are."""
        for path in (ca_path, cert_path, key_path):
            with open(path, encoding="ascii") as file:  # noqa: PTH123 - paths come as texts
                if "-----BEGIN" not in file.read():
                    raise AuthenticationFailedError(f"{path} is no PEM file")
        self._wire = Wire(os.environ.get(CLOUD, _CLOUD_HERE))
        self._wire.log_in("certificate", identity, "certificate")

    def access_token_login(self, access_token: str) -> None:
        """Log in at the cloud with a token."""
        self._wire = Wire(os.environ.get(CLOUD, _CLOUD_HERE))
        self._wire.log_in("access_token", "", access_token)

    def service_cloud(self, serial: str) -> ServiceRequest:
        """A service by its serial, over the cloud."""
        wire = self._wire
        if wire is None:
            raise AuthenticationFailedError("log in first")
        return ServiceRequest(lambda timeout: Service(wire, serial, timeout))

    service = service_cloud

    def service_direct(self, *, host: str, port: int = 8181, username: str, password: str) -> ServiceRequest:
        """A service without the cloud."""

        def connect(timeout: float | None) -> Service:
            wire = Wire(f"http://{host}:{port}")
            wire.log_in("direct", username, password, timeout)
            return Service(wire, "direct", timeout)

        return ServiceRequest(connect)


class Service:
    """A connected service, with the inventory as it was when somebody last asked."""

    def __init__(self, wire: Wire, serial: str, timeout: float | None) -> None:
        self._wire = wire
        self.serial = wire.ask("GET", f"/services/{serial}", timeout=timeout)["serial"]
        self.inventory = DeviceDict(wire)
        self.update_inventory().wait(timeout)

    def update_inventory(self) -> "Lazy[DeviceDict]":
        """Read the inventory anew."""
        return self.inventory.update_inventory()


class DeviceDict(dict[str, "Device"]):
    """Devices by name."""

    def __init__(self, wire: Wire, *devices: "Device") -> None:
        super().__init__((device.name, device) for device in devices)
        self._wire = wire

    def filter(self, attribute: str, pattern: str) -> "DeviceDict":
        """Those of which an attribute matches a regular expression somewhere."""
        fitting = re.compile(pattern)
        return DeviceDict(self._wire, *(d for d in self.values() if fitting.search(str(d.of(attribute) or ""))))

    def update_inventory(self) -> "Lazy[DeviceDict]":
        """Read it anew."""

        def read(timeout: float | None) -> DeviceDict:
            listed = self._wire.ask("GET", "/inventory", timeout=timeout)["devices"]
            self.clear()
            self.update({attributes["name"]: Device(self._wire, attributes) for attributes in listed})
            return self

        return Lazy(read)


class Device:
    """One device of the inventory."""

    def __init__(self, wire: Wire, attributes: dict[str, Any]) -> None:
        self._wire = wire
        self.name: str = attributes["name"]
        self.attributes = SimpleNamespace(internal=attributes)
        self.snmp = Snmp(wire, self.name)
        self.http = Http(wire, self.name)
        self.swagger = Swagger(wire, self.name)

    def of(self, attribute: str) -> Any:
        """One of its attributes."""
        return self.attributes.internal.get(attribute)

    def exec(
        self,
        commands: str | list[str],
        *,
        timeout: float = 0,
        reset_before: bool = False,
        reset_after: bool = False,
        sudo: bool = False,
    ) -> "Lazy[Results]":
        """Run commands on its terminal; `timeout` is for each of them."""
        if sudo or reset_before or reset_after:
            raise NotImplementedError("this double runs commands and nothing else")
        lines = [commands] if isinstance(commands, str) else list(commands)
        body = {"commands": lines, "timeout": timeout}

        def ask(wait: float | None) -> Results:
            found = self._wire.ask("POST", f"/devices/{self.name}/exec", body, timeout=wait)
            return Results({self.name: Results({r["command"]: _entry(r) for r in found["results"]}, found)}, found)

        return Lazy(ask)

    def update_swagger(self) -> Lazy[Any]:
        """Read the document of its API."""
        return self.swagger.update()


class Results(dict[str, Any]):
    """Results by device, or by command, with a status for all of them."""

    def __init__(self, found: dict[str, Any], answer: dict[str, Any]) -> None:
        super().__init__(found)
        self.status = ExecStatus(answer["status"])
        self.status_message = answer["status_message"]


class Snmp:
    """SNMP of one device."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire, self._name = wire, name

    def get(self, oid: str, **_: Any) -> "Lazy[list[Any]]":
        """One value."""
        return self._rows("get", oid)

    def walk(self, oid: str, **_: Any) -> "Lazy[list[Any]]":
        """All values below."""
        return self._rows("walk", oid)

    def _rows(self, operation: str, oid: str) -> "Lazy[list[Any]]":
        def ask(timeout: float | None) -> list[Any]:
            body = {"operation": operation, "oid": oid}
            rows = self._wire.ask("POST", f"/devices/{self._name}/snmp", body, timeout=timeout)["rows"]
            return [SimpleNamespace(oid_str=row["oid"], type=row["type"], value=row["value"]) for row in rows]

        return Lazy(ask)


class Http:
    """HTTP of one device."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire, self._name = wire, name

    def get(self, path: str, **_: Any) -> Lazy[Any]:
        """GET."""

        def ask(timeout: float | None) -> Any:
            found = self._wire.ask("POST", f"/devices/{self._name}/http", {"path": path}, timeout=timeout)
            return SimpleNamespace(status_code=found["status"], text=found["text"], headers=found["headers"])

        return Lazy(ask)


class Swagger(Http):
    """The API of one device that a document describes."""

    def __init__(self, wire: Wire, name: str) -> None:
        super().__init__(wire, name)
        self._paths: dict[str, Any] | None = None

    @property
    def paths(self) -> dict[str, Any]:
        """Path -> methods. Raises: RuntimeError, before `update_swagger`."""
        if self._paths is None:
            raise RuntimeError("update_swagger first")
        return self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def get(self, path: str, *, parameters: dict[str, Any] | None = None, **_: Any) -> Lazy[Any]:
        """GET a path of the document."""
        if path not in self.paths:
            raise KeyError(path)
        return super().get(path)

    def update(self) -> Lazy[Any]:
        """Read the document."""

        def ask(timeout: float | None) -> dict[str, Any]:
            self._paths = dict(self._wire.ask("GET", f"/devices/{self._name}/swagger", timeout=timeout)["paths"])
            return self._paths

        return Lazy(ask)


def _entry(found: dict[str, str]) -> Any:
    return SimpleNamespace(
        command=found["command"],
        data=found["data"],
        status=ExecStatus(found["status"]),
        status_message=found["status_message"],
    )
