"""Who somebody is on the instance, and which roles that brings."""

from dataclasses import dataclass

CONTAINS: dict[str, tuple[str, ...]] = {
    "itil": (
        "sn_incident_write",
        "sn_problem_write",
        "sn_change_write",
        "sn_cmdb_user",
        "sn_request_read",
        "snc_internal",
    ),
    "change_manager": ("itil", "sn_change_approver"),
    "sn_incident_write": ("sn_incident_read",),
    "sn_problem_write": ("sn_problem_read",),
    "sn_change_write": ("sn_change_read",),
}
"""Which roles a role brings along."""


@dataclass(frozen=True, slots=True)
class User:
    """One user as a request acts: `roles` with all they contain."""

    sys_id: str
    user_name: str
    name: str
    roles: frozenset[str]
    time_zone: str

    def holds(self, *roles: str) -> bool:
        """True with any of them; an admin holds all."""
        return "admin" in self.roles or not self.roles.isdisjoint(roles)


def expanded(roles: set[str]) -> frozenset[str]:
    """The roles and those they contain."""
    found, open_ones = set[str](), list(roles)
    while open_ones:
        role = open_ones.pop()
        if role not in found:
            found.add(role)
            open_ones += CONTAINS.get(role, ())
    return frozenset(found)


SYSTEM = User("", "system", "System", frozenset({"admin"}), "UTC")
"""Who does what nobody asked for."""
