"""The Catalyst Center calls the tools are made of. Hides envelopes, 1-based offsets, and both generations of tasks."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from mcp_catalyst_center.arguments import wildcard
from mcp_catalyst_center.login import RENEW_AFTER, TOKEN_HEADER, TOKEN_PATH, TokenAnswer, basic_authorization
from mcp_catalyst_center.models import Device
from mcp_catalyst_center.shapes import (
    ListedTemplate,
    Payload,
    PreviewAnswer,
    StatusAnswer,
    Task,
    TaskAccepted,
    TemplateAnswer,
)
from mcp_common.errors import Busy, NotFound
from mcp_common.upstream import Account, Query, UpstreamClient
from mcp_common.upstreams.upstream_login import Login

_V1 = "/dna/intent/api/v1"
_DEVICES = f"{_V1}/network-device"
_TEMPLATES = f"{_V1}/template-programmer/template"
_DEPLOY = "/dna/intent/api/v2/template-programmer/template/deploy"

PAGE = 500
"""The most that Catalyst Center answers at once."""

_NO_DEVICE = "There is no device with this id. Ask list_devices for the ids there are."
_NO_TEMPLATE = "There is no template with this id. Ask get_all_templates for the ids there are."
_NO_TASK = "There is no task with this id; Catalyst Center forgets old ones."
_NO_DEPLOYMENT = "There is no deployment with this id. Check it; find_deployments looks for one by template and device."
_COUNTED = {"hostname", "managementIpAddress"}
"""The filters `network-device/count` knows; it silently ignores any other."""


class CatalystClient(UpstreamClient):
    """Catalyst Center as the tools see it, release 2.3.7 and later."""

    service: ClassVar[str] = "Catalyst Center"
    secret_path: ClassVar[str] = "api/catalyst-center"  # noqa: S105 - where it is, not what it is

    async def log_in(self, account: Account) -> Login:
        """Trade the account for a token."""
        headers = basic_authorization(account.secret)
        answer = await self.exchange_login(account, TokenAnswer, TOKEN_PATH, headers=headers)
        return Login({TOKEN_HEADER: answer.token}, RENEW_AFTER)

    async def ready(self) -> None:
        """Count the devices: cheap, and it takes login, network and the inventory service to answer."""
        with suppress(Busy):  # who limits the rate is there
            await self.get(Payload[int], f"{_DEVICES}/count")

    async def devices(self, filters: Mapping[str, str | None], *, offset: int, limit: int) -> list[Device]:
        """Devices from `offset` (0-based). Values may hold `*`."""
        wild = {name: wildcard(value) for name, value in filters.items()}
        query = {**wild, "offset": offset + 1, "limit": limit}
        return (await self.get(Payload[list[Device]], _DEVICES, query=query)).root

    async def every_device(self, filters: Mapping[str, str | None], *, most: int) -> AsyncIterator[Device]:
        """Up to `most` devices that match, page by page."""
        for offset in range(0, most, PAGE):
            page = await self.devices(filters, offset=offset, limit=min(PAGE, most - offset))
            for device in page:
                yield device
            if len(page) < PAGE:
                return

    async def device_total(self, filters: Mapping[str, str | None]) -> int | None:
        """How many devices match, or None where Catalyst Center cannot count by these filters."""
        query = {name: wildcard(value) for name, value in filters.items() if value is not None}
        if query.keys() - _COUNTED:
            return None
        return (await self.get(Payload[int], f"{_DEVICES}/count", query=query)).root

    async def device(self, device_id: str) -> Device:
        """One device."""
        return (await self.get(Payload[Device], _DEVICES, device_id, missing=_NO_DEVICE)).root

    async def templates(self, project: str | None) -> list[ListedTemplate]:
        """All templates, drafts too, of one project or of all, in the order of their names."""
        query = {"projectNames": project, "unCommitted": True}
        found = (await self.get(Payload[list[ListedTemplate]], _TEMPLATES, query=query)).root
        return sorted(found, key=lambda template: (template.project or "", template.name or "", template.id))

    async def template(self, template_id: str) -> TemplateAnswer:
        """One template, or one version of it, with its whole text."""
        return (await self.get(Payload[TemplateAnswer], _TEMPLATES, template_id, missing=_NO_TEMPLATE)).root

    async def template_versions(self, template_id: str) -> ListedTemplate:
        """A template with its versions.

        Raises:
            NotFound: also where Catalyst Center answers an unknown id with an empty list.

        """
        root = f"{_TEMPLATES}/version"
        found = (await self.get(Payload[list[ListedTemplate]], root, template_id, missing=_NO_TEMPLATE)).root
        if not found:
            raise NotFound(_NO_TEMPLATE)
        return found[0]

    async def preview(self, template_id: str, device_id: str, params: Mapping[str, Any]) -> PreviewAnswer:
        """Render a template for a device. A PUT that changes nothing."""
        body = {"templateId": template_id, "deviceId": device_id, "params": params, "resourceParams": []}
        root = f"{_TEMPLATES}/preview"
        return (await self.send(Payload[PreviewAnswer], "PUT", root, body=body, safe=True, missing=_NO_TEMPLATE)).root

    async def start_deployment(self, body: Mapping[str, Any], *, find_out: str) -> str:
        """Send a deployment, once, and answer the id of its task."""
        return (await self.send(Payload[TaskAccepted], "POST", _DEPLOY, body=body, find_out=find_out)).root.task_id

    async def task(self, task_id: str) -> Task:
        """A task, asked the way every release knows first."""
        try:
            return (await self.get(Payload[Task], f"{_V1}/task", task_id, missing=_NO_TASK)).root
        except NotFound:
            task = (await self.get(Payload[Task], f"{_V1}/tasks", task_id, missing=_NO_TASK)).root
        # The newer generation keeps its text apart, and only once there is something to say.
        try:
            detail = (await self.get(Payload[Task], f"{_V1}/tasks", task_id, "detail")).root
        except NotFound:
            return task
        return task.model_copy(update={"progress": detail.progress, "data": detail.data, "failure": detail.failure})

    async def recent_tasks(self, since_ms: int) -> list[Task]:
        """Tasks that began since then, newest first."""
        query: Query = {"startTime": since_ms, "sortBy": "startTime", "order": "desc", "offset": 1, "limit": PAGE}
        return (await self.get(Payload[list[Task]], f"{_V1}/task", query=query)).root

    async def deployment(self, deployment_id: str) -> StatusAnswer:
        """The state of a deployment; it may be unknown for some seconds after its task has named it."""
        root = f"{_TEMPLATES}/deploy/status"
        return (await self.get(Payload[StatusAnswer], root, deployment_id, missing=_NO_DEPLOYMENT)).root
