"""What the controller finds in a template's text when it is saved: mistakes, and the variables it asks for."""

import re
from collections.abc import Sequence

from jinja2 import TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from simulators.catalyst_center import velocity
from simulators.catalyst_center.velocity_expressions import TemplateFault
from simulators.world.models import Language, TemplateParam

_VARIABLE = re.compile(r"\$!?\{?([A-Za-z_]\w*)")
_BOUND = re.compile(r"#(?:set|foreach)\s*\(\s*\$!?\{?([A-Za-z_]\w*)")
_RESERVED = re.compile(r"^\s*(?:snmp-server host|logging host|ip ssh version)\b", re.MULTILINE)
_PROVIDED = {"__device", "__interface", "foreach", "loop"}


def mistakes(language: Language, content: str) -> list[dict[str, object]]:
    """The template's `validationErrors`: text that does not parse, and commands the controller keeps to itself."""
    found = [_error("SYNTAX_ERROR", line, message) for line, message in _syntax(language, content)]
    for match in _RESERVED.finditer(content):
        line = content.count("\n", 0, match.end()) + 1
        found.append(_error("POTENTIAL_CONFLICT", line, "This command is reserved to be used by Cisco Catalyst Center"))
    return found


def _error(kind: str, line: int | None, message: str) -> dict[str, object]:
    return {"type": kind, "lineNumber": line, "message": message}


def _syntax(language: Language, content: str) -> list[tuple[int | None, str]]:
    try:
        if language == "JINJA":
            SandboxedEnvironment().parse(content)
        else:
            velocity.check(content)
    except TemplateSyntaxError as fault:
        return [(fault.lineno, f"Syntax error: {fault.message}")]
    except TemplateFault as fault:
        return [(None, f"Syntax error: {fault}")]
    return []


def asked_for(language: Language, content: str, declared: Sequence[TemplateParam]) -> tuple[TemplateParam, ...]:
    """The parameters of a text: those declared, then a required string for each other variable in it."""
    known = {param.name for param in declared}
    return (*declared, *(TemplateParam(name) for name in _variables(language, content) if name not in known))


def _variables(language: Language, content: str) -> list[str]:
    if language == "JINJA":
        try:
            names = meta.find_undeclared_variables(SandboxedEnvironment().parse(content))
        except TemplateSyntaxError:
            return []
        return sorted(names - _PROVIDED, key=content.find)
    bound = {*_BOUND.findall(content), *_PROVIDED}
    return [name for name in dict.fromkeys(_VARIABLE.findall(content)) if name not in bound]
