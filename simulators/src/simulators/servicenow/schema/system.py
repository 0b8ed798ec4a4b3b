"""The tables in which an instance describes itself."""

from simulators.servicenow.schema.columns import BASE, flag, named, number, ref, text
from simulators.servicenow.schema.models import TableDef

OBJECT = TableDef(
    "sys_db_object",
    "Table",
    (
        *BASE,
        text("name", "Name", 80),
        text("label", "Label", 80),
        ref("super_class", "Extends table", "sys_db_object"),
        flag("is_extendable", "Extensible"),
        text("sys_name", "Display name", 255),
    ),
    display="label",
)

DICTIONARY = TableDef(
    "sys_dictionary",
    "Dictionary Entry",
    (
        *BASE,
        text("name", "Table", 80),
        text("element", "Column name", 80),
        text("column_label", "Column label", 80),
        named("internal_type", "Type", "sys_glide_object"),
        named("reference", "Reference", "sys_db_object"),
        number("max_length", "Max length"),
        number("choice", "Choice"),
        text("default_value", "Default value", 255),
        flag("mandatory", "Mandatory"),
        flag("read_only", "Read only"),
        flag("active", "Active", "true"),
        flag("display", "Display"),
        flag("array", "Array"),
        flag("unique", "Unique"),
        text("attributes", "Attributes", 1000),
        text("sys_name", "Display name", 255),
    ),
    display="column_label",
)

GLIDE_OBJECT = TableDef(
    "sys_glide_object",
    "Field class",
    (*BASE, text("name", "Name"), text("label", "Label")),
    display="label",
)

CHOICE = TableDef(
    "sys_choice",
    "Choice",
    (
        *BASE,
        text("name", "Table", 80),
        text("element", "Element", 80),
        text("value", "Value", 100),
        text("label", "Label", 100),
        text("language", "Language", 6, default="en"),
        text("dependent_value", "Dependent value", 100),
        text("hint", "Hint", 255),
        number("sequence", "Sequence"),
        flag("inactive", "Inactive"),
    ),
    display="label",
)

JOURNAL = TableDef(
    "sys_journal_field",
    "Journal Entry",
    (
        *BASE,
        text("name", "Name", 80),
        text("element", "Element", 80),
        text("element_id", "Element ID", 32),
        text("value", "Value", 65_000),
    ),
)

PROPERTY = TableDef(
    "sys_properties",
    "System Property",
    (
        *BASE,
        text("name", "Name", 100),
        text("value", "Value", 4000),
        text("type", "Type", default="string"),
        text("description", "Description", 512),
    ),
    display="name",
)

TABLES = (OBJECT, DICTIONARY, GLIDE_OBJECT, CHOICE, JOURNAL, PROPERTY)
