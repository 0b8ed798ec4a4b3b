"""The Change Management API, `/api/sn_chg_rest/change`."""

from simulators.servicenow.change_api import catalogue, cis, conflict, reading, schedule, steps, tasks, writing

routes = [
    route for area in (catalogue, reading, writing, steps, conflict, schedule, cis, tasks) for route in area.routes
]
"""Fixed paths come before those with an id in the same place."""
