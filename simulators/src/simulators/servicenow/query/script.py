"""`javascript:` in a value: the instance runs it. Here some calls are known, and every one is written down."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from simulators.servicenow.instance import Script
from simulators.servicenow.users import User
from simulators.servicenow.zones import FORM

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

PREFIX = "javascript:"
_CALL = re.compile(r"gs\.(\w+)\(\s*(-?\d{0,5})\s*\);?")
_AGO = {"minutesAgo": "minutes", "hoursAgo": "hours", "daysAgo": "days"}


def run(instance: "Instance", user: User, value: str) -> str:
    """The value, with what a script comes to; an unknown script comes to nothing."""
    if not value.startswith(PREFIX):
        return value
    text = value.removeprefix(PREFIX).strip()
    outcome = _evaluate(instance, user, text)
    instance.scripts.append(Script(user.user_name, text, outcome is not None))
    return outcome or ""


def _evaluate(instance: "Instance", user: User, text: str) -> str | None:
    found = _CALL.fullmatch(text)
    if found is None:
        return None
    name, count = found[1], int(found[2] or "0")
    if name == "getUserID":
        return user.sys_id
    if name == "getUserName":
        return user.user_name
    return _moment(instance, user, name, count)


def _moment(instance: "Instance", user: User, name: str, count: int) -> str | None:
    zone = ZoneInfo(user.time_zone)
    now = datetime.fromtimestamp(instance.clock(), zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    moments: dict[str, Callable[[], datetime]] = {
        "now": lambda: now,
        "nowDateTime": lambda: now,
        "beginningOfToday": lambda: midnight,
        "endOfToday": lambda: midnight + day - timedelta(seconds=1),
        "beginningOfYesterday": lambda: midnight - day,
        "daysAgoStart": lambda: midnight - count * day,
        "daysAgoEnd": lambda: midnight - (count - 1) * day - timedelta(seconds=1),
    }
    if name in _AGO:
        return (now - timedelta(**{_AGO[name]: count})).astimezone(UTC).strftime(FORM)
    return moments[name]().astimezone(UTC).strftime(FORM) if name in moments else None
