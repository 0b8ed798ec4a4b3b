"""The data policy that every state machine needs: what must not be empty now."""

from simulators.servicenow.answers import data_policy
from simulators.servicenow.rules.registry import Write
from simulators.servicenow.schema import SCHEMA


def require(write: Write, *fields: str) -> None:
    """Raises: Refused 403, naming the labels of those that are empty."""
    columns = SCHEMA.fields(write.table)
    if missing := [columns[field].label for field in fields if not write.record[field].strip()]:
        raise data_policy(missing)
