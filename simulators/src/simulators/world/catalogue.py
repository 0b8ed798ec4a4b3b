"""What each template is called, who wrote it and what it asks for; the texts are in `library/`."""

from dataclasses import dataclass

from simulators.world.models import Language, TemplateParam

PROJECTS: tuple[tuple[str, str], ...] = (
    ("Onboarding Configuration", "Day-0 templates for Plug and Play"),
    ("Cloud DayN Templates", "Templates delivered by Cisco"),
    ("Access", "Day-N configuration of access switches"),
    ("Security", "Hardening and access control, reviewed by Security"),
    ("WAN", "Edge routers and their neighbours"),
    ("Wireless", "Controllers and radio profiles"),
    ("Switching", "Written in nordhaven/network-config, uploaded from there after each merge"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One template as planned. A version asks for those of `params` that its text uses."""

    slug: str
    name: str
    project: str
    language: Language
    author: str
    description: str
    comments: tuple[str, ...] = ()
    params: tuple[TemplateParam, ...] = ()
    families: tuple[str, ...] = ("Switches and Hubs",)
    members: tuple[str, ...] = ()
    failure_policy: str | None = None
    days_ago: tuple[float, ...] = ()
    """When each version was committed, where that matters."""


_INTERFACE = TemplateParam("interface", description="Interface name, for example GigabitEthernet1/0/10")

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "access-vlan",
        "Access VLAN",
        "Access",
        "JINJA",
        "rkeller",
        "A VLAN and one access port in it",
        ("First version", "Assign a port", "Voice VLAN and portfast"),
        (
            TemplateParam("vlan_id", "INTEGER", description="VLAN number", minimum=2, maximum=4094),
            TemplateParam("vlan_name", description="Name of the VLAN, no blanks"),
            _INTERFACE,
            TemplateParam("description", required=False, description="Port description"),
            TemplateParam("voice_vlan", "INTEGER", required=False, minimum=2, maximum=4094),
        ),
    ),
    Entry(
        "ntp",
        "NTP and Time Zone",
        "Access",
        "JINJA",
        "netops",
        "Time sources and local time",
        ("Servers only", "Time zone, preferred server"),
        (
            TemplateParam("ntp_servers", "IPADDRESS", many=True, description="NTP servers, the preferred one first"),
            TemplateParam("timezone", default="CET", description="Zone abbreviation"),
            TemplateParam("utc_offset", "INTEGER", default="1", minimum=-12, maximum=14),
        ),
        ("Switches and Hubs", "Routers"),
    ),
    Entry(
        "banner",
        "Login Banner",
        "Access",
        "JINJA",
        "netops",
        "The legal notice at login",
        ("As agreed with Legal", "Name a contact"),
        (
            TemplateParam("company", default="Nordhaven Logistics"),
            TemplateParam("contact", description="Mail address of the network team"),
            TemplateParam("notice", required=False, description="Message of the day"),
        ),
        ("Switches and Hubs", "Routers", "Wireless Controller"),
    ),
    Entry(
        "ssh",
        "SSH Hardening",
        "Security",
        "JINJA",
        "efischer",
        "Only SSH, with strong algorithms",
        ("Version 2 only", "Shorter time-out", "Fewer retries", "Algorithms and vty lines"),
        (),
        ("Switches and Hubs", "Routers", "Wireless Controller"),
    ),
    Entry(
        "tacacs",
        "AAA TACACS",
        "Security",
        "JINJA",
        "efischer",
        "Log-in through TACACS+, the key is set by hand",
        ("Server and group", "Authentication and authorization lists"),
        (
            TemplateParam("server_name", description="Name of the server object"),
            TemplateParam("server_ip", "IPADDRESS", description="Address of the TACACS+ server"),
            TemplateParam("timeout", "INTEGER", default="5", minimum=1, maximum=1000),
        ),
        ("Switches and Hubs", "Routers"),
        failure_policy="ABORT_TARGET_ON_ERROR",
    ),
    Entry(
        "port-security",
        "Port Security",
        "Security",
        "JINJA",
        "tnakamura",
        "Limit the addresses behind a port",
        ("First version", "Violation mode"),
        (
            _INTERFACE,
            TemplateParam("maximum", "INTEGER", default="2", minimum=1, maximum=4097),
            TemplateParam("violation", default="restrict", choices=("protect", "restrict", "shutdown")),
        ),
    ),
    Entry(
        "device-tracking",
        "Device Tracking",
        "Security",
        "JINJA",
        "efischer",
        "IP device tracking on a port; not understood by the 3850",
        ("For 17.x only",),
        (_INTERFACE,),
    ),
    Entry(
        "bgp",
        "BGP Neighbour",
        "WAN",
        "VELOCITY",
        "shaddad",
        "One eBGP neighbour",
        ("First version", "Description and multihop"),
        (
            TemplateParam("local_as", "INTEGER", minimum=1, maximum=2147483647),
            TemplateParam("remote_as", "INTEGER", minimum=1, maximum=2147483647),
            TemplateParam("neighbor", "IPADDRESS"),
            TemplateParam("description", default="uplink"),
            TemplateParam("multihop", "INTEGER", default="1", minimum=1, maximum=255),
        ),
        ("Routers",),
    ),
    Entry(
        "acl",
        "Management ACL",
        "Security",
        "VELOCITY",
        "shaddad",
        "Who may reach the management plane",
        ("Standard list", "Extended, numbered"),
        (
            TemplateParam("acl_name", default="MGMT-IN"),
            TemplateParam("hosts", "IPADDRESS", many=True, description="Hosts to permit"),
        ),
        ("Switches and Hubs", "Routers"),
    ),
    Entry(
        "snmp",
        "SNMP Location",
        "Access",
        "VELOCITY",
        "netops",
        "Location and contact",
        ("First version",),
        (TemplateParam("location"), TemplateParam("contact", required=False, default="noc@nordhaven.example")),
        ("Switches and Hubs", "Routers", "Wireless Controller"),
    ),
    Entry(
        "day0",
        "Day-0 Switch",
        "Onboarding Configuration",
        "VELOCITY",
        "rkeller",
        "What a new switch gets before anything else",
        ("Name only", "Management VLAN, spanning tree by role"),
        (
            TemplateParam("host_name"),
            TemplateParam("management_vlan", "INTEGER", default="100", minimum=2, maximum=4094),
            TemplateParam("management_ip", "IPADDRESS"),
            TemplateParam("management_mask", "IPADDRESS", default="255.255.255.0"),
            TemplateParam("role", default="ACCESS", choices=("ACCESS", "DISTRIBUTION")),
        ),
    ),
    Entry(
        "wlan",
        "Guest WLAN",
        "Wireless",
        "JINJA",
        "tnakamura",
        "Still being written: nothing of it is committed",
        (),
        (TemplateParam("profile"), TemplateParam("wlan_id", "INTEGER", minimum=1, maximum=4096), TemplateParam("ssid")),
        ("Wireless Controller",),
    ),
    Entry(
        "qos",
        "WAN QoS",
        "WAN",
        "JINJA",
        "shaddad",
        "Voice first on the uplink",
        ("First version",),
        (
            TemplateParam("voice_percent", "INTEGER", default="20", minimum=1, maximum=60),
            TemplateParam("interface", default="GigabitEthernet0/0/0"),
        ),
        ("Routers",),
    ),
    Entry(
        "",
        "Access Baseline",
        "Access",
        "JINJA",
        "netops",
        "Banner, time and SSH together",
        ("Three members",),
        members=("Login Banner", "NTP and Time Zone", "SSH Hardening"),
        families=("Switches and Hubs",),
        failure_policy="ABORT_ON_ERROR",
    ),
    Entry(
        "uplink-storm-control",
        "Uplink Storm Control",
        "Switching",
        "JINJA",
        "nordhaven-ci",
        "Written in nordhaven/network-config",
        ("Begin network-config", "Merge pull request #3 from nordhaven/kvisser/storm-control-uplinks"),
        days_ago=(379.9, 9.29),
    ),
)
