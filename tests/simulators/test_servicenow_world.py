from simulators.servicenow import create_app
from simulators.servicenow.schema import SCHEMA
from simulators.world.itsm import GROUPS, ci_class
from tests.simulators.snow import FLAGSHIP, TABLE, Snow


async def test_every_device_is_an_item_of_its_class_with_address_serial_and_place(snow: Snow) -> None:
    fields = "name,ip_address,serial_number,sys_class_name,location.full_name,model_id.model_number,correlation_id"
    rows = await snow.get(f"{TABLE}/cmdb_ci_netgear", sysparm_fields=fields)
    items = {row["name"]: row for row in rows}
    assert set(items) == {device.hostname for device in snow.world.devices.values()}
    for device in snow.world.devices.values():
        assert items[device.hostname] == {
            "name": device.hostname,
            "ip_address": device.management_ip,
            "serial_number": device.serials[0],
            "sys_class_name": ci_class(device),
            "location.full_name": snow.world.sites[device.site_id].hierarchy,
            "model_id.model_number": device.platform.product_id,
            "correlation_id": device.id,
        }


async def test_cables_are_relations(snow: Snow) -> None:
    query = f"child.name={FLAGSHIP}^ORparent.name={FLAGSHIP}^type.nameSTARTSWITHConnects to"
    rows = await snow.get(f"{TABLE}/cmdb_rel_ci", sysparm_query=query, sysparm_fields="parent.name,child.name")
    device = snow.world.device_named(FLAGSHIP)
    assert len(rows) == len(snow.world.links_of(device.id))
    assert {"zrh01-dist-01", "zrh01-dist-02"} <= {row["child.name"] for row in rows}


async def test_people_groups_and_roles_are_those_of_the_company(snow: Snow) -> None:
    assert set(await snow.found("sys_user", "user_name!=mcp-platform", "user_name")) == set(snow.world.people)
    assert set(await snow.found("sys_user_group", "", "name")) == {group.name for group in GROUPS}
    roles = await snow.found("sys_user_has_role", "user.user_name=changemanager", "role.name")
    assert set(roles) == {"itil", "change_manager", "approver_user"}
    for group in GROUPS:
        assert {group.manager, *group.members} <= set(snow.world.people)


async def test_the_flagships_trouble_is_in_the_tickets(snow: Snow) -> None:
    query = f"cmdb_ci.name={FLAGSHIP}^active=true"
    found = await snow.found("task", f"{query}^sys_class_nameINincident,problem,change_request^ORDERBYnumber")
    assert {"INC0010001", "PRB0040001", "CHG0030001", "CHG0030002"} <= set(found)


async def test_the_dictionary_says_what_the_tables_have(snow: Snow) -> None:
    rows = await snow.get(f"{TABLE}/sys_dictionary", sysparm_fields="name,element,internal_type,reference")
    told = {(row["name"], row["element"]) for row in rows if row["element"]}
    assert told == {(table.name, field.name) for table in SCHEMA.tables.values() for field in table.fields}
    caller = next(row for row in rows if (row["name"], row["element"]) == ("incident", "caller_id"))
    assert caller["reference"] == {"link": f"http://snow{TABLE}/sys_db_object?name=sys_user", "value": "sys_user"}
    assert caller["internal_type"]["value"] == "reference"
    parents = await snow.found("sys_db_object", "name=cmdb_ci_ip_switch", "super_class.name")
    assert parents == ["cmdb_ci_netgear"]


def test_every_reference_and_choice_in_the_company_leads_somewhere() -> None:
    tables = create_app().state.instance.tables
    for name, table in tables.items():
        columns = SCHEMA.fields(name)
        for record in table.own.values():
            assert set(record) == set(columns)
            for column, value in record.items():
                field = columns[column]
                if field.type == "reference" and field.reference_key == "sys_id" and value:
                    assert value in tables[field.reference], (name, column)
                if field.choices and value:
                    assert value in dict(field.choices), (name, column, value)
                assert len(value) <= max(field.max_length, 40), (name, column)


def test_the_same_seed_gives_the_same_ids() -> None:
    first, second = (create_app().state.instance.tables for _ in range(2))
    assert {name: list(table.own) for name, table in first.items()} == {
        name: list(table.own) for name, table in second.items()
    }
