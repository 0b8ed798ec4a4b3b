"""A client of the Catalyst Center simulator, as short as tests like it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
from starlette.applications import Starlette

from simulators.catalyst_center import PASSWORD, USERNAME
from simulators.catalyst_center.controller import Controller
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from simulators.world.models import Device, Template

V1 = "/dna/intent/api/v1"
V2 = "/dna/intent/api/v2"
TEMPLATES = f"{V1}/template-programmer/template"
DEPLOY = f"{V1}/template-programmer/template/deploy"
DEPLOY_V2 = f"{V2}/template-programmer/template/deploy"


class Center:
    """The application, what it knows, and a client."""

    def __init__(self, app: Starlette, http: httpx2.AsyncClient) -> None:
        self.app = app
        self.http = http
        self.controller = cast("Controller", app.state.controller)
        self.faults = cast("Faults", app.state.faults)
        self.clock = cast("SteppedClock", self.controller.clock)
        self.world: World = self.controller.world

    @classmethod
    @asynccontextmanager
    async def over(cls, app: Starlette) -> "AsyncIterator[Center]":
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://center") as http:
            yield cls(app, http)

    async def log_in(self) -> None:
        answer = await self.http.post("/dna/system/api/v1/auth/token", auth=(USERNAME, PASSWORD))
        self.http.headers["X-Auth-Token"] = answer.json()["Token"]

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON of a good answer."""
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def response(self, path: str, **query: Any) -> Any:
        """What is in the envelope of a good answer."""
        return (await self.get(path, **query))["response"]

    async def refusal(self, path: str, **query: Any) -> tuple[int, str]:
        """Status and detail of an error in the envelope."""
        answer = await self.http.get(path, params=query)
        return answer.status_code, answer.json()["response"]["detail"]

    async def deploy_v1(self, body: dict[str, Any]) -> str:
        """The text that v1 answers with."""
        answer = await self.http.post(DEPLOY, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["deploymentId"])

    async def deploy_v2(self, body: dict[str, Any]) -> dict[str, Any]:
        """The task v2 names, once it has ended."""
        answer = await self.http.post(DEPLOY_V2, json=body)
        assert answer.status_code == 202, answer.text
        self.clock.advance(self.controller.behaviour.task_seconds)
        task: dict[str, Any] = await self.response(f"{V1}/task/{answer.json()['response']['taskId']}")
        return task

    async def status(self, deployment_id: str) -> dict[str, Any]:
        """The whole status, or an empty one while it is 404."""
        answer = await self.http.get(f"{DEPLOY}/status/{deployment_id}")
        return cast("dict[str, Any]", answer.json()) if answer.status_code == 200 else {}

    def broken_switch(self) -> Device:
        """A switch nobody can reach."""
        return next(
            device
            for device in self.world.devices.values()
            if not device.reachable and device.platform.family == "Switches and Hubs"
        )


VLAN = {"vlan_id": "120", "vlan_name": "CAMERAS", "interface": "GigabitEthernet1/0/7"}


def target(device: Device, params: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": device.id, "type": "MANAGED_DEVICE_UUID", "params": VLAN if params is None else params}


def request_for(template: Template, *targets: dict[str, Any], force: bool = False, version: int = -1) -> dict[str, Any]:
    return {
        "templateId": template.versions[version].id,
        "mainTemplateId": template.id,
        "forcePushTemplate": force,
        "isComposite": False,
        "targetInfo": list(targets),
    }


def deployment_id(text: str) -> str:
    found = re.search(r"Template Deploye?m?e?nt Id: ([0-9a-f-]{36})", text)
    assert found, text
    return found[1]
