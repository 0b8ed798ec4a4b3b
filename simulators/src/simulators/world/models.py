"""The things of which the simulated company's network consists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SiteKind = Literal["global", "area", "building", "floor"]
Language = Literal["JINJA", "VELOCITY"]
DataType = Literal["STRING", "INTEGER", "IPADDRESS", "MACADDRESS"]


@dataclass(frozen=True, slots=True)
class Site:
    """One node of the site hierarchy: `Global/Europe/Zurich/ZRH01/Floor 2`."""

    id: str
    name: str
    kind: SiteKind
    hierarchy: str
    id_path: tuple[str, ...]
    parent_id: str | None = None
    address: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    floor_number: int | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """A product as the inventory names it."""

    product_id: str
    type: str
    series: str
    family: str
    software_type: str | None
    ports: int
    uplinks: int = 0
    port_name: str = "GigabitEthernet1/0/{}"
    uplink_name: str = "TenGigabitEthernet{member}/1/{0}"
    """Takes the number of the uplink, and counted on from the ports."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the controller cannot collect a device, in its own words."""

    reachability: Literal["Reachable", "Unreachable", "Ping Reachable"]
    collection: str
    error_code: str | None = None
    error_description: str | None = None
    failure_reason: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """One managed device. A stack has several serials, the active member's first."""

    id: str
    hostname: str
    management_ip: str
    mac: str
    serials: tuple[str, ...]
    platform: Platform
    software_version: str
    role: str
    site_id: str
    booted: float | None
    collected_ago: float
    trouble: Trouble
    wlc_ip: str | None = None
    ethernet_mac: str | None = None

    @property
    def reachable(self) -> bool:
        """True when a configuration can be pushed to it now."""
        return self.trouble.reachability == "Reachable"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the company; `account` is the name on the platform and in every upstream."""

    account: str
    name: str
    email: str
    title: str
    department: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateParam:
    """One variable of a template."""

    name: str
    data_type: DataType = "STRING"
    required: bool = True
    default: str | None = None
    description: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A committed, immutable state of a template. `id` is what a deployment names."""

    id: str
    number: int
    author: str
    comment: str
    committed: float
    content: str
    params: tuple[TemplateParam, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template with its working copy and its committed versions, oldest first."""

    id: str
    name: str
    project_id: str
    project_name: str
    language: Language
    description: str
    author: str
    created: float
    updated: float
    content: str
    params: tuple[TemplateParam, ...]
    versions: tuple[TemplateVersion, ...]
    families: tuple[str, ...] = ("Switches and Hubs",)
    members: tuple[str, ...] = ()
    failure_policy: str | None = None

    @property
    def uncommitted(self) -> bool:
        """True when the working copy differs from the newest version, or there is none."""
        return not self.versions or self.versions[-1].content != self.content

    @property
    def latest(self) -> TemplateVersion | None:
        """The newest committed version."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of templates."""

    id: str
    name: str
    description: str
    created: float


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """A port at one end of a link. `port_id` is None on an access point, whose ports the inventory does not list."""

    device_id: str
    port: str
    port_id: str | None
    speed_kbps: int


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between two managed devices, the end nearer to the users first."""

    id: str
    near: LinkEnd
    far: LinkEnd
    up: bool
    trunk: bool

    def end_at(self, device_id: str) -> tuple[LinkEnd, LinkEnd] | None:
        """The end at a device and the other one, or None when the link does not touch it."""
        if self.near.device_id == device_id:
            return self.near, self.far
        return (self.far, self.near) if self.far.device_id == device_id else None


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do about an issue, with the commands that help: each a command and what it shows."""

    message: str
    commands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """What assurance complains about, at the moment a controller starts.

    Times are seconds before that moment. `again_after` is how long after being resolved it comes back, because what
    causes it goes on; None when it is over. `hosts` says that the clients of the device suffer from it.
    """

    id: str
    name: str
    summary: str
    description: str
    priority: str
    severity: str
    category: str
    device_id: str
    first_ago: float
    last_ago: float
    occurrences: int
    actions: tuple[Step, ...]
    status: Literal["active", "resolved", "ignored"] = "active"
    again_after: float | None = None
    changed_by: str | None = None
    notes: str | None = None
    hosts: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everything every simulator agrees on, keyed by id. Built once, never changed."""

    seed: int
    epoch: float
    company: str
    tenant_id: str
    sites: Mapping[str, Site]
    devices: Mapping[str, Device]
    people: Mapping[str, Person]
    projects: Mapping[str, Project]
    templates: Mapping[str, Template]
    links: tuple[Link, ...]
    issues: Mapping[str, Issue]
    unmanaged: Mapping[str, Device]
    """Devices that Catalyst Center does not manage: only a terminal reaches them."""

    def links_of(self, device_id: str) -> list[Link]:
        """The links that touch a device."""
        return [link for link in self.links if link.end_at(device_id)]

    def device_named(self, hostname: str) -> Device:
        """The device with exactly this hostname. Raises: KeyError."""
        for device in (*self.devices.values(), *self.unmanaged.values()):
            if device.hostname == hostname:
                return device
        raise KeyError(hostname)

    def template_named(self, name: str) -> Template:
        """The template with exactly this name. Raises: KeyError."""
        for template in self.templates.values():
            if template.name == name:
                return template
        raise KeyError(name)
