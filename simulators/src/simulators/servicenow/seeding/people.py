"""Users, groups, roles, departments and places."""

from simulators.servicenow.behaviour import USERNAME
from simulators.servicenow.seeding.rows import Rows
from simulators.servicenow.users import CONTAINS
from simulators.world.itsm import GROUPS, ROLES
from simulators.world.models import Person, Site

AGE = 700 * 86_400.0
INTEGRATION_ROLES = ("itil", "personalize_dictionary", "snc_platform_rest_api_access")


def add(rows: Rows) -> None:
    """Everybody and where they are."""
    world, ids = rows.instance.world, rows.ids
    rows.add("core_company", ids.of("core_company", world.company), age=AGE, name=world.company)
    rows.add("core_company", ids.of("core_company", "Cisco"), age=AGE, name="Cisco", manufacturer="true", vendor="true")
    for site in world.sites.values():
        _location(rows, site)
    for department in sorted({person.department for person in world.people.values()}):
        rows.add("cmn_department", ids.of("cmn_department", department), age=AGE, name=department)
    _roles(rows)
    for person in world.people.values():
        _person(rows, person)
    _integration(rows)
    _groups(rows)


def _location(rows: Rows, site: Site) -> None:
    parent = rows.instance.world.sites.get(site.parent_id or "")
    kinds = {"area": "city" if site.hierarchy.count("/") == 2 else "region", "building": "building/structure"}
    street, _, rest = (site.address or "").partition(", ")
    rows.add(
        "cmn_location",
        rows.ids.site(site.hierarchy),
        age=AGE,
        name=site.name if site.kind != "floor" or parent is None else f"{parent.name} {site.name}",
        full_name=site.hierarchy,
        street=street,
        city=rest.split(",")[0].lstrip("0123456789 ") if rest else "",
        country=site.country or "",
        parent=rows.ids.site(parent.hierarchy) if parent else "",
        latitude="" if site.latitude is None else f"{site.latitude}",
        longitude="" if site.longitude is None else f"{site.longitude}",
        company=rows.ids.of("core_company", rows.instance.world.company),
        cmn_location_type=kinds.get(site.kind, "floor" if site.kind == "floor" else ""),
    )


def _roles(rows: Rows) -> None:
    named = {role for roles in ROLES.values() for role in roles} | set(INTEGRATION_ROLES) | set(CONTAINS)
    contained = {role for roles in CONTAINS.values() for role in roles}
    for role in sorted(named | contained):
        rows.add("sys_user_role", rows.ids.of("role", role), age=AGE, by="system", name=role)


def _person(rows: Rows, person: Person) -> None:
    first, _, last = person.name.partition(" ")
    sys_id = rows.ids.person(person.account)
    rows.add(
        "sys_user",
        sys_id,
        age=AGE,
        user_name=person.account,
        name=person.name,
        first_name=first,
        last_name=last,
        email=person.email,
        title=person.title,
        department=rows.ids.of("cmn_department", person.department),
        company=rows.ids.of("core_company", rows.instance.world.company),
        location=rows.ids.site("Global/Europe/Zurich/ZRH01"),
    )
    grant(rows, person.account, *(role for group in person.groups for role in ROLES.get(group, ())))


def _integration(rows: Rows) -> None:
    rows.add(
        "sys_user",
        rows.ids.person(USERNAME),
        age=AGE,
        user_name=USERNAME,
        name="MCP Platform",
        first_name="MCP",
        last_name="Platform",
        web_service_access_only="true",
        internal_integration_user="true",
        time_zone="UTC",
    )
    grant(rows, USERNAME, *INTEGRATION_ROLES)


def grant(rows: Rows, account: str, *roles: str) -> None:
    """Give a user roles."""
    for role in dict.fromkeys(roles):
        rows.add(
            "sys_user_has_role",
            rows.ids.of("has_role", account, role),
            age=AGE,
            user=rows.ids.person(account),
            role=rows.ids.of("role", role),
        )


def _groups(rows: Rows) -> None:
    for group in GROUPS:
        sys_id = rows.ids.group(group.name)
        rows.add(
            "sys_user_group",
            sys_id,
            age=AGE,
            name=group.name,
            description=group.description,
            manager=rows.ids.person(group.manager),
        )
        for member in group.members:
            rows.add(
                "sys_user_grmember",
                rows.ids.of("member", group.name, member),
                age=AGE,
                user=rows.ids.person(member),
                group=sys_id,
            )
