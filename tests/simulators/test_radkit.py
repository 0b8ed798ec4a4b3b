"""The double of RADKit's library and the simulator behind it, used as Cisco's published programs use the real ones."""

from collections.abc import Iterator

import httpx2
import pytest
from starlette.applications import Starlette

from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.radkit import PASSWORD, USERNAME, Behaviour, create_app, serve
from simulators.radkit.client import Client, ExecStatus, Service
from simulators.radkit.wire import (
    AuthenticationFailedError,
    DeviceNotFoundError,
    RequestTimeoutError,
    ServiceUnreachableError,
)
from simulators.serving import Served
from simulators.world import World
from simulators.world.story import FLAGSHIP, UPLINK


@pytest.fixture
def app(world: World, simulated_clock: SteppedClock, faults: Faults) -> Starlette:
    return create_app(world, clock=simulated_clock, faults=faults, controls=True, behaviour=Behaviour())


@pytest.fixture
def process(app: Starlette) -> Iterator[Served]:
    with serve(app) as served:
        yield served


@pytest.fixture
def service(process: Served) -> Iterator[Service]:
    with Client.create() as client:
        yield client.service_direct(host="127.0.0.1", port=process.port, username=USERNAME, password=PASSWORD).wait(10)


def test_nothing_is_asked_before_somebody_waits(service: Service, app: Starlette) -> None:
    asked = len(app.state.service.requests)
    future = service.inventory[FLAGSHIP].exec(["show clock"], timeout=10)
    assert (future.result, future.status) == (None, ExecStatus.PROCESSING)
    assert len(app.state.service.requests) == asked
    result = future.wait(10).result
    assert result is not None
    assert result[FLAGSHIP]["show clock"].status.value == "SUCCESS"
    future.wait(10)
    assert len(app.state.service.requests) == asked + 1


def test_a_terminal_shows_prompt_echo_output_and_prompt(service: Service) -> None:
    result = service.inventory[FLAGSHIP].exec(["show interfaces status err-disabled"]).wait(10).result
    assert result is not None
    data = result[FLAGSHIP]["show interfaces status err-disabled"].data
    assert data.startswith(f"{FLAGSHIP}#show interfaces status err-disabled\n")
    assert data.endswith(f"\n{FLAGSHIP}#")
    assert "Te1/1/1" in data
    assert UPLINK.endswith("1/1/1")


def test_the_inventory_is_filtered_by_regular_expression(service: Service) -> None:
    assert list(service.inventory.filter("name", f"^{FLAGSHIP}$")) == [FLAGSHIP]
    assert len(service.inventory.filter("name", "^zrh01-")) > 5
    assert {device.of("device_type") for device in service.inventory.values()} >= {"IOS_XE"}


@pytest.mark.parametrize(
    ("state", "whole", "first", "second"),
    [
        ("unreachable", "FAILURE", None, None),
        ("partial", "PARTIAL_SUCCESS", "SUCCESS", "FAILURE"),
        ("silent", "SUCCESS", "SUCCESS", "SUCCESS"),
        ("normal", "SUCCESS", "SUCCESS", "SUCCESS"),
    ],
)
def test_devices_answer_as_they_are_told_to(
    service: Service, process: Served, state: str, whole: str, first: str | None, second: str | None
) -> None:
    assert httpx2.put(f"{process.url}/__sim/devices", json={FLAGSHIP: state}).status_code == 200
    future = service.inventory[FLAGSHIP].exec(["show clock", "show version"], timeout=5).wait(10)
    assert future.result is not None
    found = future.result[FLAGSHIP]
    assert (future.status.value, found.status.value) == (whole, whole)
    assert [found[c].status.value if c in found else None for c in ("show clock", "show version")] == [first, second]


def test_a_device_that_was_taken_out_is_not_found(service: Service, app: Starlette) -> None:
    device = service.inventory[FLAGSHIP]
    app.state.service.states = {FLAGSHIP: "missing"}
    with pytest.raises(DeviceNotFoundError):
        device.exec("show clock").wait(5)
    service.update_inventory().wait(5)
    assert FLAGSHIP not in service.inventory


def test_waiting_ends_with_the_time_given(service: Service, faults: Faults) -> None:
    faults.add("latency", "/devices/*", latency=1.0)
    with pytest.raises(RequestTimeoutError):
        service.inventory[FLAGSHIP].exec("show clock").wait(0.1)


def test_nobody_gets_in_with_another_password_and_nothing_goes_on_after_the_session(
    service: Service, process: Served, app: Starlette
) -> None:
    with Client.create() as client, pytest.raises(AuthenticationFailedError):
        client.service_direct(host="127.0.0.1", port=process.port, username=USERNAME, password="x").wait(5)
    httpx2.delete(f"{process.url}/__sim/sessions")
    with pytest.raises(AuthenticationFailedError):
        service.inventory[FLAGSHIP].exec("show clock").wait(5)


def test_a_service_can_be_away(service: Service, process: Served) -> None:
    httpx2.put(f"{process.url}/__sim/service", json={"reachable": False})
    with pytest.raises(ServiceUnreachableError):
        service.update_inventory().wait(5)


def test_a_command_that_changes_something_is_on_record(service: Service, process: Served) -> None:
    service.inventory[FLAGSHIP].exec(["show clock", "configure terminal"]).wait(5)
    assert httpx2.get(f"{process.url}/__sim/executed").json()["changed"] == ["configure terminal"]


def test_no_sudo_and_no_reset_is_played(service: Service) -> None:
    for option in ("sudo", "reset_before", "reset_after"):
        with pytest.raises(NotImplementedError):
            service.inventory[FLAGSHIP].exec("show clock", **{option: True})
