"""The OpenAPI document: the generic paths for everybody, one path for each real tool of the caller who asks."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from mcp_rest_api_proxy import problems
from mcp_rest_api_proxy.servers import Tool

_SAFE = re.compile(r"[^A-Za-z0-9._-]")
_DATA_KEYWORDS = frozenset({"default", "const", "enum", "examples", "example"})
_NAME_KEYWORDS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_DROPPED = frozenset({"$schema", "$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$vocabulary"})

SECURITY = {"bearer": {"type": "http", "scheme": "bearer", "description": "Your own access token."}}
PROBLEM_SCHEMA: Mapping[str, Any] = {
    "title": "Problem",
    "description": "Problem details, RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "examples": sorted(problems.TABLE)},
        "trace_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "retry_after": {"type": "number", "description": "Seconds to wait"},
        "question": {"type": "string", "description": "428: what a person has to agree to"},
        "confirm": {"type": "string", "description": "428: goes into the Confirm header of the repeated request"},
        "expires_in": {"type": "integer", "description": "428: seconds for which `confirm` holds, for one request"},
    },
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same call sent again with the same key is not carried out twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
}
_CONFIRM = {
    "name": "Confirm",
    "in": "header",
    "required": False,
    "description": "What a 428 answer to this same request gave as `confirm`: a person has agreed to it.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses of a path that are problems: those of the given statuses, or of every status in the table."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted(set(statuses) or {row.status for row in problems.TABLE.values()}):
        rows = [row for row in problems.TABLE.values() if row.status == status]
        found[status] = {
            "description": " ".join(f"`{row.code}`: {row.meaning}" for row in rows),
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return found


def generic_call() -> dict[str, Any]:
    """The path item that stands for every tool."""
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in ("server", "tool")
    ]
    operation = _operation(
        arguments={"type": "object", "description": "As the tool's input_schema says"},
        required=False,
        result={"description": "As the tool's output_schema says; text when it has none"},
        names=({"type": "string"}, {"type": "string"}),
    )
    operation |= {
        "operationId": "call_tool",
        "summary": "Call a tool",
        "tags": ["tools"],
        "parameters": [*named, _IDEMPOTENCY_KEY, _CONFIRM],
    }
    return {"post": operation}


def document(generic: Mapping[str, Any], tools: Mapping[str, Iterable[Tool]]) -> dict[str, Any]:
    """The generic document with the tools of each server added; their schemas become components."""
    paths = dict(generic["paths"])
    schemas = dict(generic["components"]["schemas"])
    for server, offered in tools.items():
        for tool in offered:
            path = f"/api/v1/mcp/{server}/tools/{quote(tool.name, safe='')}"
            paths[path] = {"post": _tool(server, tool, schemas)}
    components = {**generic["components"], "schemas": schemas}
    tags = [*generic.get("tags", []), *({"name": server} for server in tools)]
    return {**generic, "paths": paths, "components": components, "tags": tags}


def _tool(server: str, tool: Tool, schemas: dict[str, Any]) -> dict[str, Any]:
    key = _component(server, tool.name)
    schemas[f"{key}.arguments"] = _embedded(tool.input_schema, f"#/components/schemas/{key}.arguments")
    result: dict[str, Any] = {"description": "What the tool answers; it declares no schema"}
    if tool.result_schema is not None:
        result = {"$ref": f"#/components/schemas/{key}.result"}
        schemas[f"{key}.result"] = _embedded(tool.result_schema, result["$ref"])
    operation = _operation(
        arguments={"$ref": f"#/components/schemas/{key}.arguments"},
        required=bool(tool.input_schema.get("required")),
        result=result,
        names=({"const": server}, {"const": tool.name}),
    )
    operation |= {
        "operationId": key,
        "summary": tool.title or tool.name,
        "description": tool.description or "",
        "tags": [server],
        "parameters": [] if tool.reads_only else [_IDEMPOTENCY_KEY, _CONFIRM],
    }
    if tool.annotations is not None:
        operation["x-mcp-annotations"] = tool.annotations
    return operation


def _operation(
    *, arguments: dict[str, Any], required: bool, result: dict[str, Any], names: tuple[dict[str, Any], dict[str, Any]]
) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {"arguments": arguments}}
    if required:
        body["required"] = ["arguments"]
    answer = {
        "type": "object",
        "required": ["status", "result", "server", "tool"],
        "properties": {"status": {"const": "success"}, "result": result, "server": names[0], "tool": names[1]},
    }
    succeeded = {"description": "The tool's answer", "content": {"application/json": {"schema": answer}}}
    return {
        "security": [{"bearer": []}],
        "requestBody": {"required": required, "content": {"application/json": {"schema": body}}},
        "responses": {"200": succeeded, **{str(key): value for key, value in problem_responses().items()}},
    }


def _component(server: str, tool: str) -> str:
    """A name that OpenAPI takes for a component, one for each tool whatever the tool is called."""
    safe = _SAFE.sub("_", tool)
    if safe != tool:
        safe += "-" + hashlib.sha256(tool.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{server}.{safe}"


def _embedded(schema: Any, root: str) -> Any:
    """A JSON Schema moved to `root` inside the document: its references follow, foreign ones lead nowhere."""
    if isinstance(schema, list):
        return [_embedded(part, root) for part in schema]
    if not isinstance(schema, dict):
        return schema
    moved: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _DROPPED:
            continue
        if key == "$ref":
            if isinstance(value, str) and (value == "#" or value.startswith("#/")):
                moved[key] = root + value[1:]
        elif key in _DATA_KEYWORDS:
            moved[key] = value
        elif key in _NAME_KEYWORDS and isinstance(value, dict):
            moved[key] = {name: _embedded(part, root) for name, part in value.items()}
        else:
            moved[key] = _embedded(value, root)
    return moved
