"""What catalog items ask, and what was answered."""

from simulators.servicenow.schema.columns import BASE, choice, flag, number, ref, text
from simulators.servicenow.schema.models import TableDef

KINDS = (
    ("2", "Multi Line Text"),
    ("5", "Select Box"),
    ("6", "Single Line Text"),
    ("7", "CheckBox"),
    ("8", "Reference"),
    ("9", "Date"),
)

VARIABLE = TableDef(
    "item_option_new",
    "Variable",
    (
        *BASE,
        text("name", "Name", 100),
        text("question_text", "Question", 255),
        choice("type", "Type", KINDS, "6"),
        ref("cat_item", "Catalog item", "sc_cat_item"),
        flag("mandatory", "Mandatory"),
        flag("read_only", "Read only"),
        text("default_value", "Default value", 255),
        text("reference", "Reference", 80),
        text("help_text", "Help text", 1000),
        number("order", "Order", default="0"),
        flag("active", "Active", "true"),
    ),
    display="question_text",
)
ANSWER_CHOICE = TableDef(
    "question_choice",
    "Question Choice",
    (
        *BASE,
        ref("question", "Question", "item_option_new"),
        text("text", "Text", 100),
        text("value", "Value", 100),
        number("order", "Order", default="0"),
        flag("inactive", "Inactive"),
    ),
    display="text",
)
OPTION = TableDef(
    "sc_item_option",
    "Options",
    (
        *BASE,
        ref("item_option_new", "Question", "item_option_new"),
        text("value", "Value", 4000),
        number("order", "Order"),
    ),
    display="value",
)
OPTION_OF_ITEM = TableDef(
    "sc_item_option_mtom",
    "Variable Ownership",
    (
        *BASE,
        ref("request_item", "Parent Item", "sc_req_item"),
        ref("sc_item_option", "Dependent Item", "sc_item_option"),
    ),
)

TABLES = (VARIABLE, ANSWER_CHOICE, OPTION, OPTION_OF_ITEM)
