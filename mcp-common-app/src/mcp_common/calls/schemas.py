"""JSON schemas as clients get them: every word costs a model tokens, and some clients follow no references."""

from typing import Any

from fastmcp.utilities.json_schema import dereference_refs

from mcp_common.untrusted import UntrustedMark


def listed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without invented titles, without references, and with plain optional members.

    An optional member may be left out; that it may also be null is understood but not advertised: `anyOf` with null
    costs tokens in every catalogue. A schema that names its dialect (`$schema`) is listed as it was written.
    """
    kept: dict[str, Any] = _plain(schema)
    return dereference_refs(kept) if "$defs" in kept and "$schema" not in kept else kept


def mirrored(schema: Any) -> bool:
    """True when an argument is repeated in a header (`x-mcp-header`), which the framework compares."""
    if isinstance(schema, dict):
        return "x-mcp-header" in schema or any(mirrored(part) for part in schema.values())
    return isinstance(schema, list) and any(mirrored(part) for part in schema)


def _plain(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "properties":
            required = schema.get("required", [])
            kept[key] = {name: _member(part, name in required) for name, part in value.items()}
        elif key == "$defs":
            kept[key] = {name: _plain(part) for name, part in value.items()}
        else:
            kept[key] = _plain(value)
    UntrustedMark.put_into_words(kept)
    return kept


def _member(schema: dict[str, Any], required: bool) -> Any:
    """A member of an object; `X or null, null when left out` becomes `X`."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if required or "default" not in schema or schema["default"] is not None or len(kinds) != 1:
        return _plain(schema)
    beside = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return _plain({**kinds[0], **beside})  # the mark of untrusted text stays, whatever the member's own words are
