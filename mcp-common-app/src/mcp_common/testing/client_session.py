"""The client of tests: it checks every answer against the tool's listed schema, and each schema once per process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from fastmcp.client.transports.base import TransportOptions, VersionAwareClientSession
from fastmcp.client.transports.http import StreamableHttpTransport
from jsonschema.protocols import Validator
from mcp import ClientSession
from pydantic_core import to_json

_validators: dict[bytes, Validator] = {}


class KnowingSession(VersionAwareClientSession):
    """Has the validator that another session made of an equal schema: making one takes a tenth of a second."""

    def _output_schema_validator(self, name: str, output_schema: dict[str, Any]) -> Validator:
        written = to_json(output_schema)
        if written not in _validators:
            _validators[written] = super()._output_schema_validator(name, output_schema)
        return _validators[written]


class KnowingTransport(StreamableHttpTransport):
    """Streamable HTTP with such a session."""

    @asynccontextmanager
    async def connect_session(
        self, *, transport_options: TransportOptions | None = None, **session_kwargs: Any
    ) -> AsyncIterator[ClientSession]:
        """Open the session."""
        options = replace(transport_options or TransportOptions(), session_class=KnowingSession)
        async with super().connect_session(transport_options=options, **session_kwargs) as session:
            yield session
