"""Who uses the network: the clients behind each access switch and access point."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from simulators.world import platforms as p
from simulators.world.interfaces import interfaces_of
from simulators.world.models import Device
from simulators.world.naming import Names
from simulators.world.story import FLAGSHIP

_KINDS = (
    ("Windows 11", "Dell Inc.", "nb"),
    ("Windows 11", "Lenovo", "nb"),
    ("macOS", "Apple, Inc.", "mb"),
    ("Linux", "Hewlett Packard Enterprise", "ws"),
    (None, "Zebra Technologies Inc.", "prn"),
    (None, "Axis Communications AB", "cam"),
)
_WIRELESS_KINDS = (*_KINDS[:3], ("iOS", "Apple, Inc.", "ph"), ("Android", "Samsung Electronics", "ph"))
_AT_FLAGSHIP = ("hlarsen", "gdubois", "pnowak")
_FIRST = "abcdefghjklmnprst"
_LAST = ("meier", "rossi", "novak", "silva", "jones", "keller", "weber", "dupont", "larsen", "smith", "patel", "moreau")


@dataclass(frozen=True, slots=True)
class Client:
    """A client. `port` is that of its switch; `ssid`, `band`, `channel`, `rssi` and `snr` are of wireless ones."""

    mac: str
    wired: bool
    name: str
    vendor: str
    ip: str
    vlan: int
    device_id: str
    score: int
    onboarding: int
    user: str | None = None
    os: str | None = None
    port: str | None = None
    ssid: str | None = None
    band: str | None = None
    channel: int | None = None
    rssi: int | None = None
    snr: int | None = None


@functools.lru_cache(maxsize=512)
def clients_of(device: Device) -> tuple[Client, ...]:
    """The clients connected to an access switch or access point that is there; the same ones every time."""
    if not device.reachable:
        return ()
    rng = Names(0).rng("clients", device.id)
    if device.platform.family == p.APS:
        return tuple(_wireless(rng, device))
    if device.platform.family == p.SWITCHES and device.role == "ACCESS":
        return tuple(_wired(rng, device))
    return ()


def _wired(rng: Random, device: Device) -> Iterator[Client]:
    _, second, floor, number = (int(part) for part in device.management_ip.split("."))
    users = iter(_AT_FLAGSHIP if device.hostname == FLAGSHIP else ())
    for port in interfaces_of(device):
        used = port.up and port.vlan and port.neighbor is None and "/0/" in port.name
        if not used or not port.name.startswith("GigabitEthernet1/") or rng.random() > 0.7:
            continue
        os, vendor, short = rng.choice(_KINDS)
        user = rng.choice(_FIRST) + rng.choice(_LAST) if os else None
        known = next(users, None)
        if known:
            user, os, vendor, short = known, *_KINDS[0]
        third, host = (port.vlan or 0) + floor - 1, (number - 1) * 60 + int(port.name.rsplit("/", 1)[1])
        yield Client(
            mac=f"8c:16:45:{second:02x}:{third:02x}:{host:02x}",
            wired=True,
            name=f"{short}-{rng.randrange(1 << 20):05x}",
            vendor=vendor,
            ip=f"10.{second}.{third}.{host}",
            vlan=port.vlan or 0,
            device_id=device.id,
            score=4 if device.hostname == FLAGSHIP else _score(rng),
            onboarding=10,
            user=user,
            os=os,
            port=port.name,
        )


def _wireless(rng: Random, device: Device) -> Iterator[Client]:
    _, second, floor, number = (int(part) for part in device.management_ip.split("."))
    for k in range(rng.randrange(18)):
        os, vendor, short = rng.choice(_WIRELESS_KINDS)
        band, channel = rng.choice((("5.0", 36), ("5.0", 52), ("5.0", 100), ("2.4", 1), ("2.4", 11)))
        rssi = -rng.randrange(42, 78)
        third, host = 150 + floor - 1, (number - 101) * 30 + k + 10
        yield Client(
            mac=f"3c:22:fb:{second:02x}:{third:02x}:{host:02x}",
            wired=False,
            name=f"{short}-{rng.randrange(1 << 20):05x}",
            vendor=vendor,
            ip=f"10.{second}.{third}.{host}",
            vlan=150,
            device_id=device.id,
            score=_score(rng) if rssi > -72 else 6,
            onboarding=10 if rng.random() < 0.97 else 3,
            user=rng.choice(_FIRST) + rng.choice(_LAST),
            os=os,
            ssid=rng.choice(("NH-Corp", "NH-Corp", "NH-Corp", "NH-Guest")),
            band=band,
            channel=channel,
            rssi=rssi,
            snr=rssi + 95,
        )


def _score(rng: Random) -> int:
    return rng.choices((10, 9, 7, 2), (90, 5, 4, 1))[0]
