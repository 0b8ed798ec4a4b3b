"""The words of four command lines, as far as they matter here: first words, words after `show`, and their shortening.

The lists say which abbreviation is whose, so they hold what changes a device as well as what reads. A first word or a
word after `show` that is not here is not let through.
"""

from typing import Literal

OperatingSystem = Literal["ios", "ios-xe", "nx-os", "ios-xr"]

_IOS_FIRST = """
access-enable access-profile access-template app-hosting archive atmsig bfe calendar call call-home clear clock cns
configure connect copy crypto cts debug default delete diagnostic dir disable disconnect do dot1x emm enable erase
ethernet event exit format fsck guestshell help hw-module install ip isdn issu l2vpn lat license lig lock login logout
macro mkdir mls monitor more mpls mrinfo mrm mstat mtrace name-connection ncia no onep pad partition ping platform pnp
power ppp pwd radius redundancy release reload rename renew request reset restart resume rlogin rmdir rsh sdlc send
service-routing session set setenv setup show slip software spec-file squeeze ssh start-chat switch systat tarp tclquit
tclsh telnet terminal test traceroute tunnel udptn undebug undelete unmount unsetenv upgrade verify virtual-service
voice vtp webvpn where which-route who write wsma x28 x3 xremote
"""
_NX_FIRST = """
attach blink callhome cd cfs checkpoint clear cli clock configure copy debug debug-filter delete diagnostic dir
discover echo email end erase ethanalyzer event exit fcdroplatency fcping fctrace feature-set find format guestshell
gunzip gzip hardware hw-module install ip isolate itd l2rib license load locator-led lock logout maintenance mkdir
mount move mping mtrace no ntp out-of-service ping ping6 platform poap power purge pwd python python3 reload restart
rmdir rollback routing-context run run-script scp send session set setup sftp show sleep slot source ssh ssh6 switchto
system tac-pac tail tar tclsh telnet telnet6 terminal test traceroute traceroute6 tunnel-encryption undebug unmount
update vdc virtual-service vsh where who write xbash xml zone zoneset
"""
_XR_FIRST = """
adjust admin aps attach attachcon bash bgp call call-home cd cfs clear clock configure copy crypto debug delete
describe dir dumpcore edit enable environment erase ethernet event exit format fpd fsck hw-module install
instant-upgrade key l2vpn license logout macro mirror mkdir monitor more mpls mrinfo mtrace no oir ping power-mgr pppoe
process profile prompt-timeout pwd redundancy reload rename request reset rmdir rollback router rsi run sam save scp
script sdr send set sftp show ssh start stop system telnet terminal test traceroute undebug unmount upgrade utility
verify watchdog who write ztp
"""

_IOS_SHOW = """
aaa access-expression access-lists access-session accounting adjacency alert aliases alignment ap app-hosting appfw
archive arp async atm authentication auto autonomic autoupgrade avb avc backup banner beacon bfd bgp boot bootflash:
bootvar bridge bridge-domain buffers c2600 cable-diagnostics calendar call call-home caller capability cca cdp cef cem
chassis cisp class-map clns clock cluster cns compress configuration configure connection context controllers cops
crypto cts data-corruption debugging derived-config device device-sensor dhcp diag diagnostic dial-peer dialer dmvpn
dns-lookup dot11 dot1q-tunnel dot1x drip dspfarm dtp dxi dynamic-template eap ecmp eee eigrp energywise entry
environment eobc epm errdisable esmc etherchannel ethernet event exception fabric facility-alarm fallback fcs-threshold
file fips firmware flash: flow flow-sampler flowcontrol frame-relay gatekeeper gateway glbp group-policy hardware
health-monitor history hosts hsr hw-module idb identity idprom interfaces inventory iox-service ip ipc ipe ipv6 isdn
isis issu key kron l2 l2cac l2protocol-tunnel l2tp l2vpn lacp lane ldap led license line link lisp lldp location
logging login loopback mab mac mac-address-table macro macsec management mdns media memory metadata microcode mka mlag
mls mmls mode modemcap module monitor mpls mrm mtm mvr mvrp nat64 nat66 nbar ncia ncs netconf network-clocks
network-policy nhrp nls nmsp ntp null nve nvram object-group odm oir ospfv3 otv pagp param-map parameter-map parser pas
path pci performance performance-measurement persistent pfr platform pnp policy-firewall policy-manager policy-map
port-security ports post power ppp pppatm pppoe private-vlan privilege process processes profile protocols psp ptp
pvlan qm-sp qos queue queueing radius raw-socket rawmsg redundancy region registry relay reload rep resource rhosts rif
rmi rmon rom-monitor rom-var route-map route-tag routing rpc rsvp rtpspi rtr running-config runtime sampler sasl sccp
scheduler scp sdlc sdm segment-routing service service-group sessions setup sip-ua slot0: smds smf snapshot snmp
software source-bridge spanning-tree spe srcp ssh ssl sslvpn stack-power stacks stackwise-virtual standby
startup-config storm-control subscriber subscriber-policy subsys switch syscon sysmgr system table-map tacacs
tag-switching tarp tcp tdm tech-support telemetry template terminal tftp time-range token-ring topology track
traffic-shape translate tunnel ubr udld udp usb usbflash0: users utd vc-group version vfi video vines virtual-access
virtual-service virtual-template vlan vlan-switch vlans vmi voice voip vpdn vrf vrrp vsp vtemplate vtp vty-async waas
wccp webvpn who wism wsma wsp x25 x28 x29 xconnect xdr xot xsd zone zone-pair
"""
_XE_SHOW = """
access-tunnel acm alarm awips cce ceasar cloud-mgmt component consistency-checker control control-plane crashinfo:
device-tracking dlep drops endpoint-tracker evpn flooding-suppression fqdn geo gnmi gnmi-yang gnxi graceful-reload grpc
guestshell harddisk: hw-programmable install ipfix l2fib l2route locate loopdetect lslib mdns-sd meraki mgmt-traffic
mrp netconf-yang network-assurance obfl onep pdm pm preemption product-analytics prp qfp remote-workers rib romvar
sd-routing sdwan service-insertion service-template smartpower sslproxy stby-bootflash: tcpproxy tenant tenant-summary
trustpoint uac umbrella usb0: vxlan wireless wlan xfsu
"""
_NX_SHOW = """
aaa access-lists accounting adjacency aliases analytics arp banner bfd bgp boot bootflash: bootvar bridge-domain
buffers callhome catena cdp cfs checkpoint class-map cli clns clock cloudsec config-profile configuration
consistency-checker container control-plane copp copyright cores crypto cts debug debug-filter debug-flags dhcp
diagnostic diff dme dns dot1q-tunnel dot1x eem eltm email encapsulation encryption environment errdisable ethernet evb
event evmed evpn fabric fabric-forwarding fabricpath fcdomain fcid-allocation fcns fcoe fcs feature feature-set fex
file fip fips flogi flow forwarding fspf fspt glbp graceful-restart grpc guestshell hardware hostname hosts hsrp
id-provider idprom igmp im incompatibility incompatibility-all install interface inventory ip ipv6 isis itd key
keystore l2 l2fm l2rib l2route lacp ldap libs license line lisp lldp locator-led locks logging loopback-detection mac
macsec maintenance memory message-history mmode module monitor mpls mroute msdp mvpn mvr mvrp nat ngoam npacl ntp nve
nxapi nxsdk object-group open openflow ospf ospfv3 password pfm pie pim platform plc plugin poap policy-map port
port-channel port-profile port-security power priority-flow-control privilege processes ptp qos queuing radius
radius-server redundancy resource rmon role rollback route-map routing routing-context rpm running-config
san-port-channel scheduler security segment-routing sflow snapshots snmp sockets software spanning-tree spm sprom ssh
startup-config storm-control switching-mode switchname system tacacs-server tech-support telemetry telnet terminal
time-stamp topology track trunk tunnel tunnel-encryption udld user-account users vdc version virtual-service vlan
vmtracker vpc vpn vrf vrrp vrrpv3 vsan vtp vxlan wwn xml zone zoneset
"""
_XR_SHOW = """
aaa access-lists adjacency alarms aliases ancp app-hosting appmgr aps arm arp as-path-set asic-errors associations
attributes auto-ip-ring bcdl bfd bgp bng boot bundle calendar call-home captured cdp cef cfgmgr cinetd class-map clns
clock cofo commit community-set configuration container context controllers cpu crypto cts dcbx debug dhcp diag
diagnostic domain dot1x dpa drops dwdm dynamic-template eem efd eigrp env environment erp esmc ethernet event evpn
exception fabric fault filesystem flow fpd fpga fragment frame-relay frequency generic-interface-list grid grpc health
hosts hsrp hw-module icmp iep igmp im inband install interfaces inventory iox ip ip-domain ipc ipfix ipsla ipv4 ipv6
isis key l2route l2tp l2vpn lacp led license line linux lisp lldp location logging lpts lslib mab mac mac-accounting
macsec macsec-mka media memory mfib mgbl mgd mhost mib mirror mka mlacp mld module monitor monitor-session mpls mrib
msdp mvpn netconf netconf-yang netflow netio nps nsr ntp object-group object-tracking onep oor ospf ospfv3
packet-memory parser pbr pcc pce perf-meas performance performance-measurement pfi pfilter pfm pim placement platform
plugin pm policy-map pool pool-daemon port-licensing power power-mgr ppp pppoe prefix-set privileged processes protocol
protocols pseudo-ethernet ptp qos qoshal radius rcc rcmd rdsfs reboot redundancy reload replicator rib rip rollback
route route-policy router rpki rpl rsvp rt-check running-config sampler sampler-map scheduler sdr segment-routing
service service-layer services sessions shmem shmwin snmp software spanning-tree srlg srms ssh startup-config static
statistics subscriber syncctrl sysdb syslog system tacacs tbm tcam tcl tcp tech-support telemetry telnet terminal
time-range timing topology tp track traffic-collector traffic-eng traps tunnel tunnel-template udp uidb upgrade users
utility variables version video virtual-link vlan vm vrf vrrp watchdog xml yang ztp
"""

_FIRST = {"ios": _IOS_FIRST, "ios-xe": _IOS_FIRST, "nx-os": _NX_FIRST, "ios-xr": _XR_FIRST}
_SHOW = {"ios": _IOS_SHOW, "ios-xe": _IOS_SHOW + _XE_SHOW, "nx-os": _NX_SHOW, "ios-xr": _XR_SHOW}
FIRST = {system: frozenset(words.split()) for system, words in _FIRST.items()}
AFTER_SHOW = {system: frozenset(words.split()) for system, words in _SHOW.items()}

CUSTOMARY = {
    "access-list": "access-lists", "clo": "clock", "cry": "crypto", "env": "environment", "ether": "etherchannel",
    "i": "include", "int": "interfaces", "inv": "inventory", "log": "logging", "mod": "module", "plat": "platform",
    "proc": "processes", "process": "processes", "run": "running-config", "span": "spanning-tree", "stand": "standby",
    "start": "startup-config", "tech": "tech-support", "ver": "version",
}  # fmt: skip
"""Shortenings that the systems take although other words begin like them."""


def meanings(word: str, known: frozenset[str]) -> list[str]:
    """The known words that `word` may stand for: itself where it is one, else those that begin with it."""
    word = word.lower()
    if word in known:
        return [word]
    if CUSTOMARY.get(word) in known:
        return [CUSTOMARY[word]]
    return sorted(whole for whole in known if whole.startswith(word))
