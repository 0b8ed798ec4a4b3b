from tests.simulators.center import V1, V2, Center


async def test_three_generations_list_the_same_sites(center: Center) -> None:
    ids = [[site["id"] for site in await center.response(path)] for path in (f"{V1}/site", f"{V2}/site", f"{V1}/sites")]
    assert ids[0] == ids[1] == ids[2] == list(center.world.sites)


async def test_counts_are_numbers_in_the_old_ones_and_an_object_in_the_new_one(center: Center) -> None:
    assert await center.response(f"{V1}/site/count") == len(center.world.sites)
    assert await center.response(f"{V2}/site/count") == len(center.world.sites)
    assert await center.response(f"{V1}/sites/count") == {"count": len(center.world.sites)}


async def test_a_name_is_the_whole_hierarchy_in_the_old_one_and_the_last_part_in_the_new_one(center: Center) -> None:
    hierarchy = "Global/Europe/Zurich/ZRH01/Floor 2"
    (old,) = await center.response(f"{V1}/site", name=hierarchy)
    (grouped,) = await center.response(f"{V2}/site", groupNameHierarchy=hierarchy)
    (new,) = await center.response(f"{V1}/sites", nameHierarchy=hierarchy)
    assert old["siteNameHierarchy"] == grouped["groupNameHierarchy"] == new["nameHierarchy"] == hierarchy
    assert await center.response(f"{V1}/site", name="Floor 2") == []
    assert len(await center.response(f"{V1}/sites", name="Floor 2")) == 8


async def test_types_are_told_apart(center: Center) -> None:
    buildings = await center.response(f"{V1}/site", type="building")
    assert len(buildings) == 8
    assert all(site["additionalInfo"][0]["attributes"]["latitude"] for site in buildings)
    assert await center.response(f"{V1}/sites/count", type="building") == {"count": 8}


async def test_the_root_has_no_parent(center: Center) -> None:
    root = (await center.response(f"{V1}/site", limit=1))[0]
    assert root["siteNameHierarchy"] == "Global"
    assert "parentId" not in root


async def test_one_site_is_found_by_id_and_pages_start_at_one(center: Center) -> None:
    second = (await center.response(f"{V1}/sites", offset=2, limit=1))[0]
    assert await center.response(f"{V1}/sites/{second['id']}") == second
    assert (await center.refusal(f"{V1}/sites/none"))[0] == 404
    assert (await center.refusal(f"{V1}/sites", offset=0))[0] == 400


async def test_members_of_a_building_include_those_of_its_floors(center: Center) -> None:
    building = next(site for site in center.world.sites.values() if site.name == "ZRH01")
    members = await center.response(f"{V1}/site-member/{building.id}/member", memberType="networkdevice")
    names = {member["hostname"] for member in members}
    assert {"zrh01-core-01", "zrh01-f05-acc-01"} <= names
    assert all(name.startswith("zrh01") for name in names)
    assert (await center.refusal(f"{V1}/site-member/{building.id}/member"))[0] == 400
