"""What a client sends for a record, as the tables hold it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulators.servicenow.schema import Field
from simulators.servicenow.store import as_text
from simulators.servicenow.users import User
from simulators.servicenow.zones import utc, valid

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

_SYS_ID = re.compile(r"[0-9a-f]{32}")


def actual_values(
    instance: "Instance", user: User, table: str, body: Mapping[str, object], *, display: bool = False
) -> dict[str, str]:
    """Actual values of the columns there are; anything else is passed over without a word.

    With `display` the values are what a person reads: labels, names, times of the user's zone. Without it a
    reference may still be given by the other record's display value. One that names nothing comes to nothing.
    """
    columns = instance.schema.fields(table)
    return {
        name: _actual(instance, user, columns[name], as_text(value), display=display)
        for name, value in body.items()
        if name in columns
    }


def _actual(instance: "Instance", user: User, field: Field, text: str, *, display: bool) -> str:
    if field.type == "reference":
        return _reference(instance, field, text)
    if field.type == "glide_list":
        return ",".join(filter(None, (_reference(instance, field, each.strip()) for each in text.split(","))))
    if display and field.choices:
        return next((value for value, label in field.choices if label.casefold() == text.casefold()), text)
    if field.type == "glide_date_time" and text:
        return utc(text, user.time_zone) if display else text if valid(text) else ""
    if field.type == "boolean":
        return "true" if text.lower() in ("true", "1") else "false"
    return text


def _reference(instance: "Instance", field: Field, text: str) -> str:
    if not text or _SYS_ID.fullmatch(text) or field.reference not in instance.tables:
        return text
    table = instance.tables[field.reference]
    named = table.find(**{instance.schema.display_field(field.reference): text})
    return named["sys_id"] if named else ""
