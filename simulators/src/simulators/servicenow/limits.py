"""Hourly limits on inbound requests."""

import fnmatch
import hashlib
from collections import Counter

from simulators.clock import Clock
from simulators.servicenow.answers import Refused
from simulators.servicenow.behaviour import HOUR, RateRule
from simulators.servicenow.users import User


class Limits:
    """Counts each user's requests in the clock's hour, for the one rule that matches best."""

    def __init__(self, rules: tuple[RateRule, ...], clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._hour = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def count(self, user: User, method: str, path: str) -> dict[str, str]:
        """The headers of an answer; none when no rule matches. Raises: Refused 429, over the limit."""
        rule = self._rule(user, method, path)
        if rule is None:
            return {}
        now = self._clock()
        hour = int(now) // HOUR
        if hour != self._hour:
            self._hour, self._counts = hour, Counter()
        key = rule_id(rule)
        headers = {
            "X-RateLimit-Limit": str(rule.per_hour),
            "X-RateLimit-Reset": str((hour + 1) * HOUR),
            "X-RateLimit-Rule": key,
        }
        self._counts[key, user.sys_id] += 1
        if self._counts[key, user.sys_id] > rule.per_hour:
            headers["Retry-After"] = str((hour + 1) * HOUR - int(now))
            detail = f"Rate limit of {rule.per_hour} requests per hour for {rule.name} exceeded"
            raise Refused(429, "Rate limit exceeded", detail, headers=headers)
        return headers

    def _rule(self, user: User, method: str, path: str) -> RateRule | None:
        """One for the user before those for roles before those for all; among equals the lowest."""
        found = [
            rule
            for rule in self._rules
            if fnmatch.fnmatchcase(path, rule.path)
            and rule.method in ("", method)
            and rule.user in ("", user.user_name)
            and (not rule.role or rule.role in user.roles)
        ]
        return min(found, key=lambda rule: (not rule.user, not rule.role, rule.per_hour), default=None)


def rule_id(rule: RateRule) -> str:
    """Its sys_id: 32 hex digits."""
    return hashlib.md5(repr(rule).encode(), usedforsecurity=False).hexdigest()
