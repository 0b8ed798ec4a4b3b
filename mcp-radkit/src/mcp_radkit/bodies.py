"""Answers of devices' own APIs without their secrets: JSON and XML by the names of members, anything else by its words.

A secret name hides all that is below it: `community-config` holds a community under `name`.
"""

import html
import json
import re
from typing import Any

from mcp_common.device_secrets import MASK, mask_secrets
from mcp_common.redaction import is_secret_name

_DEEPEST = 64
_KEY = re.compile(
    r"(?:^|[-_:.])(?:(?<!public[-_])(?<!primary[-_])(?<!foreign[-_])keys?|key[-_]?string|key[-_]?material|auth\w{0,10}[-_]string|"
    r"psk|pmk|pwd|secrets?|passphrase|communit(?:y[\w-]{0,16}|ies)|snmp[-_]comm[\w-]{0,16}|auth[-_]?pass\w{0,8}|"
    r"priv[-_]?pass\w{0,8}|jwt|j?session[-_]?id|cookie|bearer|md5|pin|otp|cak)$",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMES, _VALUES = ("name", "key", "param", "id"), ("value", "val")
"""Members of a pair that says in one which secret the other is."""
_ATTRIBUTE = re.compile(r"""(?P<keep>\s(?!xmlns)[\w:.-]{1,200}\s{0,4}=\s{0,4})(?:"[^"]*"|'[^']*')""")
_XML = re.compile(r"<[^<>]{0,4000}>|[^<]+|<")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]{0,200})[^<>]*?(/?)>")


def without_secrets(text: str, content_type: str) -> str:
    """The body as it may be shown; JSON is laid out in lines."""
    kind = content_type.lower()
    stripped = text.lstrip()
    if "json" in kind or stripped[:1] in {"{", "["}:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return mask_secrets(text)[0]
        return json.dumps(_masked(value, _DEEPEST), indent=1, ensure_ascii=False)
    if "xml" in kind or stripped.startswith("<"):
        return _masked_xml(text)
    return mask_secrets(text)[0]


def is_secret(name: str) -> bool:
    """True for a member that holds a secret, or has one below it."""
    return is_secret_name(name) or _KEY.search(_HUMP.sub("-", name)) is not None


def _masked(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return mask_secrets(value)[0]
    if not depth:
        return MASK
    if isinstance(value, dict):
        paired = any(isinstance(value.get(name), str) and is_secret(value[name]) for name in _NAMES)
        return {
            name: (
                _hidden(item, depth - 1)
                if (name.lower() in _VALUES and paired) or (is_secret(name) and not (paired and name in _NAMES))
                else _masked(item, depth - 1)
            )
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_masked(item, depth - 1) for item in value]
    return value


def _hidden(value: Any, depth: int) -> Any:
    """The same shape with nothing in it."""
    if isinstance(value, dict) and depth:
        return {name: _hidden(item, depth - 1) for name, item in value.items()}
    if isinstance(value, list) and depth:
        return [_hidden(item, depth - 1) for item in value]
    return value if value is None or isinstance(value, bool) else MASK


def _masked_xml(text: str) -> str:
    parts: list[str] = []
    below: list[str] = []
    secret_at: int | None = None
    for found in _XML.finditer(text):
        part = found[0]
        tag = _TAG.fullmatch(part)
        if tag is None:
            parts.append(_masked_text(part, hidden=secret_at is not None))
            continue
        closing, name, alone = tag[1], tag[2], tag[3]
        hidden = secret_at is not None or (not closing and is_secret(name))
        if closing:
            if below[-1:] == [name]:  # what closes something else hides what follows
                below.pop()
            if secret_at is not None and len(below) <= secret_at:
                secret_at = None
        elif not alone:
            if secret_at is None and hidden:
                secret_at = len(below)
            below.append(name)
        parts.append(_ATTRIBUTE.sub(rf'\g<keep>"{MASK}"', part) if hidden else mask_secrets(part)[0])
    return "".join(parts)


def _masked_text(text: str, *, hidden: bool) -> str:
    """Text between tags; XML within XML, written with `&lt;`, goes as a whole when it has a secret."""
    if hidden and text.strip():
        return MASK
    if "&" in text and mask_secrets(html.unescape(text))[1]:
        return MASK
    return mask_secrets(text)[0]
