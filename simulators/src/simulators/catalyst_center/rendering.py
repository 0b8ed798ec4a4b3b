"""Turns a template and its values into the lines a device gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from simulators.catalyst_center import velocity
from simulators.catalyst_center.params import resolve
from simulators.catalyst_center.template_store import Text
from simulators.catalyst_center.velocity_expressions import TemplateFault
from simulators.world.models import Device


@dataclass(frozen=True, slots=True)
class Rendered:
    """The lines, or what was wrong."""

    cli: str
    problems: tuple[str, ...] = ()


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)


def render(text: Text, device: Device, given: Mapping[str, Any]) -> Rendered:
    """Render one template, not a composite."""
    values, problems = resolve(text.params, given)
    if problems:
        return Rendered("", tuple(problems))
    values["__device"] = {
        "hostname": device.hostname,
        "managementIpAddress": device.management_ip,
        "platformId": device.platform.product_id,
        "softwareVersion": device.software_version,
        "role": device.role,
    }
    try:
        if text.template.language == "JINJA":
            return Rendered(_jinja(text.content, values))
        return Rendered(velocity.render(text.content, values))
    except (TemplateFault, TemplateError, ArithmeticError, TypeError, ValueError) as fault:
        return Rendered("", (f"NCTP10073: Errors encountered while rendering the template: {fault}",))


def _jinja(content: str, values: Mapping[str, Any]) -> str:
    """The controller's parser knows less than Jinja: `x not in y` is a syntax error to it."""
    environment = _environment()
    for operand in environment.parse(content).find_all(nodes.Operand):
        if operand.op == "notin":
            raise TemplateSyntaxError("syntax error: not in", operand.lineno)
    return environment.from_string(content).render(values)
