"""Cisco's own description of the Intent API 2.3.7, as JSON Schemas for the answers of its operations.

Four rules make it fit what controllers answer:

- null is allowed everywhere: the description cannot say null, and recorded answers are full of it;
- `object` without properties says that the type was left open (it stands for task ids, which are text);
- names in `TIMES` are declared as text and answered as epoch milliseconds;
- names nobody declared are wrong, except those in `UNDECLARED`, which recorded answers hold.
"""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[2]
PATH = Path(
    os.environ.get("CATALYST_SWAGGER") or ROOT.parent / "shared" / "reference" / "catalyst-center-2.3.7-swagger.json"
)
MISSING = (
    f"{PATH} is not there. It is the Swagger of Cisco's Intent API 2.3.7, which is Cisco's and therefore not in this "
    "repository; get it from Cisco DevNet (GitHub repository CiscoDevNet/understanding-rag-catalyst-center, "
    "data/GA-2-3-7-swagger-v1.annotated.json) and name it in CATALYST_SWAGGER"
)
TIMES = {"lastUpdateTime", "lastSyncTime", "startTime", "endTime", "timestamp"}
UNDECLARED = {
    "network-device": {
        "apEthernetMacAddress", "description", "deviceSupportLevel", "dnsResolvedManagementAddress",
        "lastDeviceResyncStartTime", "lastManagedResyncReasons", "managedAtleastOnce", "managementState",
        "pendingSyncRequestsCount", "reasonsForDeviceResync", "reasonsForPendingSyncRequests", "syncRequestedByApp",
        "uptimeSeconds", "vendor",
    },
    "site-member": {
        "apEthernetMacAddress", "errorCode", "errorDescription", "id", "lastManagedResyncReasons", "location",
        "locationName", "syncRequestedByApp", "tunnelUdpPort", "waasDeviceMode",
    },
    "project": {"isDeletable"},
    "site": {"height", "length", "offsetX", "offsetY", "width"},
}  # fmt: skip


class Swagger:
    """The description, read when first asked for."""

    @cached_property
    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
        return document

    def operation(self, name: str) -> dict[str, Any]:
        """`GET /dna/…/{id}` as it is described. Raises: KeyError."""
        method, path = name.split()
        operation: dict[str, Any] = self._document["paths"][path][method.lower()]
        return operation

    def schema(self, name: str, status: int, undeclared: str) -> dict[str, Any]:
        """JSON Schema of an answer. Where 202 is described as anything, what 200 says counts."""
        responses = self.operation(name)["responses"]
        described = responses[str(status)].get("schema") or {}
        if not described.get("$ref") and "items" not in described:
            described = responses["200"]["schema"]
        return self._translate(described, UNDECLARED.get(undeclared, set()))

    def _translate(self, described: dict[str, Any], undeclared: set[str]) -> dict[str, Any]:
        if reference := described.get("$ref"):
            return self._translate(self._document["definitions"][reference.rsplit("/", 1)[-1]], undeclared)
        kind = described.get("type")
        if described.get("properties"):
            properties = {name: self._property(name, p, undeclared) for name, p in described["properties"].items()}
            allowed = properties | {name: {} for name in undeclared}
            return {"type": ["object", "null"], "properties": allowed, "additionalProperties": False}
        if kind == "array":
            return {"type": ["array", "null"], "items": self._translate(described.get("items", {}), undeclared)}
        if kind in (None, "object"):
            return {}
        schema: dict[str, Any] = {"type": [kind, "null"]}
        if "enum" in described:
            schema["enum"] = [*described["enum"], None]
        return schema

    def _property(self, name: str, described: dict[str, Any], undeclared: set[str]) -> dict[str, Any]:
        schema = self._translate(described, undeclared)
        return {"type": ["string", "integer", "null"]} if name in TIMES else schema


def complaints(schema: dict[str, Any], body: object) -> list[str]:
    """What of `body` is not as the schema says."""
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft7Validator(schema).iter_errors(body)]
