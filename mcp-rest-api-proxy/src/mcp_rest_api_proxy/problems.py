"""Problem details (RFC 9457): every error of the proxy, its HTTP status and what the caller can do about it.

`TABLE` is the documented table: README.md, `/problems/{code}` and the OpenAPI document are made from it.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from mcp_common import errors
from mcp_common.errors import PlatformError

MEDIA_TYPE = "application/problem+json"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_LONGEST_DETAIL = 2000


class WrongCredentials(PlatformError):
    """The token was sent in a way that is not taken: twice, or in the address."""

    code, status, title = "invalid_request", 400, "Invalid request"


class Malformed(PlatformError):
    """The request itself is malformed: its body or one of its headers."""

    code, status, title = "malformed", 422, "Malformed request"


class UnknownServer(PlatformError):
    """The proxy knows no server of this name."""

    code, status, title = "unknown_server", 404, "Unknown server"


class NoSuchPath(PlatformError):
    """The proxy has nothing at this path."""

    code, status, title = "no_such_path", 404, "No such path"


class MethodNotAllowed(PlatformError):
    """The path exists, the method does not."""

    code, status, title = "method_not_allowed", 405, "Method not allowed"


class TooLarge(PlatformError):
    """The request body is larger than the proxy takes."""

    code, status, title = "too_large", 413, "Request too large"


class WrongContentType(PlatformError):
    """The request body is not declared as JSON."""

    code, status, title = "wrong_content_type", 415, "Wrong content type"


class WrongHost(PlatformError):
    """The Host header names another site (DNS rebinding)."""

    code, status, title = "wrong_host", 421, "Wrong host"


class WrongOrigin(PlatformError):
    """The request comes from a web page that is not let in."""

    code, status, title = "wrong_origin", 403, "Origin not allowed"


class InputRequired(PlatformError):
    """The tool asks its caller something during the call, which REST cannot carry."""

    code, status, title = "input_required", 501, "Needs an MCP client"


class ToolFailed(PlatformError):
    """The tool reported a failure without saying of which kind."""

    code, status, title = "tool_failed", 502, "Tool failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    status: int
    code: str
    title: str
    meaning: str
    advice: str


_ADVICE: Mapping[type[PlatformError], str] = {
    WrongCredentials: "Send the token once, in the Authorization header.",
    Malformed: 'Send a JSON object {"arguments": {…}} and well-formed headers; the detail names what is wrong.',
    errors.InvalidArguments: "Correct the argument the detail names; types are strict, so a number is not a string.",
    errors.Unauthenticated: "Log in again and send `Authorization: Bearer …`.",
    errors.StepUpRequired: "Log in again as `acr_values` and `max_age` (also in WWW-Authenticate) ask.",
    errors.Denied: "Ask whoever owns the policy; the detail gives its reason.",
    errors.WritesDisabled: "Ask the operator to start the server with writes allowed.",
    WrongOrigin: "Add the page's origin to ALLOWED_ORIGINS.",
    UnknownServer: "Take a name from `GET /api/v1/mcp`.",
    errors.UnknownTool: "Take a name from `GET /api/v1/mcp/{server}/tools`.",
    errors.NotFound: "Check the identifier with the matching list tool.",
    NoSuchPath: "See `/docs` for the paths there are.",
    MethodNotAllowed: "Use a method of the Allow header.",
    errors.Conflict: "Read the object's state; for an Idempotency-Key used before, send a new one.",
    TooLarge: "Send a smaller body.",
    WrongContentType: "Send `Content-Type: application/json`.",
    WrongHost: "Use the address the proxy is published under, or add it to ALLOWED_HOSTS.",
    errors.RateLimited: "Wait as long as Retry-After says.",
    errors.Busy: "Wait as long as Retry-After says.",
    errors.ConfirmationRequired: "Show `question` to a person; when they agree, repeat with the header `Confirm: …`.",
    errors.Declined: "Leave it: somebody said no.",
    errors.Internal: "Report the trace_id.",
    InputRequired: "Call this tool with an MCP client.",
    ToolFailed: "Read the detail, which is the tool's own sentence.",
    errors.UpstreamRejected: "Read the detail; repeating the same request will not help.",
    errors.UpstreamFailed: "Try later; report the trace_id if it stays.",
    errors.UpstreamUnauthorized: "Tell the operator: the platform's account on that system does not hold.",
    errors.OutcomeUnknown: "Do not repeat blindly: look whether the write landed, as the detail says.",
    errors.Unavailable: "Try again after Retry-After.",
    errors.PolicyUnavailable: "Try again after Retry-After; nothing is allowed meanwhile.",
    errors.UpstreamTimeout: "Try again, or ask for less.",
}


def _rows() -> Iterator[Row]:
    for kind, advice in _ADVICE.items():
        meaning = (kind.__doc__ or "").strip().splitlines()[0]
        yield Row(kind.status, kind.code, kind.title, meaning, advice)


TABLE: Mapping[str, Row] = {row.code: row for row in sorted(_rows(), key=lambda row: (row.status, row.code))}
_KINDS: Mapping[str, type[PlatformError]] = {kind.code: kind for kind in _ADVICE}
_NEAREST: Mapping[int, type[PlatformError]] = {
    401: errors.Unauthenticated,
    403: errors.Denied,
    404: errors.NotFound,
    409: errors.Conflict,
    413: TooLarge,
    422: errors.InvalidArguments,
    429: errors.Busy,
    503: errors.Unavailable,
    504: errors.UpstreamTimeout,
}
_BY_STATUS: Mapping[int, PlatformError] = {
    400: Malformed("The request is not well-formed HTTP for this path."),
    401: errors.Unauthenticated("Send an access token as 'Authorization: Bearer …'."),
    403: WrongOrigin("Requests from this web page are not let in."),
    404: NoSuchPath("There is nothing at this path. The paths are described at /docs."),
    405: MethodNotAllowed("This path does not take this method; the Allow header lists those it takes."),
    413: TooLarge("The request body is larger than this service takes."),
    421: WrongHost("This service does not answer under this host name."),
    422: Malformed("The request does not have the form this path takes."),
    429: errors.Busy("Too many requests at once."),
    503: errors.Unavailable("A part this request needs is not available. Try again later."),
}


def from_status(status: int) -> PlatformError:
    """The error that stands for a bare HTTP status of the framework."""
    return _BY_STATUS.get(status) or errors.Internal("The proxy failed; the log has the details.")


def from_meta(meta: Mapping[str, Any], text: str) -> PlatformError:
    """The error a server described in `_meta["mcp-platform/error"]`; the sentence is the server's own.

    A code this proxy does not know is told by its status and kept as `server_code`.
    """
    code, status = meta.get("code"), meta.get("status")
    extra = {key: value for key, value in meta.items() if key not in _OWN_MEMBERS and key != "retryable"}
    kind = _KINDS.get(code) if isinstance(code, str) else None
    if kind is None:
        kind = _NEAREST.get(status, ToolFailed) if isinstance(status, int) else ToolFailed
        extra |= {"server_code": sentence(str(code))[:64]} if code else {}
    return kind(sentence(text), retry_after=seconds(meta.get("retry_after")), extra=extra)


def seconds(value: object) -> float | None:
    """A waiting time as a server gave it, kept between nothing and an hour; None when it is no number."""
    try:
        found = float(value)  # type: ignore[arg-type]  # text, bytes or a number; whatever else it is, float() says so
    except (TypeError, ValueError):
        return None
    return min(max(found, 0.0), 3600.0) if math.isfinite(found) else None


def sentence(text: str) -> str:
    """A server's sentence, made fit for a JSON member and a terminal."""
    return _CONTROL.sub(" ", text).strip()[:_LONGEST_DETAIL] or "The server gave no reason."


_OWN_MEMBERS = frozenset({"type", "title", "status", "detail", "instance", "code", "trace_id", "retry_after"})


def problem(error: PlatformError, *, instance: str, trace_id: str) -> dict[str, Any]:
    """The problem details of an error."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}" if error.code in TABLE else "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "instance": instance,
        "code": error.code,
        "trace_id": trace_id,
    }
    if error.retry_after is not None:
        body["retry_after"] = round(error.retry_after, 3)
    return body | {key: value for key, value in error.extra.items() if key not in _OWN_MEMBERS}


def headers_of(error: PlatformError) -> list[tuple[bytes, bytes]]:
    """The headers that go with an error: media type, and Retry-After in whole seconds, rounded up."""
    found = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
    if error.retry_after is not None:
        found.append((b"retry-after", b"%d" % max(1, math.ceil(error.retry_after))))
    elif error.retryable and error.status in {429, 503}:
        found.append((b"retry-after", b"1"))
    return found


def encoded(body: Mapping[str, Any]) -> bytes:
    """Problem details as JSON."""
    return to_json(body)


def as_markdown() -> str:
    """The table as README.md shows it."""
    lines = ["| status | code | meaning | what to do |", "|---|---|---|---|"]
    lines += [f"| {row.status} | `{row.code}` | {row.meaning} | {row.advice} |" for row in TABLE.values()]
    return "\n".join(lines)
