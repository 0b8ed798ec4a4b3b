"""Users, groups, roles, places and companies."""

from simulators.servicenow.schema.columns import BASE, EXTENDED, choice, flag, number, ref, text, when
from simulators.servicenow.schema.models import Field, TableDef

ADMIN = ("admin", "user_admin")

USER = TableDef(
    "sys_user",
    "User",
    (
        *BASE,
        *EXTENDED,
        text("user_name", "User ID"),
        text("name", "Name", 151),
        text("first_name", "First name", 50),
        text("last_name", "Last name", 50),
        text("middle_name", "Middle name", 50),
        Field("email", "Email", "email", max_length=100),
        text("title", "Title", 60),
        text("employee_number", "Employee number"),
        Field("phone", "Business phone", "ph_number"),
        Field("mobile_phone", "Mobile phone", "ph_number"),
        ref("department", "Department", "cmn_department"),
        ref("company", "Company", "core_company"),
        ref("location", "Location", "cmn_location"),
        ref("manager", "Manager", "sys_user"),
        flag("active", "Active", "true"),
        flag("locked_out", "Locked out"),
        flag("vip", "VIP"),
        flag("web_service_access_only", "Web service access only"),
        flag("internal_integration_user", "Internal Integration User"),
        text("time_zone", "Time zone"),
        text("source", "Source", 255),
        when("last_login_time", "Last login time"),
        text("user_password", "Password", 255, roles=ADMIN),
        text("failed_attempts", "Failed login attempts", roles=ADMIN),
    ),
    display="name",
)

GROUP = TableDef(
    "sys_user_group",
    "Group",
    (
        *BASE,
        text("name", "Name", 80, mandatory=True),
        text("description", "Description", 1000),
        Field("email", "Group email", "email", max_length=100),
        ref("manager", "Manager", "sys_user"),
        ref("parent", "Parent", "sys_user_group"),
        text("type", "Type"),
        flag("active", "Active", "true"),
        text("source", "Source", 255),
    ),
    display="name",
)

MEMBER = TableDef(
    "sys_user_grmember",
    "Group Member",
    (*BASE, ref("user", "User", "sys_user", mandatory=True), ref("group", "Group", "sys_user_group", mandatory=True)),
)

ROLE = TableDef(
    "sys_user_role",
    "Role",
    (*BASE, text("name", "Name", 100), text("description", "Description", 1000)),
    display="name",
)

HAS_ROLE = TableDef(
    "sys_user_has_role",
    "User Role",
    (
        *BASE,
        ref("user", "User", "sys_user"),
        ref("role", "Role", "sys_user_role"),
        flag("inherited", "Inherited"),
        choice("state", "State", (("active", "Active"),), "active"),
    ),
    display="role",
)

LOCATION = TableDef(
    "cmn_location",
    "Location",
    (
        *BASE,
        text("name", "Name", 100),
        text("full_name", "Full name", 255),
        text("street", "Street", 255),
        text("city", "City"),
        text("country", "Country"),
        ref("parent", "Parent", "cmn_location"),
        ref("company", "Company", "core_company"),
        Field("latitude", "Latitude", "float"),
        Field("longitude", "Longitude", "float"),
        text("time_zone", "Time zone"),
        choice(
            "cmn_location_type",
            "Location type",
            (
                ("region", "Region"),
                ("country", "Country"),
                ("city", "City"),
                ("building/structure", "Building/Structure"),
                ("floor", "Floor"),
            ),
        ),
    ),
    display="name",
)

DEPARTMENT = TableDef(
    "cmn_department",
    "Department",
    (*BASE, text("name", "Name", 100), ref("dept_head", "Department head", "sys_user"), text("id", "ID")),
    display="name",
)

COMPANY = TableDef(
    "core_company",
    "Company",
    (
        *BASE,
        text("name", "Name", 80),
        flag("manufacturer", "Manufacturer"),
        flag("vendor", "Vendor"),
        flag("customer", "Customer"),
        number("num_employees", "Employees"),
    ),
    display="name",
)

TABLES = (USER, GROUP, MEMBER, ROLE, HAS_ROLE, LOCATION, DEPARTMENT, COMPANY)
