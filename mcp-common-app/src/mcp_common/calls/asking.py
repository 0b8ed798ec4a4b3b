"""Questions to the client: what it can answer, the error where it cannot, and the form of a confirmation.

A tool asks by returning `InputRequiredResult` (2026-07-28), or with `context.elicit` in a session (2025-11-25).
"""

from typing import Any, Final, Literal, get_args

from fastmcp import Context
from mcp import MCPError
from mcp_types import (
    ClientCapabilities,
    ElicitRequest,
    ElicitRequestFormParams,
    InputRequiredResult,
    MissingRequiredClientCapabilityErrorData,
)
from mcp_types.jsonrpc import MISSING_REQUIRED_CLIENT_CAPABILITY
from pydantic import ValidationError

from mcp_common.errors import ConfirmationRequired, PlatformError

Capability = Literal["sampling", "elicitation", "roots"]

CONFIRM: Final = "confirm"
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {CONFIRM: {"type": "boolean", "title": "Yes, do it"}},
    "required": [CONFIRM],
}


class CapabilityMissing(PlatformError):
    """The client did not declare what the tool needs. MCP clients get it as the protocol's own error, -32021."""

    code, status, title = "capability_missing", 400, "Client capability missing"

    def __init__(self, *capabilities: Capability) -> None:
        names = ", ".join(capabilities)
        super().__init__(
            f"This needs a client that declares the capability {names}; yours did not.",
            extra={"required_capabilities": list(capabilities)},
        )
        self.capabilities = capabilities

    @classmethod
    def read(cls, error: MCPError) -> "CapabilityMissing | None":
        """The same out of the protocol's error; only the names are taken over. None when it says something else."""
        if error.error.code != MISSING_REQUIRED_CLIENT_CAPABILITY:
            return None
        try:
            data = MissingRequiredClientCapabilityErrorData.model_validate(error.error.data)
        except ValidationError:
            return None
        named: list[Capability] = [
            name for name in get_args(Capability) if getattr(data.required_capabilities, name) is not None
        ]
        return cls(*named) if named else None

    def as_protocol_error(self) -> MCPError:
        """Error -32021 with the capabilities the request would have needed."""
        needed: dict[str, Any] = {name: {} for name in self.capabilities}
        data = MissingRequiredClientCapabilityErrorData(required_capabilities=ClientCapabilities(**needed))
        return MCPError(
            code=MISSING_REQUIRED_CLIENT_CAPABILITY,
            message=self.message,
            data=data.model_dump(by_alias=True, mode="json", exclude_none=True),
        )


def can_answer(context: Context, capability: Capability) -> bool:
    """Whether the client declared the capability, for this request or (2025-11-25) for its session."""
    declared = context.session.client_capabilities
    return declared is not None and getattr(declared, capability) is not None


def require_capability(context: Context, capability: Capability) -> None:
    """Go no further with a client that cannot answer.

    Raises:
        CapabilityMissing: when it did not declare the capability.
    """
    if not can_answer(context, capability):
        raise CapabilityMissing(capability)


def takes_forms(context: Context) -> bool:
    """Whether a person at the client can be shown a form."""
    declared = context.session.client_capabilities
    elicitation = declared.elicitation if declared is not None else None
    return elicitation is not None and (elicitation.form is not None or elicitation.url is None)


def confirmation_form(missing: ConfirmationRequired) -> InputRequiredResult:
    """The question as 2026-07-28 asks it: a form, whose state is the confirmation it stands for."""
    params = ElicitRequestFormParams(mode="form", message=missing.extra["question"], requested_schema=FORM)
    return InputRequiredResult(
        result_type="input_required",
        input_requests={CONFIRM: ElicitRequest(method="elicitation/create", params=params)},
        request_state=missing.extra["confirm"],
    )
