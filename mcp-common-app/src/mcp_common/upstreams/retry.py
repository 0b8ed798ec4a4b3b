"""When to ask again, and how long to wait before."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

RETRYABLE = frozenset({408, 429, 502, 503, 504})

LONGEST_WAIT = 3600.0
"""Seconds: what an upstream asks beyond this is taken for this."""

_EPOCH = re.compile(r"\d{10,11}")
_SECONDS = re.compile(r"\d{1,9}(\.\d+)?")


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110 §10.2.3); None where it says nothing usable."""
    if header is None:
        return None
    header = header.strip()
    if _SECONDS.fullmatch(header):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - now).total_seconds())


def rate_limit_reset_seconds(header: str | None, now: datetime) -> float | None:
    """Read an X-RateLimit-Reset header: the epoch second from which requests count anew; None for one that is past."""
    if header is None or not _EPOCH.fullmatch(header.strip()):
        return None
    wait = int(header) - now.timestamp()
    return wait if wait > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Full-jitter back-off, bounded in tries and in the time spent waiting.

    `longest_wait` is the longest Retry-After that is waited out; a longer one is handed to the caller.
    `busy_for` is what a caller is told when a 429 names no time.
    """

    attempts: int = 3
    base: float = 0.25
    cap: float = 8.0
    longest_wait: float = 10.0
    busy_for: float = 15.0
    uniform: Callable[[float, float], float] = random.uniform

    def pause(self, attempt: int, retry_after: float | None) -> float | None:
        """Seconds to wait after try number `attempt` (from 1), or None to give up."""
        if attempt >= self.attempts:
            return None
        backoff = self.uniform(0.0, min(self.cap, self.base * 2**attempt))
        if retry_after is None:
            return backoff
        if retry_after > self.longest_wait:
            return None
        return retry_after + backoff
