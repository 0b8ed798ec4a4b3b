"""GitHub's own description of its API, as JSON schemas that also notice members nobody declared."""

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / ".tools" / "github-openapi.json"
RECORDINGS = (
    Path(__file__).parent / "github" / "node_modules" / "@octokit" / "fixtures" / "scenarios" / "api.github.com"
)

_COMPOSED = ("allOf", "anyOf", "oneOf")


@functools.cache
def described() -> dict[str, Any]:
    """The whole description."""
    if not OPENAPI.is_file():
        pytest.skip(f"{OPENAPI.name} is not there: `make test` installs it")
    document: dict[str, Any] = json.loads(OPENAPI.read_text())
    return document


def answer_schema(method: str, template: str, status: int) -> dict[str, Any] | None:
    """The schema of an answer's JSON; None where it has no body. Raises: KeyError, no such call or status."""
    responses = described()["paths"][template][method.lower()]["responses"]
    response = _resolved(responses[str(status)])
    for kind, content in response.get("content", {}).items():
        if "json" in kind:
            return _schema(content["schema"])
    return None


def problems(method: str, template: str, status: int, body: object) -> Iterator[str]:
    """What is wrong with an answer: where, and what."""
    schema = answer_schema(method, template, status)
    if status >= 400 and isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != "status"}  # there since 2024, nowhere declared
    if schema is not None:
        for error in Draft202012Validator(schema).iter_errors(body):
            yield f"{method} {template} {status} at {error.json_path}: {error.message[:300]}"


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = described()
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found)


@functools.cache
def _named(reference: str, closed: bool) -> dict[str, Any]:
    return _built(_resolved({"$ref": reference}), closed)


def _schema(node: dict[str, Any], closed: bool = True) -> dict[str, Any]:
    return _named(node["$ref"], closed) if "$ref" in node else _built(node, closed)


def _built(node: dict[str, Any], closed: bool) -> dict[str, Any]:
    """OpenAPI 3.0 as JSON Schema: nullable becomes a type, and (unless composed of parts) nothing else may be there."""
    kept = ("type", "enum", "required", "minItems", "maxItems", "pattern")
    built: dict[str, Any] = {name: node[name] for name in kept if name in node}
    if "pattern" in built and not _valid(built["pattern"]):
        del built["pattern"]
    if "properties" in node:
        built["properties"] = {name: _schema(each) for name, each in node["properties"].items()}
        extra = node.get("additionalProperties")
        if closed and not extra and not any(word in node for word in _COMPOSED):
            built["additionalProperties"] = False
    if isinstance(node.get("additionalProperties"), dict):
        built["additionalProperties"] = _schema(node["additionalProperties"])
    elif node.get("additionalProperties") is False:
        built["additionalProperties"] = False
    if "items" in node:
        built["items"] = _schema(node["items"])
    for word in _COMPOSED:
        if word in node:
            built[word] = [_schema(each, closed=False) for each in node[word]]
    if "oneOf" in built:  # schemas without required members overlap; one that fits is enough
        built.setdefault("anyOf", built.pop("oneOf"))
    return {"anyOf": [built, {"type": "null"}]} if node.get("nullable") else built


def _valid(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
