"""The errors of the platform, one tree.

    PlatformError                 code                 HTTP  meaning
    ├── Unauthenticated           unauthenticated       401  no token, or one that does not hold
    ├── StepUpRequired            step_up_required      401  a stronger or fresher login is needed (RFC 9470)
    ├── Denied                    denied                403  the policy said no
    ├── PolicyUnavailable         policy_unavailable    503  the policy gave no usable answer
    ├── InvalidArguments          invalid_arguments     422  the arguments do not fit the tool's schema
    ├── UnknownTool               unknown_tool          404  no such tool on this server
    ├── NotFound                  not_found             404  the upstream has no such object
    ├── Conflict                  conflict              409  the object's state does not allow it
    ├── WritesDisabled            writes_disabled       403  the server was started without writes
    ├── ConfirmationRequired      confirmation_required 428  a person must confirm this very call first
    ├── Declined                  declined              409  the person who was asked did not agree
    ├── Busy                      busy                  429  too much at once; retry after the time given
    ├── RateLimited               rate_limited          429  one caller sends too much; retry after the time given
    ├── UpstreamRejected          upstream_rejected     502  the upstream refused the request as wrong
    ├── UpstreamFailed            upstream_failed       502  the upstream answered with an error or nonsense
    ├── UpstreamUnauthorized      upstream_unauthorized 502  the platform's own account was refused upstream
    ├── Unavailable               unavailable           503  a part is down or its circuit is open
    ├── UpstreamTimeout           upstream_timeout      504  no answer in time (safe requests only)
    ├── OutcomeUnknown            outcome_unknown       502  a write was sent and nobody knows whether it landed
    └── Internal                  internal              500  a fault of ours; details are in the log

The text of every error may reach a model, so it is text we wrote: never an upstream body, a token or a stack trace.
What an operator needs beside it goes into `detail`, which is logged and never sent.
"""

from typing import Any, ClassVar

from fastmcp.exceptions import ToolError


class PlatformError(ToolError):
    """An error a caller may read; `code` is stable, `status` is its HTTP status.

    `retry_after` is in seconds; `extra` holds further JSON members a client may act on.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        detail: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
        self.detail = detail
        self.extra = extra or {}

    def as_meta(self) -> dict[str, Any]:
        """The machine-readable half, sent as `_meta["mcp-platform/error"]` beside the text."""
        meta: dict[str, Any] = {"code": self.code, "status": self.status, "retryable": self.retryable}
        if self.retry_after is not None:
            meta["retry_after"] = round(self.retry_after, 3)
        return meta | self.extra


class Unauthenticated(PlatformError):
    """No token, or one that does not hold."""

    code, status, title = "unauthenticated", 401, "Not authenticated"


class StepUpRequired(PlatformError):
    """A stronger or fresher login is needed (RFC 9470)."""

    code, status, title = "step_up_required", 401, "Stronger login required"


class Denied(PlatformError):
    """The policy said no; the reason is the policy's."""

    code, status, title = "denied", 403, "Denied by policy"


class PolicyUnavailable(PlatformError):
    """The policy gave no usable answer, so nothing is allowed."""

    code, status, title, retryable = "policy_unavailable", 503, "Policy unavailable", True


class InvalidArguments(PlatformError):
    """The arguments do not fit the tool's schema."""

    code, status, title = "invalid_arguments", 422, "Invalid arguments"


class UnknownTool(PlatformError):
    """No such tool on this server."""

    code, status, title = "unknown_tool", 404, "Unknown tool"


class NotFound(PlatformError):
    """The upstream has no such object."""

    code, status, title = "not_found", 404, "Not found"


class Conflict(PlatformError):
    """The state of the object, or of an earlier request with the same key, does not allow it."""

    code, status, title = "conflict", 409, "Conflict"


class WritesDisabled(PlatformError):
    """The server was started without writes."""

    code, status, title = "writes_disabled", 403, "Writes are off"


class ConfirmationRequired(PlatformError):
    """A person must confirm this very call first; nothing was written."""

    code, status, title = "confirmation_required", 428, "Confirmation required"


class Declined(PlatformError):
    """The person who was asked did not agree; nothing was written."""

    code, status, title = "declined", 409, "Declined"


class Busy(PlatformError):
    """Too much at once; retry after the time given."""

    code, status, title, retryable = "busy", 429, "Too many requests", True


class RateLimited(PlatformError):
    """The caller sends too many requests."""

    code, status, title, retryable = "rate_limited", 429, "Rate limited", True


class UpstreamRejected(PlatformError):
    """The upstream refused the request as wrong."""

    code, status, title = "upstream_rejected", 502, "Refused upstream"


class UpstreamFailed(PlatformError):
    """The upstream answered with an error or with nonsense."""

    code, status, title, retryable = "upstream_failed", 502, "Upstream failed", True


class UpstreamUnauthorized(PlatformError):
    """The platform's own account was refused upstream."""

    code, status, title = "upstream_unauthorized", 502, "Account refused upstream"


class Unavailable(PlatformError):
    """A part is down, or its circuit is open."""

    code, status, title, retryable = "unavailable", 503, "Unavailable", True


class UpstreamTimeout(PlatformError):
    """A safe request got no answer in time."""

    code, status, title, retryable = "upstream_timeout", 504, "Upstream timeout", True


class OutcomeUnknown(PlatformError):
    """A write was sent and nobody knows whether it landed; the text says how to find out. Never retried blindly."""

    code, status, title = "outcome_unknown", 502, "Outcome unknown"


class Internal(PlatformError):
    """A fault of ours; the details are in the log."""

    code, status, title = "internal", 500, "Internal error"
