"""Knowledge, the service catalog and attachments."""

from simulators.servicenow.schema.columns import (
    BASE,
    EXTENDED,
    choice,
    day,
    flag,
    html,
    many,
    number,
    ref,
    text,
    when,
)
from simulators.servicenow.schema.models import Field, TableDef

WORKFLOW = (
    ("draft", "Draft"),
    ("review", "Review"),
    ("published", "Published"),
    ("pending_retirement", "Pending retirement"),
    ("retired", "Retired"),
    ("outdated", "Outdated"),
)
REQUEST_STATE = (
    ("requested", "Pending Approval"),
    ("in_process", "Approved"),
    ("closed_complete", "Closed Complete"),
    ("closed_incomplete", "Closed Incomplete"),
    ("closed_cancelled", "Closed Cancelled"),
    ("closed_rejected", "Closed Rejected"),
)
STAGE = (
    ("waiting_for_approval", "Waiting for Approval"),
    ("request_approved", "Request Approved"),
    ("fulfillment", "Fulfillment"),
    ("delivery", "Delivery"),
    ("completed", "Completed"),
)

KNOWLEDGE_BASE = TableDef(
    "kb_knowledge_base",
    "Knowledge Base",
    (
        *BASE,
        text("title", "Title", 100),
        text("description", "Description", 4000),
        ref("owner", "Owner", "sys_user"),
        flag("active", "Active", "true"),
    ),
    display="title",
)

KNOWLEDGE_CATEGORY = TableDef(
    "kb_category",
    "Knowledge Category",
    (*BASE, text("label", "Label", 100), text("full_category", "Full Category", 255), flag("active", "Active", "true")),
    display="label",
)

KNOWLEDGE = TableDef(
    "kb_knowledge",
    "Knowledge",
    (
        *BASE,
        *EXTENDED,
        text("number", "Number"),
        text("short_description", "Short description", 100),
        html("text", "Article body"),
        choice("workflow_state", "Workflow", WORKFLOW, "draft"),
        ref("kb_knowledge_base", "Knowledge base", "kb_knowledge_base"),
        ref("kb_category", "Category", "kb_category"),
        ref("author", "Author", "sys_user"),
        ref("cmdb_ci", "Configuration item", "cmdb_ci"),
        text("article_type", "Article type", default="text"),
        text("meta", "Meta", 4000),
        text("topic", "Topic"),
        text("language", "Language", default="en"),
        text("version", "Version", default="1.0"),
        Field("rating", "Rating", "float"),
        number("sys_view_count", "View count", default="0"),
        flag("active", "Active", "true"),
        flag("flagged", "Flagged"),
        day("published", "Published"),
        day("valid_to", "Valid to"),
        ref("source", "Source Task", "task"),
        ref("can_read_user_criteria", "Can Read", "user_criteria"),
    ),
    display="number",
    prefix="KB",
)

USER_CRITERIA = TableDef(
    "user_criteria", "User Criteria", (*BASE, text("name", "Name", 100), flag("active", "Active")), display="name"
)

CATALOG = TableDef(
    "sc_catalog",
    "Catalog",
    (*BASE, text("title", "Title", 100), text("description", "Description", 1000), flag("active", "Active", "true")),
    display="title",
)

CATALOG_CATEGORY = TableDef(
    "sc_category",
    "Category",
    (
        *BASE,
        text("title", "Title", 100),
        text("description", "Description", 1000),
        ref("sc_catalog", "Catalog", "sc_catalog"),
        flag("active", "Active", "true"),
    ),
    display="title",
)

ITEM = TableDef(
    "sc_cat_item",
    "Catalog Item",
    (
        *BASE,
        *EXTENDED,
        text("name", "Name", 100),
        text("short_description", "Short description", 200),
        html("description", "Description"),
        ref("category", "Category", "sc_category"),
        many("sc_catalogs", "Catalogs", "sc_catalog"),
        text("type", "Type", default="item"),
        text("price", "Price", default="0"),
        text("recurring_price", "Recurring price"),
        number("order", "Order", default="0"),
        ref("group", "Fulfillment group", "sys_user_group"),
        ref("owner", "Owner", "sys_user"),
        flag("active", "Active", "true"),
        text("delivery_time", "Delivery time"),
        text("sys_name", "Display name", 255),
    ),
    display="name",
)

REQUEST = TableDef(
    "sc_request",
    "Request",
    (
        ref("requested_for", "Requested for", "sys_user"),
        choice("request_state", "Request state", REQUEST_STATE, "requested"),
        choice("stage", "Stage", (("requested", "Requested"), ("delivery", "Delivery"), ("closed_complete", "Closed"))),
        text("price", "Price", default="0"),
        text("special_instructions", "Special instructions", 4000),
        when("requested_date", "Requested date"),
    ),
    extends="task",
    prefix="REQ",
)

REQUEST_ITEM = TableDef(
    "sc_req_item",
    "Requested Item",
    (
        ref("request", "Request", "sc_request"),
        ref("cat_item", "Item", "sc_cat_item"),
        ref("requested_for", "Requested for", "sys_user"),
        number("quantity", "Quantity", default="1"),
        text("price", "Price", default="0"),
        choice("stage", "Stage", STAGE),
        when("estimated_delivery", "Estimated delivery"),
    ),
    extends="task",
    prefix="RITM",
)

CATALOG_TASK = TableDef(
    "sc_task",
    "Catalog Task",
    (
        ref("request", "Request", "sc_request"),
        ref("request_item", "Request item", "sc_req_item"),
    ),
    extends="task",
    prefix="SCTASK",
)

ATTACHMENT = TableDef(
    "sys_attachment",
    "Attachment",
    (
        *BASE,
        text("file_name", "File name", 100),
        text("content_type", "Content type", 100),
        text("table_name", "Table name", 80),
        text("table_sys_id", "Table sys ID", 32),
        number("size_bytes", "Size bytes"),
        number("size_compressed", "Size compressed"),
        text("hash", "Hash", 64),
        text("state", "State"),
        flag("compressed", "Compressed", "true"),
        number("chunk_size_bytes", "Chunk size bytes"),
        number("image_width", "Image width"),
        number("image_height", "Image height"),
        number("average_image_color", "Average image color"),
        text("encryption_context", "Encryption context"),
    ),
    display="file_name",
)

TABLES = (
    KNOWLEDGE_BASE,
    KNOWLEDGE_CATEGORY,
    KNOWLEDGE,
    USER_CRITERIA,
    CATALOG,
    CATALOG_CATEGORY,
    ITEM,
    REQUEST,
    REQUEST_ITEM,
    CATALOG_TASK,
    ATTACHMENT,
)
