"""Maintenance windows, the freeze, change models and standard change templates."""

import calendar
import time

from simulators.servicenow.change.models import MODELS
from simulators.servicenow.change.templates import encoded
from simulators.servicenow.change.times import span_stamp
from simulators.servicenow.seeding.rows import Rows
from simulators.world.changes import FREEZE, WINDOWS, MaintenanceWindow
from simulators.world.sites import BUILDINGS
from simulators.world.standard_changes import STANDARD_CHANGES, StandardChange

DAY = 86_400.0
AGE = 600 * DAY


def window_start(window: MaintenanceWindow, now: float) -> float:
    """When the next window begins that is at least a day away."""
    midnight = now - now % DAY
    first = midnight + (window.weekday - time.gmtime(midnight).tm_wday) % 7 * DAY + window.hour * 3600
    return first if first >= now + DAY else first + 7 * DAY


def add(rows: Rows) -> None:
    """Everything changes are made from and held against."""
    for model in MODELS:
        rows.add(
            "chg_model",
            model.sys_id,
            age=AGE,
            by="system",
            name=model.name,
            sys_name=model.name,
            description=model.description,
            color=model.color,
            default_change_model="true" if model.default else "false",
        )
    for window in WINDOWS:
        _window(rows, window)
    _freeze(rows)
    for template in STANDARD_CHANGES:
        _template(rows, template)


def _window(rows: Rows, window: MaintenanceWindow) -> None:
    codes = [plan.code.lower() for plan in BUILDINGS if plan.region == window.region]
    condition = "^OR".join(f"nameSTARTSWITH{code}-" for code in codes)
    start = window_start(window, rows.started) - 52 * 7 * DAY
    end = start + window.hours * 3600
    _schedule(rows, "cmn_schedule_maintenance", window.name, condition, (start, end), repeat="weekly")


def _freeze(rows: Rows) -> None:
    year = time.gmtime(rows.started).tm_year
    if time.gmtime(rows.started)[1:3] < FREEZE.last:
        year -= 1
    start = float(calendar.timegm((year, *FREEZE.first, 0, 0, 0)))
    end = float(calendar.timegm((year + 1, *FREEZE.last, 0, 0, 0)))
    _schedule(rows, "cmn_schedule_blackout", FREEZE.name, "", (start, end))


def _schedule(
    rows: Rows, table: str, name: str, condition: str, times: tuple[float, float], *, repeat: str = ""
) -> None:
    kind = "maintenance" if table == "cmn_schedule_maintenance" else "blackout"
    sys_id = rows.ids.of("cmn_schedule", name)
    rows.add(
        table, sys_id, age=AGE, name=name, type=kind, time_zone="UTC", applies_to="cmdb_ci_netgear", condition=condition
    )
    rows.add(
        "cmn_schedule_span",
        rows.ids.of("cmn_schedule_span", name),
        age=AGE,
        name=name,
        schedule=sys_id,
        start_date_time=span_stamp(times[0]),
        end_date_time=span_stamp(times[1]),
        repeat_type=repeat,
    )


def _template(rows: Rows, template: StandardChange) -> None:
    ids, name = rows.ids, template.name
    producer, version, held = (ids.of(kind, name) for kind in ("std_producer", "std_version", "sys_template"))
    filled = {
        "short_description": template.short_description,
        "description": template.description,
        "implementation_plan": template.implementation_plan,
        "backout_plan": template.backout_plan,
        "test_plan": template.test_plan,
        "assignment_group": ids.group(template.assignment_group),
        "category": "Network",
        "risk": "4",
        "impact": "3",
    }
    rows.add("sys_template", held, age=AGE, name=name, table="change_request", template=encoded(filled))
    active = "true" if template.active else "false"
    rows.add(
        "std_change_producer_version",
        version,
        age=AGE,
        name=f"{name} - {template.version}",
        version=str(template.version),
        active=active,
        std_change_producer=producer,
    )
    rows.add(
        "std_change_record_producer",
        producer,
        age=AGE,
        name=name,
        sys_name=name,
        short_description=template.short_description,
        active=active,
        current_version=version,
        template=held,
        category=template.category,
        assignment_group=ids.group(template.assignment_group),
    )
