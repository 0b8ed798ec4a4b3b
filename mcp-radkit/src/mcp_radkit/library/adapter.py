"""The port over RADKit's own library, as its documentation and Cisco's published code use it (client 1.8 and 1.9).

Every call of the library is in this file and in `login.py`. None of them passes `sudo` or a reset, none evaluates code,
and what is sent to a device is exactly what was asked for.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from mcp_common.errors import NotFound
from mcp_radkit.library.port import Ability, ApiPath, DeviceFacts, Executed, HttpAnswer, Outcome, SnmpRow
from mcp_radkit.library.threads import Threads
from mcp_radkit.library.troubles import as_platform_error, disconnected, no_device
from mcp_radkit.login import Terms, close_client, open_service

T = TypeVar("T")

OPENING = 30.0
"""Seconds a login and the way to the service may take together."""
GRACE = 5.0
"""Seconds a call of the library may take beyond the time it was given itself."""
LARGEST_OUTPUT = 2_000_000
"""Characters kept of one output."""

_OUTCOMES: dict[str, Outcome] = {
    "SUCCESS": "succeeded",
    "PARTIAL_SUCCESS": "partial",
    "PROCESSING": "timed_out",
}
_ABILITIES: tuple[tuple[str, Ability], ...] = (
    ("terminal_config", "cli"),
    ("netconf_config", "netconf"),
    ("snmp_version", "snmp"),
    ("snmp_config", "snmp"),
    ("http_config", "http"),
    ("swagger_config", "swagger"),
)


_HTTP_METHODS = ("get", "put", "post", "patch", "delete", "head", "options")


class LibraryPort:
    """One open client of the library, and the service it reached."""

    def __init__(self, client: Any, service: Any, threads: Threads) -> None:
        self._client = client
        self._service = service
        self._threads = threads

    @classmethod
    async def open(cls, terms: Terms, threads: Threads) -> "LibraryPort":
        """Log in.

        Raises:
            PlatformError: saying what is missing or who refused.

        """
        client, service = await threads.run(
            lambda: open_service(terms, OPENING),
            seconds=OPENING + GRACE,
            unwanted=lambda opened: close_client(opened[0]),
        )
        return cls(client, service, threads)

    async def devices(self) -> Sequence[DeviceFacts]:
        """The inventory as it is now."""

        def read() -> list[DeviceFacts]:
            self._refresh()
            return [_facts(device) for device in self._service.inventory.values()]

        return await self._run(read, OPENING)

    async def execute(self, device: str, commands: Sequence[str], seconds: float) -> Sequence[Executed]:
        """Run commands one after the other."""
        lines = list(commands)

        def run() -> list[Executed]:
            asked = self._device(device).exec(lines, timeout=seconds, reset_before=False, reset_after=False, sudo=False)
            return _executed(asked.wait(seconds), device, lines)

        return await self._run(run, seconds)

    async def snmp_get(self, device: str, oids: Sequence[str], seconds: float) -> Sequence[SnmpRow]:
        """Read single values, asked for together."""

        def read() -> list[SnmpRow]:
            snmp = self._device(device).snmp
            asked = [snmp.get(oid) for oid in oids]
            return [row for one in asked for row in _rows(one.wait(seconds).result)]

        return await self._run(read, seconds)

    async def snmp_walk(self, device: str, oid: str, seconds: float) -> Sequence[SnmpRow]:
        """Read every value below an OID."""
        return await self._run(lambda: _rows(self._device(device).snmp.walk(oid).wait(seconds).result), seconds)

    async def http_get(self, device: str, path: str, seconds: float) -> HttpAnswer:
        """GET a path of the device's own API."""
        return await self._run(lambda: _answer(self._device(device).http.get(path).wait(seconds).result), seconds)

    async def api_paths(self, device: str, seconds: float) -> Sequence[ApiPath]:
        """What the device's Swagger document lists."""

        def read() -> list[ApiPath]:
            found = self._device(device)
            found.update_swagger().wait(seconds)
            paths = found.swagger.paths
            return [ApiPath(str(path), _methods(paths[path])) for path in paths]

        return await self._run(read, seconds)

    async def swagger_get(self, device: str, path: str, seconds: float) -> HttpAnswer:
        """GET a path of the Swagger document."""

        def read() -> HttpAnswer:
            found = self._device(device)
            found.update_swagger().wait(seconds)
            plain, _, query = path.partition("?")
            if plain not in _keys(found.swagger.paths) or "GET" not in _methods(found.swagger.paths[plain]):
                raise NotFound(
                    "The device's API offers no GET of this path. http_get without a path tells what it offers."
                )
            return _answer(found.swagger.get(plain, parameters=dict(parse_qsl(query))).wait(seconds).result)

        return await self._run(read, seconds)

    async def close(self) -> None:
        """End the client."""
        await self._run(lambda: close_client(self._client), OPENING)

    async def _run(self, call: Callable[[], T], seconds: float) -> T:
        try:
            return await self._threads.run(call, seconds=seconds + GRACE)
        except Exception as problem:  # the library raises classes of its own, most of them undocumented
            raise as_platform_error(problem) from problem

    def _refresh(self) -> None:
        update = getattr(self._service, "update_inventory", None) or self._service.inventory.update_inventory
        pending = update()
        if hasattr(pending, "wait"):
            pending.wait(OPENING)

    def _device(self, name: str) -> Any:
        try:
            return self._service.inventory[name]
        except KeyError as problem:
            raise no_device() from problem


def _facts(device: Any) -> DeviceFacts:
    internal = device.attributes.internal

    def of(name: str) -> Any:
        return internal.get(name) if isinstance(internal, Mapping) else getattr(internal, name, None)

    kind = of("device_type")
    return DeviceFacts(
        name=str(device.name),
        host=str(of("host") or ""),
        kind=str(getattr(kind, "value", kind) or ""),
        description=str(of("description") or ""),
        abilities=tuple(dict.fromkeys(ability for name, ability in _ABILITIES if of(name))),
    )


def _executed(response: Any, device: str, commands: Sequence[str]) -> list[Executed]:
    """A result by device and command; a request for one device may leave the device out."""
    result = response.result
    if result is None:
        raise disconnected(f"no result; status {_status(response)}: {_message(response)}")
    mine = result[device] if device in _keys(result) else result
    there = _keys(mine)
    missing = Executed("", _OUTCOMES.get(_status(mine), "failed"), message=_message(mine) or _message(response))
    if missing.outcome == "succeeded":
        missing = Executed("", "failed", message=missing.message)
    return [
        _one(mine[command], command) if command in there else Executed(command, missing.outcome, "", missing.message)
        for command in commands
    ]


def _one(found: Any, command: str) -> Executed:
    outcome = _OUTCOMES.get(_status(found), "failed")
    text = getattr(found, "data", None)
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    text = text if isinstance(text, str) else ""
    return Executed(command, outcome, text[:LARGEST_OUTPUT], _message(found), max(0, len(text) - LARGEST_OUTPUT))


def _keys(result: Any) -> list[str]:
    return [str(key) for key in result]


def _status(found: Any) -> str:
    status = getattr(found, "status", None)
    return str(getattr(status, "value", status) or "")


def _message(found: Any) -> str:
    return str(getattr(found, "status_message", None) or "")


def _rows(result: Any) -> list[SnmpRow]:
    """Rows come in a list, or in a mapping by their number."""
    found: Iterable[Any] = result.values() if hasattr(result, "values") else (result or ())
    rows = []
    for row in found:
        value, kind = row.value, getattr(row, "type", "")
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        rows.append(SnmpRow(str(row.oid_str).removeprefix("."), str(getattr(kind, "value", kind) or ""), text))
    return rows


def _answer(result: Any) -> HttpAnswer:
    headers = {str(name).lower(): str(value) for name, value in dict(getattr(result, "headers", None) or {}).items()}
    return HttpAnswer(int(result.status_code), headers.get("content-type", ""), _body(result)[:LARGEST_OUTPUT])


def _body(result: Any) -> str:
    """Answers of the raw API have a text, or only their bytes; those of Swagger are only sure to have their JSON."""
    for name in ("text", "content", "json"):
        value = getattr(result, name, None)
        value = value() if callable(value) else value
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if value is not None:
            return value if isinstance(value, str) else json.dumps(value, default=str)
    return ""


def _methods(operations: Any) -> tuple[str, ...]:
    """What a path takes: a mapping by method, or an object with a member for each."""
    if not isinstance(operations, Iterable):
        operations = [name for name in _HTTP_METHODS if getattr(operations, name, None) is not None]
    return tuple(sorted(str(name).upper() for name in operations))
