"""Path traces: asked for, INPROGRESS for a moment, then COMPLETED with the devices on the way, or FAILED."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from simulators.catalyst_center.path_finding import Endpoint, Hop, locate, way
from simulators.clock import millis
from simulators.world import World
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device
from simulators.world.naming import Names

INCLUSIONS = {"INTERFACE_STATS", "QOS_STATS", "DEVICE_STATS", "PERFORMANCE_STATS", "ACL_TRACE"}
_TELNET = "23"


@dataclass(frozen=True, slots=True)
class Trace:
    """One request, as it was worded."""

    id: str
    asked: dict[str, Any]
    began: float
    ends: float
    world: World
    inclusions: frozenset[str] = field(default_factory=frozenset)

    def request(self, now: float) -> dict[str, object]:
        """The `request` member, which holds the status and why it failed."""
        record: dict[str, object] = {
            **self.asked,
            "id": self.id,
            "status": "INPROGRESS",
            "createTime": millis(self.began),
            "lastUpdateTime": 0,
            "controlPath": False,
            "periodicRefresh": False,
        }
        if now < self.ends:
            return record
        hops, reason = self._result()
        record["status"] = "COMPLETED" if hops else "FAILED"
        record["lastUpdateTime"] = millis(self.ends)
        return record | ({} if hops else {"failureReason": reason})

    def describe(self, now: float) -> dict[str, object]:
        """The answer of `/flow-analysis/{id}`."""
        hops, _ = self._result() if now >= self.ends else ([], "")
        found = locate(self.world, str(self.asked["sourceIP"])) if hops else None
        hosts = [_host(found)] if found and found.client else []
        end = locate(self.world, str(self.asked["destIP"])) if hops else None
        last = [_host(end)] if end and end.client else []
        elements = [self._element(hop, is_last=hop is hops[-1]) for hop in hops]
        return {
            "request": self.request(now),
            "lastUpdate": "",
            "networkElementsInfo": [*hosts, *elements, *last],
            "networkElements": [],
        }

    def _result(self) -> tuple[list[Hop], str]:
        source, target = (locate(self.world, str(self.asked[name])) for name in ("sourceIP", "destIP"))
        for which, found, name in (("source", source, "sourceIP"), ("destination", target, "destIP")):
            if found is None:
                text = f"Not able to locate interface or host based on {which} ip address {self.asked[name]}"
                return [], text
        if source is None or target is None:
            return [], ""
        hops = way(self.world, source, target)
        return hops, f"No path found between {self.asked['sourceIP']} and {self.asked['destIP']}"

    def _element(self, hop: Hop, *, is_last: bool) -> dict[str, object]:
        device = hop.device
        element: dict[str, object] = {
            "id": device.id,
            "name": device.hostname,
            "type": device.platform.family,
            "ip": device.management_ip,
            "role": device.role,
            "linkInformationSource": "ECMP" if device.role in {"CORE", "BORDER ROUTER"} else "Switched",
        }
        for name, port in (("ingressInterface", hop.entered), ("egressInterface", hop.left)):
            if port is not None:
                element[name] = {"physicalInterface": self._port(device, port)}
        if "DEVICE_STATS" in self.inclusions:
            element["deviceStatsCollection"] = "SUCCESS"
            element["deviceStatistics"] = _load(device)
        if is_last and hop.entered is not None and "ACL_TRACE" in self.inclusions:
            entered = self._port(device, hop.entered) | {"aclAnalysis": self._access_list()}
            element["ingressInterface"] = {"physicalInterface": entered}
        return element

    def _port(self, device: Device, name: str) -> dict[str, object]:
        port = next((port for port in interfaces_of(device) if port.name == name), None)
        key = port.id if port else str(uuid.uuid5(uuid.UUID(device.id), name))
        record: dict[str, object] = {"id": key, "name": name, "vrfName": "global", "usedVlan": "NA"}
        rng = Names(self.world.seed).rng("traffic", device.id, name)
        if "INTERFACE_STATS" in self.inclusions:
            record["interfaceStatsCollection"] = "SUCCESS"
            record["interfaceStatistics"] = {
                "adminStatus": "up",
                "operationalStatus": "up",
                "inputRatebps": rng.randint(10_000, 900_000_000),
                "outputRatebps": rng.randint(10_000, 900_000_000),
                "inputQueueDrops": 0,
                "outputDrop": rng.choice((0, 0, 0, 17, 4_120)),
            }
        if "QOS_STATS" in self.inclusions:
            record["qosStatsCollection"] = "SUCCESS"
            record["qosStatistics"] = [
                {
                    "classMapName": name,
                    "dropRate": drops,
                    "offeredRate": rng.randint(0, 5_000_000),
                    "queueTotalDrops": drops,
                }
                for name, drops in (("VOICE", 0), ("class-default", rng.choice((0, 0, 311))))
            ]
        return record

    def _access_list(self) -> dict[str, object]:
        denied = str(self.asked.get("destPort")) == _TELNET
        result, ace = ("DENY", "deny tcp any any eq telnet") if denied else ("PERMIT", "permit ip any any")
        return {"aclName": "MGMT-IN", "result": result, "matchingAces": [{"ace": ace, "result": result}]}


def _host(endpoint: Endpoint) -> dict[str, object]:
    client = endpoint.client
    if client is None:
        return {}
    return {
        "id": str(uuid.uuid5(uuid.UUID(endpoint.device.id), client.mac)),
        "name": client.name,
        "ip": client.ip,
        "type": "wired" if client.wired else "wireless",
        **({} if client.wired else {"ssid": client.ssid}),
    }


def _load(device: Device) -> dict[str, object]:
    rng = Names(0).rng("load", device.id)
    return {
        "cpuStatistics": {
            "fiveMinUsageInPercentage": rng.randint(3, 40),
            "oneMinUsageInPercentage": rng.randint(3, 60),
        },
        "memoryStatistics": {"memoryUsage": rng.randint(900_000, 2_000_000), "totalMemory": 4_000_000},
    }
