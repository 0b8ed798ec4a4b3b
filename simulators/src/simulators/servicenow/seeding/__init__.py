"""Fills a new instance with the company."""

from simulators.servicenow.instance import Instance
from simulators.servicenow.seeding import calendars, changes, cmdb, itself, knowledge, offerings, people, tickets
from simulators.servicenow.seeding.rows import Rows

PARTS = (itself, people, cmdb, tickets, calendars, changes, knowledge, offerings)
"""Each has `add(rows)`; later ones refer to what earlier ones made."""


def seed(instance: Instance) -> None:
    """Everything there is before the first request."""
    rows = Rows(instance)
    for part in PARTS:
        part.add(rows)
