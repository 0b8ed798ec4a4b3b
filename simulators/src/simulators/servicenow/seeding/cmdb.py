"""One configuration item for each device, the services above them, and how they hang together."""

from simulators.servicenow.seeding.rows import Rows
from simulators.world.itsm import SERVICES, ci_class
from simulators.world.models import Device
from simulators.world.platforms import APS, ROUTERS

AGE = 400 * 86_400.0
RELATIONS = ("Connects to::Connected by", "Depends on::Used by", "Contains::Contained by", "Runs on::Runs")


def add(rows: Rows) -> None:
    """Models, items, services, relations."""
    world, ids = rows.instance.world, rows.ids
    for relation in RELATIONS:
        parent, _, child = relation.partition("::")
        rows.add(
            "cmdb_rel_type",
            ids.of("cmdb_rel_type", relation),
            age=AGE,
            name=relation,
            sys_name=relation,
            parent_descriptor=parent,
            child_descriptor=child,
        )
    for device in world.devices.values():
        _item(rows, device)
    for link in world.links:
        near, far = world.devices[link.near.device_id], world.devices[link.far.device_id]
        relate(rows, near.hostname, far.hostname, "Connects to::Connected by", port=link.near.port[:40])
    _services(rows)


def _item(rows: Rows, device: Device) -> None:
    world, ids, platform = rows.instance.world, rows.ids, device.platform
    model = ids.of("cmdb_model", platform.product_id)
    if model not in rows.instance.tables["cmdb_model"]:
        rows.add(
            "cmdb_model",
            model,
            age=AGE,
            name=platform.type,
            display_name=f"Cisco {platform.product_id}",
            model_number=platform.product_id,
            manufacturer=ids.of("core_company", "Cisco"),
        )
    switch = platform.family not in (APS, ROUTERS)
    rows.add(
        ci_class(device),
        ids.item(device.hostname),
        age=AGE,
        name=device.hostname,
        short_description=platform.type,
        category="Resource",
        subcategory="Network",
        environment="production",
        ip_address=device.management_ip,
        mac_address=device.mac,
        serial_number=device.serials[0],
        model_number=platform.product_id,
        model_id=model,
        manufacturer=ids.of("core_company", "Cisco"),
        company=ids.of("core_company", world.company),
        location=ids.site(world.sites[device.site_id].hierarchy),
        support_group=ids.group("Network Operations"),
        assignment_group=ids.group("Network Operations"),
        managed_by=ids.person("rkeller"),
        firmware_version=device.software_version,
        device_type=platform.family,
        ports=str(platform.ports),
        can_route="true" if platform.family == ROUTERS else "false",
        can_switch="true" if switch else "false",
        discovery_source="Catalyst Center",
        first_discovered=rows.ago(AGE),
        last_discovered=rows.ago(device.collected_ago),
        correlation_id=device.id,
    )


def relate(rows: Rows, parent: str, child: str, relation: str, *, port: str = "") -> None:
    """A relation between the items so named, of services and of devices."""
    rows.add(
        "cmdb_rel_ci",
        rows.ids.of("cmdb_rel_ci", parent, child, relation, port),
        age=AGE,
        parent=rows.ids.item(parent),
        child=rows.ids.item(child),
        type=rows.ids.of("cmdb_rel_type", relation),
        port=port,
    )


def _services(rows: Rows) -> None:
    world = rows.instance.world
    for name, criticality, building in SERVICES:
        rows.add(
            "cmdb_ci_service",
            rows.ids.item(name),
            age=AGE,
            name=name,
            busines_criticality=criticality,
            support_group=rows.ids.group("Network Operations"),
            owned_by=rows.ids.person("shaddad"),
        )
        wanted = building.lower()
        for device in world.devices.values():
            wireless = device.platform.family == APS
            if device.hostname.startswith(f"{wanted}-") and wireless == ("WLAN" in name):
                relate(rows, name, device.hostname, "Depends on::Used by")
