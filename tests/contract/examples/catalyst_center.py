"""A good call of every tool of Catalyst Center, made of what the controller holds."""

import inspect
from typing import Any

from fastmcp import Client
from starlette.applications import Starlette

from simulators.catalyst_center import PASSWORD, USERNAME, create_app
from simulators.world.clients import clients_of
from simulators.world.models import Device, Template
from simulators.world.story import FLAGSHIP
from tests.contract.examples import Arguments, Examples, Upstream
from tests.simulators.center import V1, VLAN, Center, deployment_id, request_for, target

_READ_REQUEST = f"{V1}/network-device-poller/cli/read-request"
_TEXT = "ip domain name {{ domain }}\n"


class Office(Center):
    """The controller, and the things of the company that the calls are about."""

    @property
    def switch(self) -> Device:
        return self.world.device_named(FLAGSHIP)

    @property
    def template(self) -> Template:
        return self.world.template_named("Access VLAN")

    @property
    def draft(self) -> Template:
        return self.world.template_named("Login Banner")

    @property
    def order(self) -> Arguments:
        device = self.world.device_named("zrh01-f01-acc-01")
        return {"template_id": self.template.id, "device_id": device.id}

    def site(self, kind: str) -> str:
        return next(site.id for site in self.world.sites.values() if site.kind == kind and "ZRH01" in site.hierarchy)

    def archived(self, age: int) -> str:
        files = self.controller.archive.files(self.switch)
        return [file.id for file in files if file.kind == "RUNNINGCONFIG"][age]

    async def posted(self, path: str, body: dict[str, Any], member: str) -> str:
        """A member of what the controller answers to a request that it took."""
        answer = await self.http.post(path, json=body)
        assert answer.status_code == 202, answer.text
        self.clock.advance(60.0)
        return str(answer.json()["response"][member])

    async def command_task(self) -> str:
        body = {"commands": ["show version"], "deviceUuids": [self.switch.id]}
        return await self.posted(_READ_REQUEST, body, "taskId")

    async def trace(self) -> str:
        body = {"sourceIP": self.switch.management_ip, "destIP": clients_of(self.switch)[0].ip}
        return await self.posted(f"{V1}/flow-analysis", body, "flowAnalysisId")

    async def deployment(self) -> str:
        device = self.world.device_named("zrh01-f01-acc-01")
        text = await self.deploy_v1(request_for(self.template, target(device)))
        self.clock.advance(60.0)
        return deployment_id(text)


async def _command_output(office: Office) -> Arguments:
    return {"task_id": await office.command_task()}


async def _path_trace(office: Office) -> Arguments:
    return {"trace_id": await office.trace()}


async def _deployment_status(office: Office) -> Arguments:
    return {"deployment_id": await office.deployment()}


async def _deployments(office: Office) -> Arguments:
    await office.deployment()
    return office.order


async def _task(office: Office) -> Arguments:
    return {"task_id": await office.command_task()}


async def _tasks(office: Office) -> Arguments:
    await office.command_task()
    return {}


EXAMPLES: Examples = {
    "list_devices": lambda office: {"hostname": "zrh01-*", "limit": 5},
    "get_device": lambda office: {"device_id": office.switch.id},
    "count_devices": lambda office: {"by": "role"},
    "list_interfaces": lambda office: {"device_id": office.switch.id},
    "get_device_config": lambda office: {"device_id": office.switch.id},
    "resync_devices": lambda office: {"device_ids": [office.switch.id]},
    "list_allowed_commands": lambda office: {},
    "run_commands": lambda office: {"device_ids": [office.switch.id], "commands": ["show version"]},
    "get_command_output": _command_output,
    "get_all_templates": lambda office: {},
    "get_template": lambda office: {"template_id": office.template.id},
    "list_template_versions": lambda office: {"template_id": office.template.id},
    "preview_template": lambda office: office.order | {"params": VLAN},
    "deploy_template": lambda office: office.order | {"params": VLAN},
    "get_deployment_status": _deployment_status,
    "find_deployments": _deployments,
    "get_compliance_summary": lambda office: {},
    "get_device_compliance": lambda office: {"device_id": office.switch.id},
    "run_compliance_check": lambda office: {"device_ids": [office.switch.id]},
    "get_network_health": lambda office: {},
    "list_site_health": lambda office: {},
    "list_device_health": lambda office: {},
    "get_device_health": lambda office: {"device_id": office.switch.id},
    "get_client_health": lambda office: {},
    "get_client": lambda office: {"mac": clients_of(office.switch)[0].mac},
    "list_issues": lambda office: {},
    "get_issue": lambda office: {"issue_id": next(iter(office.world.issues))},
    "resolve_issues": lambda office: {"issue_ids": [next(iter(office.world.issues))]},
    "ignore_issues": lambda office: {"issue_ids": [next(iter(office.world.issues))]},
    "list_sites": lambda office: {"name": "*ZRH01*"},
    "get_device_neighbors": lambda office: {"device_id": office.switch.id},
    "get_topology": lambda office: {"site_id": office.site("building")},
    "list_template_projects": lambda office: {},
    "create_template_project": lambda office: {"name": "Edge"},
    "create_template": lambda office: {
        "project_id": office.template.project_id,
        "name": "Edge",
        "content": _TEXT,
    },
    "update_template": lambda office: {"template_id": office.draft.id, "content": _TEXT},
    "commit_template": lambda office: {"template_id": office.draft.id, "comment": "Agreed"},
    "list_images": lambda office: {"golden": True},
    "list_image_compliance": lambda office: {"role": "ACCESS", "limit": 5},
    "list_archived_configs": lambda office: {"device_id": office.switch.id},
    "get_archived_config": lambda office: {"config_id": office.archived(0)},
    "compare_archived_configs": lambda office: {"before_id": office.archived(1), "after_id": office.archived(0)},
    "list_events": lambda office: {"device_id": office.switch.id},
    "trace_path": lambda office: {
        "source": office.switch.management_ip,
        "destination": clients_of(office.switch)[0].ip,
    },
    "get_path_trace": _path_trace,
    "list_advisories": lambda office: {},
    "list_device_advisories": lambda office: {"device_id": office.switch.id},
    "get_task": _task,
    "list_tasks": _tasks,
}


async def prepared(app: Starlette, tool: str, _: Client[Any]) -> Arguments:
    """A tool's arguments; what they refer to is there."""
    async with Office.over(app) as office:
        await office.log_in()
        found = EXAMPLES[tool](office)
        return await found if inspect.isawaitable(found) else found


def keep_logins(before: Starlette, after: Starlette) -> None:
    after.state.controller.tokens = before.state.controller.tokens


UPSTREAM = Upstream(
    simulator=create_app,
    secret={"username": USERNAME, "password": PASSWORD},
    logins=("/dna/system/api/v1/auth/token",),
    groups=("admin",),
    account="admin",
    examples=EXAMPLES,
    prepared=prepared,
    log=lambda app: app.state.controller.requests,
    keep_logins=keep_logins,
    repeatable=frozenset({("PUT", "/template/preview"), ("POST", "/downloadMasked")}),
)
