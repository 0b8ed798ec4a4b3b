"""Times as the tables hold them, as seconds since 1970."""

import calendar
import time


def seconds(text: str) -> float | None:
    """What `2026-12-05 20:00:00` means, UTC; None when it is not a time."""
    try:
        return float(calendar.timegm(time.strptime(text.strip(), "%Y-%m-%d %H:%M:%S")))
    except ValueError:
        return None


def span_seconds(text: str) -> float | None:
    """What `20261205T200000Z` means, the form of times in schedules; None when it is not one."""
    try:
        return float(calendar.timegm(time.strptime(text.strip(), "%Y%m%dT%H%M%SZ")))
    except ValueError:
        return None


def span_stamp(moment: float) -> str:
    """`20261205T200000Z`."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment))
