"""A trail in a directory of its own, and calls to write into it."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mcp_common.audit import AuditTrail, CallRecord
from mcp_common.principal import Principal

ALICE = Principal(
    subject="u-1001",
    issuer="https://idp.example",
    name="alice",
    groups=("network-engineers", "developers"),
    client_id="desktop-agent",
    actors=("agent-7", "orchestrator"),
)


def a_call(**changes: Any) -> CallRecord:
    facts: dict[str, Any] = {
        "service": "catalyst-center",
        "tool": "deploy_template",
        "permission": "catalyst-center/template:write",
        "principal": ALICE,
        "via": "rest-api-proxy",
        "decision_id": "d-1",
        "reason": "granted to network-engineers",
        "revision": "r-7",
        "arguments": {"template_id": "t-1", "params": {"vlan": 10}},
        "outcome": "succeeded",
        "error_code": None,
        "duration": 0.0125,
        "timings": {"auth": 0.001, "policy": 0.0005, "upstream": 0.01},
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": "00f067aa0ba902b7",
        "source_ip": "192.0.2.7",
        "request_id": "req-1",
    }
    return CallRecord(**(facts | changes))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit" / "catalyst-center.jsonl"


@pytest.fixture
def trail(path: Path) -> Iterator[AuditTrail]:
    opened = AuditTrail(path, service="catalyst-center")
    yield opened
    opened.close()


@pytest.fixture
def written(path: Path) -> Callable[..., Path]:
    """A closed trail of that many lines."""

    def write(count: int, **options: Any) -> Path:
        trail = AuditTrail(path, service="catalyst-center", **options)
        for number in range(count):
            trail.record(a_call(request_id=f"req-{number + 1}"))
        trail.close()
        return path

    return write


@pytest.fixture(autouse=True)
def quiet_root() -> Iterator[None]:
    """Leave the logging of the process as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    logging.captureWarnings(capture=False)
