"""What ServiceNow says no with, told apart by the body where the status does not tell; the words are ours."""

import re
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from mcp_common.errors import (
    Busy,
    Conflict,
    InvalidArguments,
    NotFound,
    PlatformError,
    Unavailable,
    UpstreamRejected,
    UpstreamUnauthorized,
)
from mcp_common.redaction import redact
from mcp_common.untrusted import one_line
from mcp_common.upstream import Call, Received

_READ = 16_384
_HOUR = 3_600.0
_MOST_LABELS = 12
_NO_RIGHT = re.compile(r"\bacl\b|security constraint|insufficient rights|not authorized")
_MANDATORY = re.compile(r"mandatory\s*:?\s*(?P<labels>[^\n.;!?]{1,600})", re.IGNORECASE)
_LABEL = re.compile(r"[^\W_][\w &/()'-]{0,59}")


def recognised(call: Call, received: Received, *, now: datetime, who: str) -> PlatformError | None:
    """The error for a refusal ServiceNow is known for; None for what any upstream could say.

    `who` is in whose name the call ran.
    """
    if 200 <= received.status < 300:
        return _asleep(received)
    message, detail = _envelope(received)
    said = f"{message} {detail}".casefold()
    logged = redact(str(one_line(f"{call.method} {call.path}: HTTP {received.status} {message} / {detail}")))
    if received.status == 429:
        return _hourly(received, now, logged)
    if received.status == 403:
        return _forbidden(detail or message, said, who, logged)
    if received.status == 404:
        return _missing(call, said, logged)
    if received.status == 400 and "table" in said and ("invalid" in said or "does not exist" in said):
        return InvalidArguments("ServiceNow has no table of this name.", detail=logged)
    return None


def _asleep(received: Received) -> PlatformError | None:
    """A developer instance that sleeps answers 200 with a page; nothing was carried out."""
    kind = received.headers.get("Content-Type", "").casefold()
    if "html" in kind and b"hibernat" in received.body[:_READ].lower():
        return Unavailable(
            "The ServiceNow instance is hibernating, and nothing was carried out. Somebody must wake it "
            "by signing in to its web page.",
            retry_after=300.0,
        )
    return None


def _envelope(received: Received) -> tuple[str, str]:
    """`message` and `detail` of the error envelope; empty where the body is none."""
    try:
        body: Any = from_json(received.body[:_READ])
    except ValueError:
        return "", ""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return (error, "") if isinstance(error, str) else ("", "")
    return tuple(part if isinstance(part, str) else "" for part in (error.get("message"), error.get("detail")))  # type: ignore[return-value]  # two of them


def _hourly(received: Received, now: datetime, logged: str) -> PlatformError:
    """Limits are per hour; `X-RateLimit-Reset` (epoch seconds) or `Retry-After` (seconds) say when it is over."""
    wait = _seconds(received.headers.get("Retry-After"))
    if wait is None:
        reset = _seconds(received.headers.get("X-RateLimit-Reset"))
        wait = reset - now.timestamp() if reset is not None else None
    if wait is None:
        return Busy(
            "ServiceNow limits the calls per hour and takes no more now. Try again in some minutes.",
            retry_after=300.0,
            detail=logged,
        )
    wait = min(max(wait, 1.0), _HOUR)
    return Busy(
        f"ServiceNow's limit of calls per hour is used up. It takes calls again in {_spoken(wait)}.",
        retry_after=wait,
        detail=logged,
    )


def _seconds(header: str | None) -> float | None:
    text = (header or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 14 else None


def _spoken(seconds: float) -> str:
    return f"{round(seconds)} seconds" if seconds < 90 else f"about {round(seconds / 60)} minutes"


def _forbidden(text: str, said: str, who: str, logged: str) -> PlatformError | None:
    if "data policy" in said:
        labels = mandatory_labels(text)
        what = f" Mandatory: {', '.join(labels)}." if labels else ""
        return InvalidArguments(
            f"A data policy of ServiceNow wants more fields with this.{what} Nothing was written.",
            detail=logged,
        )
    if "business rule" in said:
        return Conflict(
            "A business rule of this ServiceNow instance does not allow this now. Nothing was written.", detail=logged
        )
    if _NO_RIGHT.search(said):
        return UpstreamUnauthorized(f"ServiceNow's access rules do not allow this to {who}.", detail=logged)
    return None


def mandatory_labels(text: str) -> list[str]:
    """The field labels a data policy names, and nothing that is none: short words, a dozen at most."""
    found = _MANDATORY.search(text)
    if found is None:
        return []
    labels = (part.strip() for part in found["labels"].split(","))
    return [label for label in labels if _LABEL.fullmatch(label) and one_line(label) == label][:_MOST_LABELS]


def _missing(call: Call, said: str, logged: str) -> PlatformError | None:
    if "does not represent any resource" in said:
        return UpstreamRejected(
            "This ServiceNow instance does not offer that API: the plugin it belongs to is not active.", detail=logged
        )
    sentence = call.missing or "ServiceNow has no such record."
    return NotFound(f"{sentence} Or the account may not see it: ServiceNow does not say which.", detail=logged)
