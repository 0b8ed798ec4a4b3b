"""Which port is plugged into which. Host names do not depend on the seed, and neither does this."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from simulators.world.sites import BUILDINGS, Building

AP_PORT = "GigabitEthernet0"
"""The port by which an access point is connected, as its neighbours see it."""

_FIRST_AP_PORT = 21  # the smallest access switch has 24
APS_PER_FLOOR = 7


@dataclass(frozen=True, slots=True)
class End:
    """One end of a cable."""

    hostname: str
    port: str


@dataclass(frozen=True, slots=True)
class Cable:
    """Two ports, the one nearer to the users first. One that is no trunk is routed, or leads to an access point."""

    near: End
    far: End
    trunk: bool = True


@functools.cache
def cables() -> tuple[Cable, ...]:
    """Every cable between managed devices."""
    return tuple(cable for plan in BUILDINGS for cable in _in_building(plan))


@functools.cache
def plugged_into(hostname: str) -> dict[str, tuple[End, bool]]:
    """Port name -> the other end, and whether it is a trunk."""
    found: dict[str, tuple[End, bool]] = {}
    for cable in cables():
        for here, there in ((cable.near, cable.far), (cable.far, cable.near)):
            if here.hostname == hostname:
                found[here.port] = (there, cable.trunk)
    return found


def is_big(plan: Building) -> bool:
    """A building of four floors and more has a distribution layer."""
    return plan.floors >= 4


def switches_per_floor(plan: Building) -> int:
    """Access switches on each floor."""
    return 4 if is_big(plan) else 3


def _in_building(plan: Building) -> Iterator[Cable]:
    code, pair = plan.code.lower(), (1, 2)
    yield from _floors(plan, code)
    if is_big(plan):
        for n in pair:
            for core in pair:
                up = End(f"{code}-dist-{n:02d}", f"HundredGigE1/0/{24 + core}")
                yield Cable(up, End(f"{code}-core-{core:02d}", f"HundredGigE1/0/{n}"), trunk=False)
        yield Cable(End(f"{code}-dist-01", "HundredGigE1/0/27"), End(f"{code}-dist-02", "HundredGigE1/0/27"))
    across, to_router = (
        ("HundredGigE1/0/48", "HundredGigE1/0/{}") if is_big(plan) else ("HundredGigE1/0/49", "TwentyFiveGigE1/0/{}")
    )
    yield Cable(End(f"{code}-core-01", across), End(f"{code}-core-02", across), trunk=False)
    own = "TenGigabitEthernet" if plan.wireless_hub else "GigabitEthernet"
    for n in pair:
        for core in pair:
            port = to_router.format((2 if is_big(plan) else 46) + n)
            router = End(f"{code}-rtr-{n:02d}", f"{own}0/0/{core}")
            yield Cable(End(f"{code}-core-{core:02d}", port), router, trunk=False)
            if plan.wireless_hub:
                controller = End(f"{code}-wlc-{n:02d}", f"TenGigabitEthernet0/0/{core}")
                yield Cable(controller, End(f"{code}-core-{core:02d}", f"HundredGigE1/0/{4 + n}"))


def _floors(plan: Building, code: str) -> Iterator[Cable]:
    above, count = "dist" if is_big(plan) else "core", switches_per_floor(plan)
    for floor in range(1, plan.floors + 1):
        for n in range(1, count + 1):
            for up in (1, 2):
                near = End(f"{code}-f{floor:02d}-acc-{n:02d}", f"TenGigabitEthernet1/1/{up}")
                far = End(f"{code}-{above}-{up:02d}", f"TwentyFiveGigE1/0/{(floor - 1) * count + n}")
                yield Cable(near, far)
        for n in range(APS_PER_FLOOR):
            switch = End(
                f"{code}-f{floor:02d}-acc-{n % count + 1:02d}", f"GigabitEthernet1/0/{_FIRST_AP_PORT + n // count}"
            )
            yield Cable(End(f"{code}-f{floor:02d}-ap-{n + 1:02d}", AP_PORT), switch, trunk=False)
