"""The software images of the network: what runs, what is golden, what only lies on the controller's disk."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from simulators.world.models import Device
from simulators.world.naming import Names
from simulators.world.platforms import APS

_PREFIX = {
    "C9200L": "cat9k_lite_iosxe",
    "C9300-": "cat9k_iosxe",
    "C9500-": "cat9k_iosxe",
    "C9606R": "cat9k_iosxe",
    "C9800-": "C9800-40-universalk9_wlc",
    "C8300-": "c8000be-universalk9",
    "C8500-": "c8000aep-universalk9",
    "ISR445": "isr4400-universalk9",
    "WS-C38": "cat3k_caa-universalk9",
}
_GOLDEN = {
    "cat9k_lite_iosxe": "17.9.5",
    "cat9k_iosxe": "17.12.4",
    "C9800-40-universalk9_wlc": "17.12.4",
    "c8000be-universalk9": "17.12.4",
    "c8000aep-universalk9": "17.12.4",
    "isr4400-universalk9": "17.6.6a",
}
"""The tagged version for each kind of image. The 3850 has none: it is to be replaced."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image file; `products` are the device types it runs on."""

    id: str
    name: str
    kind: str
    version: str
    series: tuple[str, ...]
    products: tuple[str, ...]
    size: int
    golden: bool


def image_kind(device: Device) -> str | None:
    """What the file names of a device's images begin with; an access point gets its image from its controller."""
    if device.platform.family == APS:
        return None
    return next((kind for start, kind in _PREFIX.items() if device.platform.product_id.startswith(start)), None)


@functools.cache
def images_for(devices: tuple[Device, ...]) -> tuple[Image, ...]:
    """Every image that some of the devices run or should run, by name."""
    kinds: dict[str, list[Device]] = {}
    for device in devices:
        if kind := image_kind(device):
            kinds.setdefault(kind, []).append(device)
    found = (image for kind, members in kinds.items() for image in _of_kind(kind, members))
    return tuple(sorted(found, key=lambda image: image.name))


def running(images: Iterable[Image], device: Device) -> Image | None:
    """The image a device runs."""
    kind = image_kind(device)
    return next((i for i in images if (i.kind, i.version) == (kind, device.software_version)), None)


def golden(images: Iterable[Image], device: Device) -> Image | None:
    """The image a device should run, where one is tagged."""
    kind = image_kind(device)
    return next((image for image in images if image.kind == kind and image.golden), None)


def _of_kind(kind: str, members: list[Device]) -> list[Image]:
    names, tagged = Names(0), _GOLDEN.get(kind)
    versions = {device.software_version for device in members} | ({tagged} if tagged else set())
    return [
        Image(
            id=names.uuid("image", kind, version),
            name=f"{kind}.{_padded(version)}.SPA.bin",
            kind=kind,
            version=version,
            series=tuple(sorted({device.platform.series for device in members})),
            products=tuple(sorted({device.platform.type for device in members})),
            size=names.rng("image", kind, version).randint(380_000_000, 1_250_000_000),
            golden=version == tagged,
        )
        for version in versions
    ]


def _padded(version: str) -> str:
    """`17.9.5a` is `17.09.05a` in a file name."""
    return ".".join(re.sub(r"^(\d)(?!\d)", r"0\1", part) for part in version.split("."))
