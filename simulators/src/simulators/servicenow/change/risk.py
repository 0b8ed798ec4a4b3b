"""The risk calculation: conditions tried in order, the first that holds sets risk and impact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Record = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RiskCondition:
    """One condition on a change and its CIs. Risk 2 high, 3 moderate, 4 low; impact 1 high to 3 low."""

    name: str
    holds: Callable[[Record, Sequence[Record]], bool]
    risk: str
    impact: str


def _of_class(*classes: str) -> Callable[[Record, Sequence[Record]], bool]:
    return lambda _, cis: any(ci.get("sys_class_name", "") in classes for ci in cis)


CONDITIONS = (
    RiskCondition("More than ten CIs", lambda _, cis: len(cis) > 10, "2", "1"),
    RiskCondition("Emergency", lambda change, _: change.get("type", "") == "emergency", "2", "2"),
    RiskCondition("A router", _of_class("cmdb_ci_ip_router"), "2", "2"),
    RiskCondition("A switch", _of_class("cmdb_ci_ip_switch"), "3", "2"),
    RiskCondition("Nothing of these", lambda _, __: True, "4", "3"),
)


def assess(change: Record, cis: Sequence[Record]) -> RiskCondition:
    """The condition that decides. A standard change was judged with its template: low."""
    if change.get("type", "") == "standard":
        return CONDITIONS[-1]
    return next(condition for condition in CONDITIONS if condition.holds(change, cis))
