"""Times: UTC in the tables, the user's zone on the screen."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FORM = "%Y-%m-%d %H:%M:%S"


def local(text: str, zone: str) -> str:
    """A table's UTC time in `zone`; what is no time stays as it is."""
    moment = _parsed(text)
    try:
        return text if moment is None else moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).strftime(FORM)
    except OverflowError:  # the first and the last day of all years have no neighbours
        return text


def utc(text: str, zone: str) -> str:
    """A time of `zone` as tables hold it; empty when it is none."""
    moment = _parsed(text)
    try:
        return "" if moment is None else moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).strftime(FORM)
    except OverflowError:
        return ""


def valid(text: str) -> bool:
    """True for `2026-12-05 20:00:00`."""
    return _parsed(text) is not None


def spoken(text: str) -> str:
    """A duration, kept as a time after 1970 began: `1 Day 2 Hours 5 Minutes`."""
    moment = _parsed(text)
    if moment is None:
        return ""
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    parts = []
    for size, name in ((86_400, "Day"), (3_600, "Hour"), (60, "Minute"), (1, "Second")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts) or "0 Seconds"


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, FORM)  # noqa: DTZ007  # the zone is the caller's to say
    except ValueError:
        return None
