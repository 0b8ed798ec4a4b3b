"""Reads a deploy request and decides, target by target, what is to happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.catalyst_center.answers import Refused, bad_request, not_found
from simulators.catalyst_center.controller import Controller
from simulators.catalyst_center.deployment_store import Target
from simulators.catalyst_center.rendering import render
from simulators.catalyst_center.template_store import Text
from simulators.world.models import Device

MOST_DEVICES = 100


@dataclass(slots=True)
class Plan:
    """What a request comes to."""

    text: Text
    forced: bool
    targets: list[Target] = field(default_factory=list)
    already: list[Target] = field(default_factory=list)
    not_applicable: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def plan(controller: Controller, body: Mapping[str, Any]) -> Plan:
    """Raises: Refused, when it is no request for a deployment at all."""
    infos = body.get("targetInfo")
    if not isinstance(infos, list) or not infos:
        raise Refused(400, "NCTP10028", "NCTP10028: At least one device should data should be provided")
    if len(infos) > MOST_DEVICES:
        raise bad_request(f"At most {MOST_DEVICES} devices can be deployed to in one request")
    text = committed(controller, body.get("templateId"))
    made = Plan(text, forced=body.get("forcePushTemplate") is True)
    for info in infos:
        if not isinstance(info, dict):
            raise bad_request("targetInfo is a list of objects")
        _add(controller, made, info, body)
    return made


def committed(controller: Controller, key: object) -> Text:
    """The version with this id. Raises: Refused, for a template's own id as for an unknown one."""
    text = controller.templates.find(str(key or ""))
    if text is None:
        raise not_found("template", str(key or ""))
    if text.version is None:
        raise bad_request(
            f"templateId {key} is template {text.template.name} itself, not one of its committed versions"
        )
    return text


def find_device(controller: Controller, kind: str, key: str) -> Device | None:
    """By the identifier the target type says it is."""
    for device in controller.world.devices.values():
        known = {
            "MANAGED_DEVICE_UUID": device.id,
            "MANAGED_DEVICE_IP": device.management_ip,
            "MANAGED_DEVICE_HOSTNAME": device.hostname,
        }
        if known.get(kind) == key:
            return device
    return None


def _add(controller: Controller, made: Plan, info: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    kind, identifier = str(info.get("type") or "DEFAULT"), str(info.get("id") or "")
    device = find_device(controller, kind, identifier)
    if device is None:
        made.not_applicable[identifier] = f"Device not found for target type {kind}"
        return
    text = committed(controller, info["versionedTemplateId"]) if info.get("versionedTemplateId") else made.text
    if device.platform.family not in text.template.families:
        made.not_applicable[device.id] = f"Template is not applicable for {device.platform.family}"
        return
    params = info.get("params") or {}
    if not isinstance(params, dict):
        raise bad_request("params is an object")
    cli, problems = _lines(controller, text, device, params, body)
    made.problems += problems
    target = Target(device, identifier, kind, text, params, cli)
    if not made.forced and controller.deployments.already_there(target):
        made.already.append(target)
    else:
        made.targets.append(target)


def _lines(
    controller: Controller, text: Text, device: Device, params: Mapping[str, Any], body: Mapping[str, Any]
) -> tuple[str, list[str]]:
    if not text.template.members:
        rendered = render(text, device, params)
        return rendered.cli, list(rendered.problems)
    members = body.get("memberTemplateDeploymentInfo")
    if not isinstance(members, list) or not members:
        raise bad_request("A composite template needs memberTemplateDeploymentInfo")
    cli = ""
    problems: list[str] = []
    for member in members:
        part = committed(controller, member.get("templateId") if isinstance(member, dict) else None)
        rendered = render(part, device, _member_params(member, device))
        cli += rendered.cli
        problems += rendered.problems
    return cli, problems


def _member_params(member: Mapping[str, Any], device: Device) -> Mapping[str, Any]:
    for info in member.get("targetInfo") or []:
        if isinstance(info, dict) and info.get("id") in (device.id, device.management_ip, device.hostname):
            params = info.get("params")
            return params if isinstance(params, dict) else {}
    return {}
