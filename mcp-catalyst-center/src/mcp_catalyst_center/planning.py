"""What a deployment would send: found out, checked and rendered before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp_catalyst_center.arguments import named
from mcp_catalyst_center.calls.templates import ListedTemplate, read_template, read_template_versions, render_preview
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.templates import TemplateVersion
from mcp_common.errors import Conflict, InvalidArguments

_MOST_MEMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be deployed, and where."""

    template_id: str
    device_id: str
    params: Mapping[str, Any]
    force: bool
    wait: float


@dataclass(frozen=True, slots=True)
class Part:
    """A template in the version that is to be deployed. `members` are there when it is a composite."""

    template: ListedTemplate
    version: TemplateVersion
    members: tuple["Part", ...] = ()


async def part_of(catalyst: CatalystClient, template_id: str) -> Part:
    """Find the newest committed version of a template, and of the members of a composite.

    Raises:
        NotFound: no such template.
        Conflict: it, or a member, was never committed, or is a composite within a composite.

    """
    part = _newest(await read_template_versions(catalyst, template_id))
    if not part.template.composite:
        return part
    inside = (await read_template(catalyst, part.version.id)).members or []
    members = [_newest(await read_template_versions(catalyst, member.id)) for member in inside[:_MOST_MEMBERS]]
    if not members or len(inside) > _MOST_MEMBERS or any(member.template.composite for member in members):
        raise Conflict("This composite is empty, too large, or holds other composites: deploy its members one by one.")
    return Part(part.template, part.version, tuple(members))


def _newest(template: ListedTemplate) -> Part:
    versions = template.versions
    if not versions:
        raise Conflict(
            "This template, or a member of it, has no committed version, and only those can be deployed. "
            "Commit one in Catalyst Center."
        )
    return Part(template, versions[0])


async def must_render(catalyst: CatalystClient, part: Part, order: Order) -> None:
    """Render without sending; Catalyst Center renders no composites, so their members one by one.

    Raises:
        InvalidArguments: when it does not render with these parameters.

    """
    for single in part.members or (part,):
        wanted = (await read_template(catalyst, single.version.id)).params or []
        if missing := [param.name for param in wanted if param.must_be_given and param.name not in order.params]:
            raise InvalidArguments(f"params: missing {named(missing)}. Nothing was deployed.")
        preview = await render_preview(catalyst, single.version.id, order.device_id, order.params)
        if preview.problems:
            raise InvalidArguments(
                "The template does not render for this device with these params, so nothing was deployed. "
                "Call preview_template to see why.",
                detail="; ".join(preview.problems)[:500],
            )


def deployment_body(part: Part, hostname: str | None, order: Order) -> dict[str, Any]:
    """Word the request. `templateId` has to be that of the version: the template's own is refused.

    `copyingConfig` saves the running configuration; it is in no published schema, and is honoured.
    """
    return {
        "templateId": part.version.id,
        "mainTemplateId": part.template.id,
        "forcePushTemplate": order.force,
        "isComposite": bool(part.members),
        "memberTemplateDeploymentInfo": [deployment_body(member, hostname, order) for member in part.members],
        "targetInfo": [
            {
                "id": order.device_id,
                "type": "MANAGED_DEVICE_UUID",
                "hostName": hostname or "",
                "params": dict(order.params),
                "resourceParams": [{"type": "MANAGED_DEVICE_UUID", "scope": "RUNTIME", "value": order.device_id}],
                "versionedTemplateId": part.version.id,
            }
        ],
        "copyingConfig": True,
    }
