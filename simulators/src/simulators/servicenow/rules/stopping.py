"""How a business rule stops a write."""

from simulators.servicenow.answers import Refused, aborted
from simulators.servicenow.change.ids import fixed_id


def stopped(table: str, rule: str) -> Refused:
    """The refusal, naming the rule and its id."""
    key = fixed_id("sys_script", rule)
    return aborted(
        f"Operation against file '{table}' was aborted by Business Rule '{rule}^{key}'. Business Rule Stack:{rule}"
    )
