"""Where the company is: areas, buildings and floors."""

from dataclasses import dataclass

from simulators.world.models import Site
from simulators.world.naming import Names


@dataclass(frozen=True, slots=True)
class Building:
    """A place as planned; `second` is the second octet of all its addresses."""

    code: str
    region: str
    city: str
    country: str
    address: str
    latitude: float
    longitude: float
    floors: int
    second: int
    wireless_hub: bool = False


BUILDINGS = (
    Building(
        "ZRH01", "Europe", "Zurich", "Switzerland", "Hardturmstrasse 201, 8005 Zurich", 47.3925, 8.5150, 5, 11, True
    ),
    Building("ZRH02", "Europe", "Zurich", "Switzerland", "Flughofstrasse 61, 8152 Glattbrugg", 47.4312, 8.5603, 2, 12),
    Building("BRN01", "Europe", "Bern", "Switzerland", "Belpstrasse 48, 3007 Bern", 46.9437, 7.4291, 3, 13),
    Building(
        "FRA01",
        "Europe",
        "Frankfurt",
        "Germany",
        "Hanauer Landstrasse 302, 60314 Frankfurt",
        50.1183,
        8.7347,
        4,
        21,
        True,
    ),
    Building(
        "LON01",
        "Europe",
        "London",
        "United Kingdom",
        "30 Great Guildford Street, London SE1 0HS",
        51.5040,
        -0.0976,
        4,
        31,
    ),
    Building(
        "AMS01",
        "Europe",
        "Amsterdam",
        "Netherlands",
        "Gustav Mahlerlaan 1212, 1081 LA Amsterdam",
        52.3372,
        4.8745,
        2,
        41,
    ),
    Building(
        "NYC01",
        "Americas",
        "New York",
        "United States",
        "450 West 33rd Street, New York 10001",
        40.7527,
        -73.9992,
        4,
        61,
        True,
    ),
    Building(
        "SJC01",
        "Americas",
        "San Jose",
        "United States",
        "170 West Tasman Drive, San Jose 95134",
        37.4084,
        -121.9540,
        2,
        62,
    ),
)


def build_sites(names: Names) -> dict[str, Site]:
    """Every site by id, parents before children. The root is `Global`."""
    sites: dict[str, Site] = {}
    root_id = names.uuid("site", "Global")
    root = Site(root_id, "Global", "global", "Global", (root_id,))
    sites[root.id] = root

    def area(name: str, parent: Site) -> Site:
        hierarchy = f"{parent.hierarchy}/{name}"
        site_id = names.uuid("site", hierarchy)
        return sites.setdefault(
            site_id, Site(site_id, name, "area", hierarchy, (*parent.id_path, site_id), parent_id=parent.id)
        )

    for plan in BUILDINGS:
        city = area(plan.city, area(plan.region, root))
        building = _building(names, plan, city)
        sites[building.id] = building
        for number in range(1, plan.floors + 1):
            floor = _floor(names, building, number)
            sites[floor.id] = floor
    return sites


def _building(names: Names, plan: Building, city: Site) -> Site:
    hierarchy = f"{city.hierarchy}/{plan.code}"
    site_id = names.uuid("site", hierarchy)
    return Site(
        site_id,
        plan.code,
        "building",
        hierarchy,
        (*city.id_path, site_id),
        parent_id=city.id,
        address=f"{plan.address}, {plan.country}",
        country=plan.country,
        latitude=plan.latitude,
        longitude=plan.longitude,
    )


def _floor(names: Names, building: Site, number: int) -> Site:
    hierarchy = f"{building.hierarchy}/Floor {number}"
    site_id = names.uuid("site", hierarchy)
    return Site(
        site_id,
        f"Floor {number}",
        "floor",
        hierarchy,
        (*building.id_path, site_id),
        parent_id=building.id,
        address=building.address,
        country=building.country,
        floor_number=number,
    )
