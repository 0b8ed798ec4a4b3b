"""Path traces: begin one, read what it found. Hides the two forms in which the elements on the way come."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import AliasChoices, Field

from mcp_catalyst_center.calls.shapes import UUID, Payload
from mcp_catalyst_center.client import V1, CatalystClient
from mcp_catalyst_center.models.paths import AccessListFinding, PathHop, PathPort, PathTrace
from mcp_catalyst_center.models.shared import Answered
from mcp_common.untrusted import Untrusted, one_line

_FLOWS = f"{V1}/flow-analysis"
_NO_TRACE = "There is no path trace with this id; Catalyst Center forgets them after a day. Call trace_path."
_MOST_HOPS = 40
_MOST_ENTRIES = 10
_STATES = {"COMPLETED": "completed", "FAILED": "failed", "INPROGRESS": "in_progress"}


class _Begun(Answered):
    trace_id: str = Field(validation_alias="flowAnalysisId", pattern=rf"^{UUID}$")


class _Asked(Answered):
    status: Untrusted | None = None
    source: Untrusted | None = Field(default=None, validation_alias="sourceIP")
    destination: Untrusted | None = Field(default=None, validation_alias="destIP")
    reason: Untrusted | None = Field(default=None, validation_alias="failureReason")


class _Element(Answered):
    """An element on the way; its ports are nested in the newer form and flat in the older one."""

    id: str | None = None
    name: Untrusted | None = None
    address: Untrusted | None = Field(default=None, validation_alias="ip")
    type: Untrusted | None = None
    role: Untrusted | None = None
    found_by: Untrusted | None = Field(default=None, validation_alias="linkInformationSource")
    entered: dict[str, Any] | None = Field(
        default=None, validation_alias=AliasChoices("ingressInterface", "ingressPhysicalInterface")
    )
    left: dict[str, Any] | None = Field(
        default=None, validation_alias=AliasChoices("egressInterface", "egressPhysicalInterface")
    )
    load: dict[str, Any] | None = Field(default=None, validation_alias="deviceStatistics")

    def hop(self) -> PathHop:
        """In our words."""
        known = {"id", "name", "address", "type", "role", "found_by"}
        cpu = _inside(self.load, "cpuStatistics").get("fiveMinUsageInPercentage")
        return PathHop(
            **self.model_dump(include=known),
            entered=_port(self.entered),
            left=_port(self.left),
            cpu_percent=cpu if isinstance(cpu, int | float) else None,
        )


class TraceAnswer(Answered):
    """What is known of a trace."""

    asked: _Asked = Field(validation_alias="request")
    newer: list[_Element] | None = Field(default=None, validation_alias="networkElementsInfo")
    older: list[_Element] | None = Field(default=None, validation_alias="networkElements")

    def trace(self, trace_id: str) -> PathTrace:
        """In our words. A trace that ended with a reason and without a way has failed, whatever it is called."""
        hops = [element.hop() for element in self.newer or self.older or []]
        status = _STATES.get(self.asked.status or "", "unrecognised")
        if status == "completed" and not hops and self.asked.reason:
            status = "failed"
        return PathTrace.model_validate(
            {
                "status": status,
                "trace_id": trace_id,
                "source": self.asked.source,
                "destination": self.asked.destination,
                "blocked": _blocked(hops),
                "hops": hops[:_MOST_HOPS],
                "more_hops": max(0, len(hops) - _MOST_HOPS) or None,
                "reason": self.asked.reason,
            }
        )


async def start_trace(catalyst: CatalystClient, body: Mapping[str, Any], *, find_out: str) -> str:
    """Begin a trace, once; its id."""
    return (await catalyst.send(Payload[_Begun], "POST", _FLOWS, body=body, find_out=find_out)).root.trace_id


async def read_trace(catalyst: CatalystClient, trace_id: str) -> PathTrace:
    """Read how far a trace is, and what it found."""
    answer = (await catalyst.get(Payload[TraceAnswer], _FLOWS, trace_id, missing=_NO_TRACE)).root
    return answer.trace(trace_id)


def _blocked(hops: list[PathHop]) -> bool | None:
    lists = [found for hop in hops for port in (hop.entered, hop.left) if port for found in port.access_lists or []]
    return any(found.result == "DENY" for found in lists) if lists else None


def _port(given: Mapping[str, Any] | None) -> PathPort | None:
    if not given:
        return None
    physical = _inside(given, "physicalInterface") or given
    parts = [physical, *(part for part in _list(given, "virtualInterface"))]
    drops = [
        number for part in parts if isinstance(number := _inside(part, "interfaceStatistics").get("outputDrop"), int)
    ]
    classes = [shown for part in parts for shown in _classes(part)]
    lists = [found for part in parts if (found := _access_list(_inside(part, "aclAnalysis"))) is not None]
    return PathPort(
        name=_text(physical, "name"),
        vlan=None if physical.get("usedVlan") == "NA" else _text(physical, "usedVlan"),
        vrf=_text(physical, "vrfName"),
        drops=sum(drops) if drops else None,
        qos_drops=classes or None,
        access_lists=lists or None,
    )


def _classes(port: Mapping[str, Any]) -> Iterator[str]:
    for found in _list(port, "qosStatistics")[:_MOST_ENTRIES]:
        dropped = found.get("queueTotalDrops") or found.get("dropRate")
        if isinstance(dropped, int) and dropped > 0:
            yield f"{one_line(str(found.get('classMapName')))}: {dropped}"


def _access_list(found: Mapping[str, Any]) -> AccessListFinding | None:
    if not found:
        return None
    matching = [_text(entry, "ace") for entry in _list(found, "matchingAces")[:_MOST_ENTRIES]]
    return AccessListFinding(
        name=_text(found, "aclName"), result=_text(found, "result"), entries=[ace for ace in matching if ace] or None
    )


def _inside(value: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    found = (value or {}).get(name)
    return found if isinstance(found, dict) else {}


def _list(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _text(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    return found if isinstance(found, str) else None
