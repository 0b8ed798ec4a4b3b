"""Secrets in device configuration: none comes out, and nothing else is touched."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.device_secrets import MASK, mask_secrets
from mcp_common.untrusted import text_range

WORD = "HuNt3r-2"

SECRET = """
Nov 21 10:00:00: %PARSER-5-CFGLOG_LOGGEDCMD: User:x  logged command:snmp-server community HuNt3r-2 RO
 (snmp-server community HuNt3r-2)
 update:10.0.0.1@pts/0:u:configure terminal ; tacacs-server key 7 HuNt3r-2 (SUCCESS)
 mab request format attribute 2 7 HuNt3r-2
 crypto ca import x pkcs12 y.p12 HuNt3r-2
 community string HuNt3r-2
 the community is HuNt3r-2
 Session-Key: HuNt3r-2
 Encryption key: 0xHuNt3r-2
snmp-server host inside 10.1.1.1 community HuNt3r-2 version 2c
snmp-server host inside 10.1.1.1 poll community HuNt3r-2
snmp-server host 10.1.1.1 use-vrf management HuNt3r-2
snmp-server user u8 grp v3 encrypted auth md5 HuNt3r-2 priv des56 HuNt3r-2
snmp-server user u7 grp v3 auth sha512 HuNt3r-2 priv aes256 HuNt3r-2
snmp-server community-map HuNt3r-2 context x
 user: HuNt3r-2 security model: v2c
 password7 HuNt3r-2
 key-string password6 HuNt3r-2
 key-octet-string 7 HuNt3r-2 cryptographic-algorithm aes-128-cmac
 standby authentication HuNt3r-2
 Token: HuNt3r-276ED7E376DD4D2E04492CE7EDFF1A7C0
Authorization: Bearer HuNt3r-2abcdef
Authorization: Basic HuNt3r-2
 header Authorization value bearer HuNt3r-2abcdef
 description password is HuNt3r-2
 description Passwort: HuNt3r-2
 remark admin pw: HuNt3r-2
 password = HuNt3r-2
 Password              : HuNt3r-2
 PSK                                  : HuNt3r-2
 Pre-shared key: HuNt3r-2
 Shared Secret    : HuNt3r-2
 Community Index: HuNt3r-2
 {"community_name": "HuNt3r-2"}
 kerberos srvtab entry host/x 0 817680774 1 1 HuNt3r-2
 action 1.0 mail server "mailer:HuNt3r-2@10.0.0.1" to "a@b.c"
 http-proxy mailer:HuNt3r-2@proxy port 80
authentication mode hmac-sha-256 7 HuNt3r-2
 mpls ldp password option 1 for LIST 7 HuNt3r-2
 encryption key 1 size 40bit 7 HuNt3r-2 transmit-key
snmp-server user u9 grp v3 auth sha 512 HuNt3r-2 priv aes 256 HuNt3r-2
event manager environment _email_pw HuNt3r-2
 lsp-password text HuNt3r-2
key config-key newpass HuNt3r-2
{"user": "x", "password": "HuNt3r-2"}
snmp_community: HuNt3r-2
export DB_PASSWORD='HuNt3r-2'
<password>HuNt3r-2</password>
enable secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6
enable password HuNt3r-2
enable secret level 5 0 HuNt3r-2
username admin privilege 15 secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0
username bob password 0 HuNt3r-2
username carol privilege 1 password 7 HuNt3r-2
snmp-server community HuNt3r-2 RO 10
snmp-server community HuNt3r-2 group network-operator
snmp-server user u1 grp v3 auth sha HuNt3r-2 priv aes 128 HuNt3r-2
snmp-server user u2 grp v3 auth sha-256 HuNt3r-2 priv aes 256 HuNt3r-2
snmp-server user admin network-admin auth md5 0xHuNt3r-2 priv 0xHuNt3r-2 localizedkey
snmp-server user u3 grp v3 encrypted auth md5 HuNt3r-2
snmp-server host 10.1.1.1 version 2c HuNt3r-2
snmp-server host 10.1.1.1 vrf MGMT informs version 3 priv HuNt3r-2
snmp-server host 10.1.1.1 HuNt3r-2
tacacs-server key 7 HuNt3r-2
tacacs-server host 10.1.1.1 key HuNt3r-2
 key 7 HuNt3r-2
 key HuNt3r-2
radius-server key HuNt3r-2
radius-server host 10.1.1.1 auth-port 1812 acct-port 1813 key 7 HuNt3r-2
 address ipv4 10.1.1.1 auth-port 1812 pac key 7 HuNt3r-2
 server-private 1.1.1.1 key 7 HuNt3r-2
 client 10.1.1.1 server-key 7 HuNt3r-2
crypto isakmp key HuNt3r-2 address 1.1.1.1
crypto isakmp key 6 HuNt3r-2 address 1.1.1.1
 pre-shared-key local HuNt3r-2
 pre-shared-key address 1.1.1.1 key HuNt3r-2
 set session-key inbound esp 256 cipher 0123456789HuNt3r-2 authenticator 0123456789HuNt3r-2
 neighbor 10.0.0.1 password 7 HuNt3r-2
 ip ospf message-digest-key 1 md5 HuNt3r-2
 ip ospf message-digest-key 1 md5 7 HuNt3r-2
 ip ospf authentication-key HuNt3r-2
 isis password HuNt3r-2 level-2
 area-password HuNt3r-2
 key-string 7 HuNt3r-2
  key-string HuNt3r-2
 standby 1 authentication md5 key-string 7 HuNt3r-2
 standby 1 authentication HuNt3r-2
 vrrp 1 authentication text HuNt3r-2
ntp authentication-key 1 md5 HuNt3r-2 7
ntp authentication-key 1 hmac-sha2-256 HuNt3r-2 7
 wpa-psk ascii 0 HuNt3r-2
 security wpa psk set-key ascii 0 HuNt3r-2
 security wpa psk set-key ascii 8 "HuNt3r-2 with blanks HuNt3r-2"
 ppp chap password 0 HuNt3r-2
ip http client password 7 HuNt3r-2
ip ftp password 7 HuNt3r-2
 password HuNt3r-2
key config-key password-encrypt HuNt3r-2
license smart register idtoken HuNt3r-2
 path ftp://backup:HuNt3r-2@10.1.1.1/cfg
 path scp://backup:pass@HuNt3r-2@10.1.1.1/cfg
+snmp-server community HuNt3r-2 RO
+enable secret HuNt3r-2
snmp mib community-map HuNt3r-2 engineid 80
 ip nhrp authentication HuNt3r-2
 glbp 1 authentication text HuNt3r-2
 glbp 1 authentication md5 key-string HuNt3r-2
 cts manual sap pmk HuNt3r-2 mode-list gcm-encrypt
 security static-wep-key encryption 104 ascii 0 HuNt3r-2
 set session-key inbound ah 256 HuNt3r-2
 key hexadecimal HuNt3r-2
    Authentication text, string "HuNt3r-2"
    Authentication text "HuNt3r-2"
    key 1 -- text "HuNt3r-2"
Community name: HuNt3r-2
VTP Password: HuNt3r-2
""".strip().splitlines()

HARMLESS = """
service password-encryption
key chain EIGRP
 key 1
  cryptographic-algorithm hmac-sha-256
crypto key generate rsa modulus 2048
crypto pki trustpoint TP-self-signed-1
snmp-server location Zurich, floor 2
snmp-server enable traps snmp authentication linkdown linkup
snmp-server group grp v3 priv
snmp-server view all iso included
 set community 65000:100 additive
ip community-list standard X permit 65000:1
 neighbor 10.0.0.1 send-community both
 tunnel key 100
aaa authentication login default group tacacs+ local
ip ssh pubkey-chain
security passwords min-length 12
login block-for 100 attempts 3 within 100
 encryption aes 256
 authentication pre-share
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
interface GigabitEthernet1/0/1
 description uplink to core
 ip ospf authentication message-digest
 switchport access vlan 20
ntp authenticate
ntp trusted-key 1
ntp server 10.0.0.1 key 1
 privilege level 15
dot1x pae authenticator
radius-server attribute 6 on-for-login-auth
snmp-server community {{ community }} RO
snmp-server community ${community} RO
 key 7 $tacacs_key
username {{ user }} secret 9 {{ hash }}
 password {{ password }}
#set($key = $radius.key)
""".strip("\n").splitlines()


@pytest.mark.parametrize("line", SECRET)
def test_no_secret_of_a_configuration_comes_out(line: str) -> None:
    shown, count = mask_secrets(line)
    assert WORD not in shown
    assert "$9$" not in shown
    assert "$1$" not in shown
    assert count >= 1


@pytest.mark.parametrize(
    "line",
    [
        " ospfv3 authentication ipsec spi 256 sha1 0 {}",
        " ipv6 ospf authentication ipsec spi 500 md5 {}",
        " ospfv3 encryption ipsec spi 1 esp aes-cbc 128 {} md5 {}",
        " area 0 encryption ipsec spi 1 esp null sha1 7 {}",
        "  token {}",
    ],
)
def test_a_key_of_hexadecimal_digits_does_not_come_out(line: str) -> None:
    digits = "0123456789ABCDEF0123456789abcdef01"
    assert digits not in mask_secrets(line.replace("{}", digits))[0]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_is_no_secret_stays_as_it_is(line: str) -> None:
    assert mask_secrets(line) == (line, 0)


def test_a_whole_configuration_keeps_its_lines() -> None:
    text = "\n".join(SECRET + HARMLESS)
    shown, count = mask_secrets(text)
    assert WORD not in shown
    assert len(shown.splitlines()) == len(text.splitlines())
    assert count >= len(SECRET)
    assert mask_secrets(shown) == (shown, 0)


@pytest.mark.parametrize("line", [" pin 48213", "ephone 1 pin 4821", " phone-pin 48213 x"])
def test_a_telephone_pin_does_not_come_out(line: str) -> None:
    assert not re.search(r"482\d", mask_secrets(line)[0])


@pytest.mark.parametrize(
    "line",
    [
        "snmp-server host 10.1.1.1 use-vrf management",
        "snmp-server host 10.1.1.1 source-interface mgmt0",
        " bearer capability speech",
        " xconnect 10.0.0.1 1 pw-class x",
        "Receptacle pin 3 is bent",
        " dial-peer sip:1001@10.0.0.1",
        " mail server 10.0.0.1",
    ],
)
def test_words_beside_secrets_stay(line: str) -> None:
    assert mask_secrets(line) == (line, 0)


@pytest.mark.parametrize("end", ["\n-----END RSA PRIVATE KEY-----\nhostname x", ""])
def test_a_private_key_goes_even_where_its_end_is_missing(end: str) -> None:
    shown, _ = mask_secrets(f"hostname sw1\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow{WORD}{end}")
    assert WORD not in shown
    assert "MIIEow" not in shown
    assert shown.startswith("hostname sw1\n")


def test_a_part_of_a_text_says_that_secrets_were_masked() -> None:
    part = text_range(f"hostname sw1\n password {WORD}\n", start=0, max_chars=200)
    assert (part.text, part.masked) == (f"hostname sw1\n password {MASK}\n", 1)


@given(st.text(alphabet="key pasword-psk7$\n{}", max_size=300))
def test_masking_twice_is_masking_once(text: str) -> None:
    once, _ = mask_secrets(text)
    assert mask_secrets(once)[0] == once


@pytest.mark.parametrize(
    "unit", ["key ", "password ", "snmp-server host x vrf ", "authentication-key 1 md5 ", "$", "://a:"]
)
def test_no_text_takes_long(unit: str) -> None:
    began = time.process_time()
    mask_secrets(unit * (200_000 // len(unit)))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "line",
    [
        "  key-string password 05D8AB9EBE4B1F78",
        " lsp-password hmac-md5 encrypted 05D8AB9EBE4B1F78",
        " hello-password text clear 05D8AB9EBE4B1F78",
        " lsp-password encrypted 05D8AB9EBE4B1F78",
    ],
)
def test_ios_xr_names_the_kind_of_a_password_between(line: str) -> None:
    assert mask_secrets(line)[0] == line.replace("05D8AB9EBE4B1F78", "<masked>")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('bob Cleartext-Password := "HuNt3r-2"', 'bob Cleartext-Password := "<masked>"'),
        ("  password => 'HuNt3r-2',", "  password => '<masked>',"),
        ("if password == 'HuNt3r-2':", "if password == '<masked>':"),
        ("password: 'two HuNt3r-2'", "password: '<masked>'"),
        ("password: 'it''s HuNt3r-2'", "password: '<masked>'"),
        (r'password: "a\"HuNt3r-2"', 'password: "<masked>"'),
        (r'{"password": "a\"HuNt3r-2"}', '{"password": "<masked>"}'),
        (r"{\"password\": \"HuNt3r-2\"}", r"{\"password\": \"<masked>\"}"),
        ('<Password type="plain">HuNt3r-2</Password>', '<Password type="plain"><masked></Password>'),
        ('DB_PASS="HuNt3r-2 x"', 'DB_PASS="<masked>"'),
        ("ansible_ssh_pass: HuNt3r-2", "ansible_ssh_pass: <masked>"),
        ('{"pass": "HuNt3r-2"}', '{"pass": "<masked>"}'),
        ("NETBOX_TOKEN=0HuNt3r-2abcdef0123456789", "NETBOX_TOKEN=<masked>"),
        ('"token": "0HuNt3r-2abcdef0123456789"', '"token": "<masked>"'),
        ('"Authorization": "Basic HuNt3r-2"', '"Authorization": "Basic <masked>'),
        ("password:\u00a0HuNt3r-2", "password:\u00a0<masked>"),
        ("enable secret\u00a0HuNt3r-2", "enable secret\u00a0<masked>"),
        ("    set password ENC HuNt3r-2", "    set password ENC <masked>"),
        ("sshpass -p HuNt3r-2 ssh x", "sshpass -p <masked> ssh x"),
        ("curl -u admin:HuNt3r-2 https://x", "curl -u admin:<masked> https://x"),
    ],
)
def test_files_beside_configurations_have_their_own_ways_to_write_a_secret(line: str, shown: str) -> None:
    assert mask_secrets(line) == (shown, 1)
    assert mask_secrets(shown) == (shown, 0)


@pytest.mark.parametrize(
    "line",
    [
        "  password: ${{ secrets.DEPLOY }}",
        "password={{ vault.x }}",
        "ansible_password: !vault |",
        "| password | secret |",
        '"next_token": "abcdef0123456789abcdef"',
        "page_token=abcdef0123456789abcdef",
        "PASS: test_x",
        "docker run -u 1000:1000 x",
        "curl -u $USER:$PASSWORD https://x",
    ],
)
def test_what_only_names_a_secret_stays(line: str) -> None:
    assert mask_secrets(line) == (line, 0)


@pytest.mark.parametrize("unit", ["eyJ", "password := ", "password <a b='", "token = a1", 'password: "\\', "://a:b@"])
def test_no_file_takes_long(unit: str) -> None:
    began = time.process_time()
    mask_secrets(unit * (200_000 // len(unit)))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "line",
    [
        "        sa timing: remaining key lifetime (k/sec): (4332650/3205)",
        "No PACs found in the key store.",
        "Key to Session Events Blocked Status Flags:",
        "CTS password is defined in keystore, device-id = sw-1",
        "  Password: <empty>",
        "PEER    PEER PEER            SITE       DOMAIN PEER      PRIV  PEER      PUB",
        "      Community: 12345:1111 3000:4444",
        "      Extcommunity: RT:33333:2222",
    ],
)
def test_what_devices_print_of_keys_and_routes_stays(line: str) -> None:
    assert mask_secrets(line) == (line, 0)


@pytest.mark.parametrize(
    "line",
    [
        *("key store", "key to", "key lifetime", "priv peer", "snmp-server community 100:200 RO", "community: s3cret"),
        *("password is hunter2", "password defined", "  Password: <emptiness>", "the key mysecret"),
    ],
)
def test_what_only_looks_like_it_is_masked(line: str) -> None:
    assert mask_secrets(line)[1] == 1
