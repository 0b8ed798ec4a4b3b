"""The rows in which an instance describes its own tables."""

from simulators.servicenow.schema import SCHEMA, Field, TableDef
from simulators.servicenow.seeding.rows import Rows

AGE = 900 * 86_400.0


def add(rows: Rows) -> None:
    """sys_db_object, sys_dictionary, sys_glide_object, sys_choice, sys_properties."""
    types = sorted({field.type for table in SCHEMA.tables.values() for field in table.fields})
    for name in types:
        label = name.replace("glide_", "").replace("_", " ").title()
        rows.add("sys_glide_object", rows.ids.of("type", name), age=AGE, by="system", name=name, label=label)
    for table in SCHEMA.tables.values():
        _table(rows, table)
        for field in table.fields:
            _column(rows, table, field)
            _choices(rows, table, field)
    returns_none = "true" if rows.instance.behaviour.invalid_query_returns_no_rows else "false"
    rows.add(
        "sys_properties",
        rows.ids.of("property", "glide.invalid_query.returns_no_rows"),
        age=AGE,
        by="system",
        name="glide.invalid_query.returns_no_rows",
        type="boolean",
        value=returns_none,
    )


def _table(rows: Rows, table: TableDef) -> None:
    super_class = rows.ids.of("table", table.extends) if table.extends else ""
    rows.add(
        "sys_db_object",
        rows.ids.of("table", table.name),
        age=AGE,
        by="system",
        name=table.name,
        label=table.label,
        sys_name=table.label,
        super_class=super_class,
        is_extendable="true" if SCHEMA.children(table.name) else "false",
    )
    rows.add(
        "sys_dictionary",
        rows.ids.of("collection", table.name),
        age=AGE,
        by="system",
        name=table.name,
        internal_type="collection",
        column_label=table.label,
        sys_name=table.label,
    )


def _column(rows: Rows, table: TableDef, field: Field) -> None:
    rows.add(
        "sys_dictionary",
        rows.ids.of("column", table.name, field.name),
        age=AGE,
        by="system",
        name=table.name,
        element=field.name,
        column_label=field.label,
        sys_name=field.label,
        internal_type=field.type,
        reference=field.reference,
        max_length=str(field.max_length),
        choice="3" if field.choices else "",
        default_value=field.default,
        mandatory="true" if field.mandatory else "false",
        read_only="true" if field.read_only else "false",
        display="true" if field.name == table.display else "false",
    )


def _choices(rows: Rows, table: TableDef, field: Field) -> None:
    for place, (value, label) in enumerate(field.choices, start=1):
        rows.add(
            "sys_choice",
            rows.ids.of("choice", table.name, field.name, value),
            age=AGE,
            by="system",
            name=table.name,
            element=field.name,
            value=value,
            label=label,
            sequence=str(place),
        )
