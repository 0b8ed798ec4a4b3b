"""A Catalyst Center that follows a script, for what no well-behaved one would do."""

import json
from typing import Any

import httpx2

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_common.testing.upstream import FarSide, SteppingClock
from mcp_common.vault import Secret

V1 = "/dna/intent/api/v1"
TEMPLATE = "11111111-0000-4000-8000-000000000001"
OLD_VERSION = "11111111-0000-4000-8000-000000000002"
NEW_VERSION = "11111111-0000-4000-8000-000000000003"
DEVICE = "22222222-0000-4000-8000-000000000001"
OTHER_DEVICE = "22222222-0000-4000-8000-000000000002"
TASK = "33333333-0000-4000-8000-000000000001"
DEPLOYMENT = "44444444-0000-4000-8000-000000000001"

DEPLOY = "POST /dna/intent/api/v2/template-programmer/template/deploy"
PREVIEW = f"PUT {V1}/template-programmer/template/preview"
TASK_ROUTE = f"GET {V1}/task/{TASK}"
NEWER_TASK_ROUTE = f"GET {V1}/tasks/{TASK}"
STATUS_ROUTE = f"GET {V1}/template-programmer/template/deploy/status/{DEPLOYMENT}"
VERSIONS_ROUTE = f"GET {V1}/template-programmer/template/version/{TEMPLATE}"
DETAIL_ROUTE = f"GET {V1}/template-programmer/template/{NEW_VERSION}"
DEVICE_ROUTE = f"GET {V1}/network-device/{DEVICE}"


def bare(value: Any) -> httpx2.Response:
    return httpx2.Response(200, json=value)


def enveloped(value: Any) -> httpx2.Response:
    return bare({"response": value, "version": "1.0"})


def task(text: str, **members: Any) -> httpx2.Response:
    return enveloped({"id": TASK, "progress": text, "isError": False, "startTime": 1_700_000_000_000} | members)


def named(spelling: str = "Deployemnt", tail: str = "") -> httpx2.Response:
    """The task's answer that names the deployment."""
    return task(f"Template {spelling} Id: {DEPLOYMENT}{tail}", endTime=1_700_000_001_000)


def status(overall: str, *devices: tuple[str, str]) -> httpx2.Response:
    return bare(
        {
            "deploymentId": DEPLOYMENT,
            "templateName": "vlan",
            "projectName": "Access",
            "templateVersion": "2",
            "status": overall,
            "statusMessage": None,
            "devices": [
                {"deviceId": device, "name": "sw1", "ipAddress": "10.0.0.1", "status": state, "duration": "1 second"}
                for device, state in devices or [(DEVICE, overall)]
            ],
        }
    )


class ScriptedController(FarSide):
    """Everything up to the deployment goes well; a test changes one route."""

    def __init__(self) -> None:
        super().__init__()
        version = {"author": "ada", "versionComment": "", "id": OLD_VERSION, "version": "1", "versionTime": 1_000_000}
        newest = version | {"id": NEW_VERSION, "version": "2", "versionTime": 2_000_000}
        draft = {"id": TEMPLATE, "author": "ada", "versionTime": 3_000_000}
        listed = {"templateId": TEMPLATE, "name": "vlan", "projectName": "Access", "composite": False}
        params = [{"parameterName": "vlan", "dataType": "INTEGER", "required": True, "defaultValue": None}]
        self.on(f"POST {TOKEN_PATH}", bare({"Token": "t0k3n"}))
        self.on(VERSIONS_ROUTE, bare([listed | {"versionsInfo": [newest, draft, version]}]))
        self.on(DETAIL_ROUTE, bare({"id": NEW_VERSION, "name": "vlan", "templateParams": params}))
        self.on(DEVICE_ROUTE, enveloped({"id": DEVICE, "hostname": "sw1"}))
        self.on(PREVIEW, bare({"cliPreview": "vlan 20\n", "validationErrors": []}))
        self.on(DEPLOY, httpx2.Response(202, json={"response": {"taskId": TASK, "url": "/x"}, "version": "1.0"}))
        self.on(TASK_ROUTE, named())
        self.on(STATUS_ROUTE, status("SUCCESS"))

    @property
    def deployments(self) -> list[dict[str, Any]]:
        """The bodies of the deployments that arrived."""
        return [json.loads(request.content) for request in self.sent(DEPLOY)]


def client_of(controller: FarSide, clock: SteppingClock) -> CatalystClient:
    """A client whose whole network is `controller`."""

    async def credentials() -> Secret:
        return Secret({"base_url": "http://127.0.0.1", "username": "svc", "password": "s3cret"}, 1)

    class Patient(CatalystClient):
        pass

    Patient.clock = clock
    return Patient(credentials, transport=httpx2.MockTransport(controller))
