"""Deployments: where each device stands follows from the clock."""

import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.catalyst_center.behaviour import Behaviour
from simulators.catalyst_center.template_store import Text
from simulators.clock import Clock, stamp
from simulators.happenings import Happenings, Push
from simulators.world.models import Device

_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A device as a request named it, with what it is to get."""

    device: Device
    identifier: str
    kind: str
    text: Text
    params: Mapping[str, Any]
    cli: str

    @property
    def fingerprint(self) -> str:
        """Equal for the same version with the same params."""
        return json.dumps([self.text.id, self.params], sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class Run:
    """One device of a deployment. `failure` is known before it happens; nobody is told before `ends`."""

    target: Target
    starts: float
    ends: float
    failure: str | None

    def status(self, now: float) -> str:
        """INIT, IN_PROGRESS, SUCCESS or FAILURE."""
        if now < self.starts:
            return "INIT"
        if now < self.ends:
            return "IN_PROGRESS"
        return "SUCCESS" if self.failure is None else "FAILURE"

    def describe(self, now: float) -> dict[str, object]:
        """One element of `devices`."""
        status, device = self.status(now), self.target.device
        ended = now >= self.ends
        message = {"SUCCESS": "Provisioning success for template", "FAILURE": self.failure or ""}.get(status, "")
        if status == "SUCCESS":
            message = f"{message} {self.target.text.template.name}."
        return {
            "deviceId": device.id,
            "name": device.hostname,
            "ipAddress": device.management_ip,
            "identifier": self.target.identifier,
            "targetType": self.target.kind,
            "status": status,
            "startTime": stamp(self.starts) if now >= self.starts else "",
            "endTime": stamp(self.ends) if ended else "",
            "duration": f"{round(self.ends - self.starts)} seconds" if ended else "0 seconds",
            "detailedStatusMessage": message,
        }


@dataclass(frozen=True, slots=True)
class Deployment:
    """One acceptance of a deploy request."""

    id: str
    account: str
    text: Text
    created: float
    appears: float
    runs: tuple[Run, ...]
    forced: bool

    def status(self, now: float) -> str:
        """FAILURE when any device failed, once all have ended."""
        states = {run.status(now) for run in self.runs}
        if states == {"INIT"}:
            return "INIT"
        if states & {"INIT", "IN_PROGRESS"}:
            return "IN_PROGRESS"
        return "FAILURE" if "FAILURE" in states else "SUCCESS"

    def describe(self, now: float) -> dict[str, object]:
        """The answer of `deploy/status/{id}`."""
        status, template = self.status(now), self.text.template
        ends = max(run.ends for run in self.runs)
        ended = now >= ends
        return {
            "deploymentId": self.id,
            "deploymentName": f"{template.name}-{round(self.created * 1000)}",
            "projectName": template.project_name,
            "templateName": template.name,
            "templateVersion": str(self.text.version.number) if self.text.version else "",
            "status": status,
            "statusMessage": "",
            "startTime": stamp(self.created),
            "endTime": stamp(ends) if ended else "",
            "duration": f"{round(ends - self.created)} seconds" if ended else "0 seconds",
            "devices": [run.describe(now) for run in self.runs],
        }


class DeploymentStore:
    """Every deployment of a controller, oldest first."""

    def __init__(self, behaviour: Behaviour, clock: Clock, new_id: Callable[[], str], happenings: Happenings) -> None:
        self._happenings = happenings
        self._behaviour = behaviour
        self._clock = clock
        self._new_id = new_id
        self._deployments: dict[str, Deployment] = {}
        self.posts = 0
        """Deploy requests received, whatever became of them."""

    def all(self) -> list[Deployment]:
        """Oldest first."""
        return list(self._deployments.values())

    def visible(self, deployment_id: str) -> Deployment | None:
        """None too in the moments after its id was named."""
        deployment = self._deployments.get(deployment_id)
        return deployment if deployment and self._clock() >= deployment.appears else None

    def already_there(self, target: Target) -> bool:
        """True when the last deployment of the template to the device ended well with the same version and params."""
        now, root = self._clock(), target.text.template.id
        for deployment in reversed(self._deployments.values()):
            for run in deployment.runs:
                if run.target.device.id == target.device.id and run.target.text.template.id == root:
                    return run.status(now) == "SUCCESS" and run.target.fingerprint == target.fingerprint
        return False

    def pushed_to(self, device_id: str) -> list[str]:
        """What the device has taken so far, oldest first."""
        return [cli for _, cli in self.pushes_to(device_id)]

    def pushes_to(self, device_id: str) -> list[tuple[float, str]]:
        """When the device took what, oldest first."""
        now = self._clock()
        runs = (run for deployment in self._deployments.values() for run in deployment.runs)
        mine = (run for run in runs if run.target.device.id == device_id and run.status(now) == "SUCCESS")
        return [(run.ends, run.target.cli) for run in sorted(mine, key=lambda run: run.ends)]

    def begin(
        self,
        text: Text,
        targets: Sequence[tuple[Target, str | None]],
        *,
        account: str,
        named_at: float,
        forced: bool,
    ) -> Deployment:
        """Push to every target, each with the failure it will end in. Several devices at once, the others wait."""
        now, behaviour = self._clock(), self._behaviour
        slots = [named_at + behaviour.init_seconds] * _AT_ONCE
        runs = []
        for target, failure in targets:
            starts = heapq.heappop(slots)
            ends = starts + (behaviour.push_seconds if target.device.reachable else behaviour.connect_timeout)
            heapq.heappush(slots, ends)
            runs.append(Run(target, starts, ends, failure))
        deployment = Deployment(
            self._new_id(), account, text, now, named_at + behaviour.appears_after, tuple(runs), forced
        )
        self._deployments[deployment.id] = deployment
        for run in runs:
            if run.failure is None:
                self._happenings.add(Push(run.ends, run.target.device.hostname, run.target.cli))
        return deployment
