"""A ServiceNow that follows a script, for what no well-behaved one would do."""

from typing import Any

import httpx2

from mcp_common.testing.upstream import FarSide, SteppingClock
from mcp_common.vault import Secret
from mcp_service_now.client import ServiceNowClient

V2 = "/api/now/v2/table"
INCIDENT = "0123456789abcdef0123456789abcdef"
_TEXT_COLUMNS = ("number", "short_description", "description", "opened_at", "sys_id", "active", "correlation_id")
_JOURNAL = ("sys_journal_field", "element_id", "element", "sys_created_on", "sys_id")


def result(value: Any, **headers: str) -> httpx2.Response:
    return httpx2.Response(200, json={"result": value}, headers=headers)


def pair(value: str, display: str | None = None) -> dict[str, str]:
    return {"value": value, "display_value": value if display is None else display}


def columns(table: str, *names: str, **types: str) -> list[dict[str, str]]:
    """Rows of sys_dictionary."""
    usual = dict.fromkeys(names, "string") | types
    return [
        {"name": table, "element": name, "internal_type": kind, "column_label": name, "choice": "0", "reference": ""}
        for name, kind in usual.items()
    ]


class ScriptedInstance(FarSide):
    """Has incidents with a few columns; a test changes one route."""

    def __init__(self) -> None:
        super().__init__()
        self.on(f"GET {V2}/sys_db_object", result([{"name": "incident", "super_class.name": ""}]))
        self.on(f"GET {V2}/sys_dictionary", result(columns("incident", *_TEXT_COLUMNS) + columns(*_JOURNAL)))
        self.on(f"GET {V2}/sys_choice", result([]))
        self.on(f"GET {V2}/incident", result([self.incident()], **{"X-Total-Count": "1"}))
        self.on(f"GET {V2}/sys_journal_field", result([]))

    @staticmethod
    def incident(**fields: Any) -> dict[str, Any]:
        return {"sys_id": pair(INCIDENT), "number": pair("INC0010001")} | fields


def client_of(instance: FarSide) -> ServiceNowClient:
    """A client whose whole network is `instance`."""

    async def credentials() -> Secret:
        return Secret({"base_url": "http://127.0.0.1", "username": "svc", "password": "s3cret"}, 1)

    class Patient(ServiceNowClient):
        clock = SteppingClock()

    return Patient(credentials, transport=httpx2.MockTransport(instance))
