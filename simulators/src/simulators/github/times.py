"""Times as GitHub writes and reads them, and ids for GraphQL."""

import base64
import time
from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """`2026-10-01T00:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def iso_or_none(seconds: float | None) -> str | None:
    """None stays None."""
    return None if seconds is None else iso(seconds)


def moment(text: str) -> float | None:
    """Seconds of an ISO 8601 date or time, UTC unless it says otherwise; None for what is neither."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def node_id(kind: str, number: int | str) -> str:
    """The id of the same thing in GraphQL, opaque."""
    return f"{kind}_{base64.urlsafe_b64encode(f'{kind}:{number}'.encode()).decode().rstrip('=')}"
