"""What an audit line says: one call, in the field names of the Elastic Common Schema, never an argument's value.

Names are flat (`"user.id"`), so that a line can be searched with grep; a search engine reads them as objects.
Own fields stand under `mcp.`. No field is named after anything a caller sent: a mapping cannot grow with the input.
"""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from itertools import islice
from typing import Any, Literal

from pydantic_core import to_json

from mcp_common.permissions import Permission
from mcp_common.principal import Principal
from mcp_common.redaction import redact

Outcome = Literal["succeeded", "asked", "denied", "failed", "unknown"]

MAX_ARGUMENTS = 32
MAX_NAME = 64
MAX_GROUPS = 64
MAX_TEXT = 512

_SUCCESSES = ("succeeded", "asked", "success", "ok", "read", "written", "login", "renewed", "rotated", "revoked")
_ECS_OUTCOME = {"unknown": "unknown", **dict.fromkeys(_SUCCESSES, "success")}
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_ODD_IN_NAME = re.compile(r"[^A-Za-z0-9_./:\-]")
_STAGES = tuple((stage, f"mcp.duration_ms.{stage}") for stage in ("auth", "policy", "secret", "upstream"))
_MEMBER_OF_EVENT = {"reason": "event.reason", "trace_id": "trace.id", "span_id": "span.id", "error_code": "error.code"}


@dataclass(kw_only=True, slots=True)
class CallRecord:
    """One call as the trail keeps it; `duration` and `timings` in seconds. Of `arguments` only names and sizes stay.

    `upstream_user` is whom the upstream took the call for, None for the platform's account.
    """

    service: str
    tool: str
    permission: str
    principal: Principal | None
    outcome: Outcome
    duration: float
    via: str = "mcp"
    upstream_user: str | None = None
    decision_id: str | None = None
    reason: str = ""
    revision: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    error_code: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    trace_id: str | None = None
    span_id: str | None = None
    source_ip: str | None = None
    request_id: str | None = None
    confirmation: Literal["form", "elicitation", "token", "declined"] | None = None


def call_line(call: CallRecord) -> bytes:
    """The line of a call, without its place in the chain."""
    tool, via = call.tool[: 2 * MAX_NAME], call.via[:MAX_NAME]  # what is kept must not be as long as a caller likes
    steady = _steady(call.service, tool, call.permission, via, call.outcome, call.principal)
    return b'{"@timestamp":"%b",%b,%b' % (_now().encode(), steady, encode(_varying(call))[1:])


@lru_cache(maxsize=4096)
def _steady(service: str, tool: str, permission: str, via: str, outcome: Outcome, principal: Principal | None) -> bytes:
    """What the calls of one caller to one tool have in common, as the inside of a JSON object: made once."""
    wanted = _permission(permission)
    fields: dict[str, Any] = {
        "ecs.version": "8.17.0",
        "event.kind": "event",
        "event.category": ["api"],
        "event.type": _types(wanted.get("mcp.action"), outcome),
        "event.action": "tool_call",
        "event.outcome": _ECS_OUTCOME.get(outcome, "failure"),
        "service.name": service,
        "mcp.tool": name_of(tool),
        "mcp.via": clean(via, MAX_NAME),
        "mcp.outcome": outcome,
        **wanted,
    }
    if principal is not None:
        fields |= _who(principal)
    return encode(fields)[1:-1]


def _varying(call: CallRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {"event.duration": round(call.duration * 1e9)}
    if call.reason:
        fields["event.reason"] = told(call.reason)
    for name, text in (
        ("user.effective.name", call.upstream_user),
        ("mcp.decision.id", call.decision_id),
        ("mcp.policy.revision", call.revision),
        ("mcp.confirmation", call.confirmation),
        ("error.code", call.error_code),
        ("trace.id", call.trace_id),
        ("span.id", call.span_id),
        ("http.request.id", call.request_id),
    ):
        if text:
            fields[name] = clean(text, MAX_TEXT)
    if call.source_ip:
        fields |= _address(call.source_ip)
    if call.arguments:
        fields["mcp.arguments"] = [
            {"name": name_of(str(name)), "size": size_of(value)}
            for name, value in islice(call.arguments.items(), MAX_ARGUMENTS)
        ]
        fields["mcp.arguments_count"] = len(call.arguments)
    timings = call.timings
    for stage, field_name in _STAGES:
        if stage in timings:
            fields[field_name] = round(timings[stage] * 1e3, 3)
    fields["mcp.duration_ms.total"] = round(call.duration * 1e3, 3)
    return fields


def event_fields(service: str, action: str, outcome: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The line of an event that is no call: a secret read, a refused login, a start or stop."""
    fields: dict[str, Any] = {
        "@timestamp": _now(),
        "ecs.version": "8.17.0",
        "event.kind": "event",
        "event.category": ["authentication" if action == "authenticate" else "configuration"],
        "event.type": [{"start": "start", "stop": "end"}.get(action, "info")],
        "event.action": action,
        "event.outcome": _ECS_OUTCOME.get(outcome, "failure"),
        "service.name": service,
        "mcp.outcome": clean(outcome, MAX_NAME),
    }
    for name, value in facts.items():
        if value is None:
            continue
        if isinstance(value, Principal):
            fields |= _who(value)
        elif name == "source_ip":
            fields |= _address(str(value))
        else:
            fields[_MEMBER_OF_EVENT.get(name, f"labels.{name_of(name)}")] = told(str(value))
    return fields


def encode(fields: Mapping[str, Any]) -> bytes:
    """The line's JSON. Text that is no Unicode (a lone surrogate) is replaced rather than the line lost."""
    try:
        return to_json(fields)
    except ValueError:
        return to_json({name: _replaced(value) for name, value in fields.items()})


def clean(text: str, limit: int) -> str:
    """Bounded text in which nothing can steer a terminal."""
    text = text[:limit]
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


def told(text: str) -> str:
    """A sentence for the trail: bounded, printable, without secrets."""
    return _told(text[: 4 * MAX_TEXT])


def name_of(text: str) -> str:
    """A tool's or argument's name: a model may have made it up, or put a secret in its place."""
    return _name(text[: 2 * MAX_NAME])


@lru_cache(maxsize=1024)
def _told(text: str) -> str:
    return clean(redact(text), MAX_TEXT)


@lru_cache(maxsize=1024)
def _name(text: str) -> str:
    return text if _PLAIN_NAME.fullmatch(text) else _ODD_IN_NAME.sub("?", redact(text)[:MAX_NAME]) or "?"


@lru_cache(maxsize=1024)
def _permission(text: str) -> dict[str, str]:
    if not text:
        return {}
    permission = Permission.parse(text)
    parts = {
        "mcp.permission": text,
        "mcp.resource": permission.resource,
        "mcp.action": permission.action,
        "mcp.object": permission.object,
    }
    return {name: part for name, part in parts.items() if part}


@lru_cache(maxsize=4096)
def _address(text: str) -> dict[str, str]:
    """`source.ip` only for an address: a search engine refuses a whole document over one that is none."""
    try:
        return {"source.ip": str(ip_address(text))}
    except ValueError:
        return {"source.address": clean(text, MAX_NAME)}


def _who(principal: Principal) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "user.id": clean(principal.subject, MAX_TEXT),
        "user.name": clean(principal.label, MAX_TEXT),
        "mcp.issuer": clean(principal.issuer, MAX_TEXT),
    }
    if principal.groups:
        fields["user.roles"] = _bounded(principal.groups)
    if principal.client_id:
        fields["mcp.client_id"] = clean(principal.client_id, MAX_TEXT)
    if principal.actors:
        fields["mcp.actors"] = _bounded(principal.actors)
    return fields


def _bounded(texts: Iterable[str]) -> list[str]:
    return [clean(text, 128) for text in islice(texts, MAX_GROUPS)]


def _types(action: str | None, outcome: Outcome) -> list[str]:
    kind = "change" if action in {"write", "execute"} else "access"
    if outcome == "denied":
        return [kind, "denied"]
    if outcome == "asked":
        return ["info", "allowed"]
    return [kind, "allowed"] if outcome == "succeeded" else [kind, "allowed", "error"]


def size_of(value: object) -> int:
    """Characters of a text, bytes of anything else as JSON; -1 for what is no JSON."""
    if isinstance(value, str):
        return len(value)
    try:
        return len(to_json(value))
    except ValueError:
        return -1


def _replaced(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _now() -> str:
    second, microsecond = divmod(time.time_ns() // 1000, 1_000_000)
    return f"{_second(second)}.{microsecond:06d}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
