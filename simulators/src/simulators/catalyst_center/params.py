"""The values a template is rendered with: defaults filled in, what is wrong named."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any

from simulators.world.models import TemplateParam

_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE)


def resolve(params: Iterable[TemplateParam], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Values by name, and one sentence for each that is missing or wrong. Unknown names are passed on unread."""
    resolved, problems = dict(given), []
    for param in params:
        value = given.get(param.name, param.default)
        if value is None or value == "":
            resolved.pop(param.name, None)
            if param.required:
                problems.append(f"Value for the required param '{param.name}' is not provided")
            continue
        parts = _parts(value) if param.many else [value]
        problems += [problem for part in parts if (problem := _problem(param, str(part)))]
        resolved[param.name] = parts if param.many else value
    return resolved, problems


def _parts(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [part.strip() for part in str(value).split(",") if part.strip()]


def _problem(param: TemplateParam, text: str) -> str | None:
    if param.choices and text not in param.choices:
        return f"Value '{text}' of param '{param.name}' is not one of {', '.join(param.choices)}"
    if not _of_type(param, text):
        return f"Value '{text}' of param '{param.name}' is not of type {param.data_type}"
    low, high = param.minimum, param.maximum
    if low is not None and high is not None and not low <= int(text) <= high:
        return f"Value '{text}' of param '{param.name}' is not in range {low} - {high}"
    return None


def _of_type(param: TemplateParam, text: str) -> bool:
    match param.data_type:
        case "INTEGER":
            return re.fullmatch(r"-?\d{1,18}", text) is not None
        case "MACADDRESS":
            return _MAC.fullmatch(text) is not None
        case "IPADDRESS":
            try:
                ipaddress.ip_address(text)
            except ValueError:
                return False
    return True
