"""Configuration items by class, and how they relate."""

from simulators.servicenow.schema.columns import BASE, EXTENDED, choice, flag, number, ref, text, when
from simulators.servicenow.schema.models import Field, TableDef

INSTALL_STATUS = (
    ("1", "Installed"),
    ("2", "On Order"),
    ("3", "In Maintenance"),
    ("4", "Pending Install"),
    ("5", "Pending Repair"),
    ("6", "In Stock"),
    ("7", "Retired"),
    ("8", "Stolen"),
    ("100", "Absent"),
)
OPERATIONAL_STATUS = (
    ("1", "Operational"),
    ("2", "Non-Operational"),
    ("3", "Repair in Progress"),
    ("4", "DR Standby"),
    ("5", "Ready"),
    ("6", "Retired"),
)
BUSINESS_CRITICALITY = (
    ("1 - most critical", "1 - most critical"),
    ("2 - somewhat critical", "2 - somewhat critical"),
    ("3 - less critical", "3 - less critical"),
    ("4 - not critical", "4 - not critical"),
)

CMDB = TableDef(
    "cmdb",
    "Base Configuration Item",
    (
        *BASE,
        *EXTENDED,
        ref("assigned_to", "Assigned to", "sys_user"),
        ref("company", "Company", "core_company"),
        ref("department", "Department", "cmn_department"),
        ref("location", "Location", "cmn_location"),
        ref("managed_by", "Managed by", "sys_user"),
        ref("owned_by", "Owned by", "sys_user"),
        ref("model_id", "Model ID", "cmdb_model"),
        text("asset_tag", "Asset tag"),
        text("serial_number", "Serial number", 255),
        number("install_status", "Status", INSTALL_STATUS, "1"),
        when("install_date", "Installed"),
        when("purchase_date", "Purchased"),
        when("warranty_expiration", "Warranty expiration"),
    ),
)

CI = TableDef(
    "cmdb_ci",
    "Configuration Item",
    (
        text("name", "Name", 255),
        text("short_description", "Description", 1000),
        text("comments", "Comments", 4000),
        text("category", "Category"),
        text("subcategory", "Subcategory"),
        number("operational_status", "Operational status", OPERATIONAL_STATUS, "1"),
        choice("environment", "Environment", (("production", "Production"), ("test", "Test"))),
        Field("ip_address", "IP Address", "ip_addr", max_length=255),
        text("mac_address", "MAC Address", 18),
        text("fqdn", "Fully qualified domain name", 255),
        text("dns_domain", "DNS Domain", 255),
        ref("manufacturer", "Manufacturer", "core_company"),
        text("model_number", "Model number", 100),
        ref("support_group", "Support group", "sys_user_group"),
        ref("assignment_group", "Change Group", "sys_user_group"),
        ref("managed_by_group", "Managed By Group", "sys_user_group"),
        ref("supported_by", "Supported by", "sys_user"),
        text("discovery_source", "Discovery source"),
        when("first_discovered", "First discovered"),
        when("last_discovered", "Most recent discovery"),
        text("correlation_id", "Correlation ID", 512),
        text("attributes", "Attributes", 65_000),
        flag("monitor", "Monitor"),
        flag("unverified", "Requires verification"),
        flag("skip_sync", "Skip sync"),
        number("fault_count", "Fault count", default="0"),
        ref("maintenance_schedule", "Maintenance schedule", "cmn_schedule"),
    ),
    extends="cmdb",
    display="name",
)

HARDWARE = TableDef(
    "cmdb_ci_hardware",
    "Hardware",
    (
        choice(
            "hardware_status",
            "Hardware status",
            (("installed", "Installed"), ("in_maintenance", "In Maintenance"), ("retired", "Retired")),
            "installed",
        ),
        text("hardware_substatus", "Hardware substatus"),
        text("default_gateway", "Default Gateway"),
    ),
    extends="cmdb_ci",
)

NETGEAR = TableDef(
    "cmdb_ci_netgear",
    "Network Gear",
    (
        text("firmware_version", "Firmware version"),
        text("device_type", "Device type"),
        text("firmware_manufacturer", "Firmware manufacturer"),
        number("ports", "Ports"),
        number("ram", "RAM (MB)"),
        flag("can_route", "Can route"),
        flag("can_switch", "Can switch"),
        flag("can_hub", "Can hub"),
        flag("can_partitionvlans", "Can partition VLANs"),
        text("discovery_proto_type", "Discovery protocol"),
    ),
    extends="cmdb_ci_hardware",
)

CLASSES = (
    TableDef("cmdb_ci_ip_switch", "IP Switch", extends="cmdb_ci_netgear"),
    TableDef("cmdb_ci_ip_router", "IP Router", extends="cmdb_ci_netgear"),
    TableDef("cmdb_ci_ip_firewall", "IP Firewall", extends="cmdb_ci_netgear"),
    TableDef("cmdb_ci_wap_network", "Wireless Access Point", extends="cmdb_ci_netgear"),
)

SERVICE = TableDef(
    "cmdb_ci_service",
    "Service",
    (
        choice("busines_criticality", "Business criticality", BUSINESS_CRITICALITY),
        text("service_classification", "Service classification", default="Business Service"),
        text("number", "Number"),
        text("version", "Version"),
        number("used_for", "Used for"),
    ),
    extends="cmdb_ci",
)

OFFERING = TableDef("service_offering", "Service Offering", extends="cmdb_ci_service")

MODEL = TableDef(
    "cmdb_model",
    "Product Model",
    (
        *BASE,
        *EXTENDED,
        text("name", "Name", 255),
        text("display_name", "Display name", 255),
        text("model_number", "Model number"),
        ref("manufacturer", "Manufacturer", "core_company"),
        text("short_description", "Short description", 1000),
        choice("status", "Status", (("In Production", "In Production"), ("Retired", "Retired")), "In Production"),
    ),
    display="display_name",
)

RELATION_TYPE = TableDef(
    "cmdb_rel_type",
    "CI Relationship Type",
    (
        *BASE,
        text("name", "Name", 100),
        text("parent_descriptor", "Parent descriptor", 100),
        text("child_descriptor", "Child descriptor", 100),
        text("sys_name", "Display name", 255),
    ),
    display="name",
)

RELATION = TableDef(
    "cmdb_rel_ci",
    "CI Relationship",
    (
        *BASE,
        ref("parent", "Parent", "cmdb_ci"),
        ref("child", "Child", "cmdb_ci"),
        ref("type", "Type", "cmdb_rel_type"),
        number("connection_strength", "Connection strength"),
        number("percent_outage", "Percent outage"),
        text("port", "Port"),
    ),
    display="type",
)

SCHEDULE = TableDef(
    "cmn_schedule",
    "Schedule",
    (
        *BASE,
        text("name", "Name", 80),
        text("description", "Description", 1000),
        text("time_zone", "Time zone"),
        text("type", "Type"),
        flag("read_only", "Read only"),
    ),
    display="name",
)

TABLES = (CMDB, CI, HARDWARE, NETGEAR, *CLASSES, SERVICE, OFFERING, MODEL, RELATION_TYPE, RELATION, SCHEDULE)
