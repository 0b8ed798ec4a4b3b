"""What the controller's assurance complains about."""

from collections.abc import Iterator, Mapping

from simulators.world import platforms as p
from simulators.world import story
from simulators.world.health import health_of
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device, Issue, Step
from simulators.world.naming import Names

HOUR = 3600.0
DAY = 24 * HOUR
AGAIN = 900.0
"""Seconds until what goes on is reported again after somebody resolved it."""


def build_issues(names: Names, devices: Mapping[str, Device]) -> dict[str, Issue]:
    """Every issue by id, those of the flagship first."""
    found = [issue for device in devices.values() for issue in _issues_of(names, device)]
    found += _access_points_together(names, devices)
    found.sort(key=lambda issue: devices[issue.device_id].hostname != story.FLAGSHIP)
    return {issue.id: issue for issue in found}


def _issues_of(names: Names, device: Device) -> Iterator[Issue]:
    rng = names.rng("issue", device.hostname)
    if device.hostname == story.FLAGSHIP:
        yield _flapping(names, device)
    match device.trouble.reachability, device.trouble.collection:
        case _, "Unassociated":
            yield _access_point_down(names, device)
        case "Unreachable", _:
            yield _unreachable(names, device, "P1", rng.uniform(2, 20) * DAY)
        case "Ping Reachable", _:
            yield _unreachable(names, device, "P2", rng.uniform(3, 20) * HOUR)
    if any(not port.up and port.neighbor and not port.err_disabled for port in interfaces_of(device)):
        yield _link_down(names, device)
    if health_of(device).memory_score == 6:
        yield _memory(names, device, rng.uniform(1, 60) * HOUR)
    if device.hostname == "fra01-core-02":
        yield _busy_once(names, device)
    if device.hostname == "lon01-rtr-01":
        yield _clock_apart(names, device)


def _flapping(names: Names, device: Device) -> Issue:
    port = next(port for port in interfaces_of(device) if port.name == story.UPLINK)
    return Issue(
        id=names.uuid("issue", device.hostname, "flapping"),
        name="interface_flapping_trigger",
        summary=f'Interface "{port.name}" is flapping on network device "{device.hostname}"',
        description=(
            f'Interface "{port.name}" (Interface description: {port.description}) of the switch "{device.hostname}" '
            f"({device.management_ip}) changed its state {story.FLAPS_PER_HOUR} times within the last hour."
        ),
        priority="P1",
        severity="high",
        category="connectivity",
        device_id=device.id,
        first_ago=5.4 * HOUR,
        last_ago=40.0,
        occurrences=5 * story.FLAPS_PER_HOUR + 43,
        actions=(
            Step("Check the cable and the transceiver at both ends of the link."),
            Step(
                "Check the state of the interface and its counters.",
                (
                    (f"show interfaces {port.name}", "Shows details of the given interface"),
                    ("show interfaces status err-disabled", "Shows the ports that are err-disabled, and why"),
                ),
            ),
            Step("Check the log for the reason of the state changes.", (("show logging", "Shows the system log"),)),
        ),
        again_after=AGAIN,
        hosts=True,
    )


def _unreachable(names: Names, device: Device, priority: str, since: float) -> Issue:
    return Issue(
        id=names.uuid("issue", device.hostname, "down"),
        name="snmp_device_down",
        summary=f"Network Device {device.management_ip} Is Unreachable From Controller",
        description=(
            f"This network device {device.hostname} is unreachable from controller. The device role is {device.role}."
        ),
        priority=priority,
        severity="high",
        category="availability",
        device_id=device.id,
        first_ago=since,
        last_ago=310.0,
        occurrences=max(1, int(since // (4 * HOUR))),
        actions=(
            Step("From the controller, verify whether the last hop is reachable."),
            Step("Verify that the physical port(s) by which the device was discovered are up."),
            Step("Verify access to the device."),
        ),
        again_after=AGAIN,
    )


def _access_point_down(names: Names, device: Device) -> Issue:
    return Issue(
        id=names.uuid("issue", device.hostname, "down"),
        name="ap_down",
        summary=f'AP "{device.hostname}" is disconnected from its wireless controller',
        description=f'The access point "{device.hostname}" ({device.mac}) left the controller {device.wlc_ip}.',
        priority="P3",
        severity="medium",
        category="availability",
        device_id=device.id,
        first_ago=device.collected_ago,
        last_ago=1_900.0,
        occurrences=2,
        actions=(Step("Verify that the switch port of the access point is up and delivers power."),),
        again_after=AGAIN,
    )


def _access_points_together(names: Names, devices: Mapping[str, Device]) -> Iterator[Issue]:
    """One for a controller that lost three access points or more."""
    down = [d for d in devices.values() if d.platform.family == p.APS and not d.reachable]
    for controller in devices.values():
        lost = [device for device in down if device.wlc_ip == controller.management_ip]
        if len(lost) < 3:
            continue
        yield Issue(
            id=names.uuid("issue", controller.hostname, "disconnected"),
            name="global_ap_disconnect_trigger",
            summary=f"{len(lost)} AP(s) disconnected from wireless controller",
            description=f'{len(lost)} AP(s) are disconnected from the Wireless Controller "{controller.hostname}".',
            priority="P2",
            severity="high",
            category="availability",
            device_id=controller.id,
            first_ago=9 * HOUR,
            last_ago=1_900.0,
            occurrences=3,
            actions=(Step("Check the access points listed.", (("show ap summary", "Shows the joined APs"),)),),
            again_after=AGAIN,
        )


def _link_down(names: Names, device: Device) -> Issue:
    port = next(port for port in interfaces_of(device) if not port.up and port.neighbor and not port.err_disabled)
    peer = port.neighbor.hostname if port.neighbor else ""
    return Issue(
        id=names.uuid("issue", device.hostname, "link"),
        name="network_device_interface_connectivity",
        summary=f'Interface "{port.name}" connecting two network devices is down',
        description=(
            f'Interface "{port.name}" (Interface description: {port.description}) connecting the following two network '
            f"devices is down. Local node: {device.hostname}, peer node: {peer}."
        ),
        priority="P2",
        severity="medium",
        category="connectivity",
        device_id=device.id,
        first_ago=5.4 * HOUR,
        last_ago=70.0,
        occurrences=61,
        actions=(
            Step("Check the peer's end of the link.", ((f"show interfaces {port.name}", "Shows the interface"),)),
        ),
        again_after=AGAIN,
    )


def _memory(names: Names, device: Device, since: float) -> Issue:
    return Issue(
        id=names.uuid("issue", device.hostname, "memory"),
        name="high_memory_utilization",
        summary=f'Device experiencing high memory utilization: "{device.hostname}"',
        description=f'Memory utilization of "{device.hostname}" is {health_of(device).memory} %.',
        priority="P3",
        severity="medium",
        category="utilization",
        device_id=device.id,
        first_ago=since,
        last_ago=min(since, 1_200.0),
        occurrences=max(1, int(since // HOUR)),
        actions=(
            Step("Look for the process that holds it.", (("show processes memory sorted", "Shows memory by process"),)),
        ),
    )


def _busy_once(names: Names, device: Device) -> Issue:
    return Issue(
        id=names.uuid("issue", device.hostname, "cpu"),
        name="high_cpu_utilization",
        summary=f'Device experiencing high CPU utilization: "{device.hostname}"',
        description=f'CPU utilization of "{device.hostname}" was 97 % for 20 minutes.',
        priority="P2",
        severity="high",
        category="utilization",
        device_id=device.id,
        first_ago=11 * HOUR,
        last_ago=10 * HOUR,
        occurrences=1,
        actions=(Step("Look for the process that uses it.", (("show processes cpu sorted", "Shows CPU by process"),)),),
        status="resolved",
        changed_by="rkeller",
        notes="A port scan by the security team; stopped.",
    )


def _clock_apart(names: Names, device: Device) -> Issue:
    return Issue(
        id=names.uuid("issue", device.hostname, "clock"),
        name="time_drift",
        summary=f'Excessive time lag between Cisco Catalyst Center and device "{device.hostname}"',
        description="The clocks differ by 187 seconds.",
        priority="P4",
        severity="low",
        category="system",
        device_id=device.id,
        first_ago=30 * HOUR,
        last_ago=2 * HOUR,
        occurrences=8,
        actions=(Step("Check the NTP configuration.", (("show ntp associations", "Shows the NTP servers"),)),),
        status="ignored",
        changed_by="rkeller",
    )
