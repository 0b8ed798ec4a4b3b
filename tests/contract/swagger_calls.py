"""One operation of Cisco's Swagger, how it is asked, and whether the answer is as described."""

from dataclasses import dataclass, field
from typing import Any

from tests.contract.swagger import Swagger, complaints
from tests.simulators.center import Center

SWAGGER = Swagger()


@dataclass(frozen=True)
class Call:
    """One operation and how it is asked; `at` fills the path.

    `array_of` and `envelope` say where a controller answers in another form than described: an array of the object, the
    same under `response`.
    """

    operation: str
    at: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    status: int = 200
    undeclared: str = ""
    array_of: bool = False
    envelope: bool = False

    @property
    def path(self) -> str:
        return self.operation.split()[1].format(**self.at)

    @property
    def method(self) -> str:
        return self.operation.split()[0]


def check(call: Call, body: Any) -> None:
    schema = SWAGGER.schema(call.operation, call.status, call.undeclared)
    if call.array_of:
        schema = {"type": "array", "items": schema}
    if call.envelope:
        schema = {"type": "object", "required": ["response"], "properties": {"response": schema}}
    found = complaints(schema, body)
    assert found == [], found[:5]


async def verify(center: Center, call: Call) -> None:
    """Ask, with no query that is not described, and check status and answer."""
    declared = {parameter["name"] for parameter in SWAGGER.operation(call.operation).get("parameters", [])}
    assert set(call.query) <= declared
    answer = await center.http.request(call.method, call.path, params=call.query, json=call.body)
    assert answer.status_code == call.status
    check(call, answer.json())
