"""Secrets of every kind the platform meets, in every form they are written down."""

import time
from collections.abc import Iterator
from re import _constants as kinds  # type: ignore[attr-defined]  # the parser's own names, for the proof below
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common import redaction
from mcp_common.redaction import MAX_TEXT, redact, redact_value

JWT = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSIsImF1ZCI6Im1jcC1wbGF0Zm9ybSJ9."
    "c2lnbmF0dXJlLXRoYXQtbG9va3MtcmVhbC1idXQtaXMtbm90"
)
PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAxgNSMBs8\n"
    "Zm9vYmFyYmF6cXV4cXV1eGNvcmdl\n-----END RSA PRIVATE KEY-----"
)
SHAPED = {
    "jwt": JWT,
    "github classic": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "github app": "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    "github oauth": "gho_16C7e42F292c6912E7710c838347Ae178B4a",
    "github fine-grained": "github_pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789abcdef",
    "vault service": "hvs.CAESIJlU9JMYEhOPYv4igdhm9PnZDrabYTobQ4Ymnlq1qY",
    "vault batch": "hvb.AAAAAQJlU9JMYEhOPYv4igdhm9PnZDrabYTobQ4Ymnlq1qY",
    "vault legacy": "s.iyNUhq8Ov4hIAx6snw5mB2nL",
    "aws access key": "AKIAIOSFODNN7EXAMPLE",
    "gitlab": "glpat-A1b2C3d4E5f6G7h8I9j0",
    "slack": "xoxb-123456789012-abcdefGHIJKL",
    "ios type 5": "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0",
    "ios type 8": "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs",
    "ios type 9": "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM",
}
SECRET = "Xk29fLq7wPz4"
IN_CONTEXT = {
    "bearer": "Authorization: Bearer Xk29fLq7wPz4",
    "basic": "authorization: Basic Xk29fLq7wPz4",
    "digest": 'Authorization: Digest username="bob", nonce="n", response="Xk29fLq7wPz4"',
    "bearer alone": "sent Bearer Xk29fLq7wPz4 to it",
    "x-auth-token": "X-Auth-Token: Xk29fLq7wPz4",
    "vault header": "X-Vault-Token=Xk29fLq7wPz4",
    "cookie": "Set-Cookie: session=Xk29fLq7wPz4; Path=/",
    "asgi headers": "[(b'authorization', b'Bearer Xk29fLq7wPz4'), (b'accept', b'*/*')]",
    "asgi token header": "[(b'x-auth-token', b'Xk29fLq7wPz4')]",
    "url": "https://svc:Xk29fLq7wPz4@dnac.example/dna",
    "url with an at sign": "https://svc:p@ss@Xk29fLq7wPz4@dnac.example/dna",
    "redis url": "redis://:Xk29fLq7wPz4@cache:6379/0",
    "query": "GET /cb?code=Xk29fLq7wPz4&state=Xk29fLq7wPz4 HTTP/1.1",
    "form": "grant_type=password&username=bob&password=Xk29fLq7wPz4",
    "assignment": "password = Xk29fLq7wPz4",
    "camel case": "cliPassword: Xk29fLq7wPz4",
    "quoted": "client_secret='Xk29fLq7wPz4 and more'",
    "escaped quote": r'{"password": "ab\"Xk29fLq7wPz4"}',
    "json": '{"api_key":"Xk29fLq7wPz4","user":"bob"}',
    "python": "{'secret_id': 'Xk29fLq7wPz4', 'role': 'x'}",
    "json in json": r'{"body": "{\"token\": \"Xk29fLq7wPz4\"}"}',
    "json in json in json": r'"{\"body\": \"{\\\"token\\\": \\\"Xk29fLq7wPz4\\\"}\"}"',
    "authorization in json in json": r"{\"Authorization\": \"Digest a=\\\"b\\\", c=\\\"Xk29fLq7wPz4\\\"\"}",
    "unclosed": '{"password": "Xk29fLq7wPz4',
    "yaml": "vault:\n  secret_id: Xk29fLq7wPz4\n",
    "xml": "<snmp><password>Xk29fLq7wPz4</password></snmp>",
    "aws secret": "aws_secret_access_key=Xk29fLq7wPz4/K7MDENG/bPxRfiCY",
    "catalyst": '{"snmpROCommunity": "Xk29fLq7wPz4", "snmpAuthPassphrase": "Xk29fLq7wPz4"}',
    "snmp community": "snmp-server community Xk29fLq7wPz4 RO 10",
    "snmp host": "snmp-server host 192.0.2.1 version 2c Xk29fLq7wPz4",
    "snmp traps": "snmp-server host 192.0.2.1 traps version 3 priv Xk29fLq7wPz4",
    "snmp user": "snmp-server user bob grp v3 auth sha Xk29fLq7wPz4 priv aes 128 Xk29fLq7wPz4",
    "snmpwalk": "snmpwalk -v2c -c Xk29fLq7wPz4 192.0.2.1",
    "enable secret": "enable secret Xk29fLq7wPz4",
    "enable type 9": "enable secret 9 $9$Xk29fLq7wPz4$X.HsgL6x1il0RxkOSSvyQYwuc",
    "enable level": "enable password level 7 7 Xk29fLq7wPz4",
    "username": "username admin privilege 15 secret 5 Xk29fLq7wPz4",
    "username plain": "username admin password Xk29fLq7wPz4",
    "type 7": " password 7 Xk29fLq7wPz4",
    "line password": "line vty 0 4\n password Xk29fLq7wPz4\n login",
    "tacacs": "tacacs-server key 7 Xk29fLq7wPz4",
    "tacacs block": "tacacs server ISE\n address ipv4 192.0.2.2\n key Xk29fLq7wPz4\n",
    "radius": "radius-server key Xk29fLq7wPz4",
    "bgp": "neighbor 192.0.2.9 password Xk29fLq7wPz4",
    "ospf": "ip ospf message-digest-key 1 md5 7 Xk29fLq7wPz4",
    "key chain": "key chain K\n key 1\n  key-string Xk29fLq7wPz4",
    "isakmp": "crypto isakmp key Xk29fLq7wPz4 address 0.0.0.0",
    "psk": "pre-shared-key address 0.0.0.0 key 6 Xk29fLq7wPz4",
}


@pytest.mark.parametrize("text", IN_CONTEXT.values(), ids=IN_CONTEXT.keys())
def test_what_stands_behind_a_telling_name_is_masked(text: str) -> None:
    assert SECRET in text
    assert SECRET not in redact(text)


@pytest.mark.parametrize("secret", SHAPED.values(), ids=SHAPED.keys())
def test_what_looks_like_a_credential_is_masked_wherever_it_stands(secret: str) -> None:
    for text in (secret, f"got {secret}, why", f"x{secret}y", f'{{"a": "{secret}"}}', f"https://h/{secret}/x"):
        assert secret not in redact(text)


@given(st.sampled_from(sorted(SHAPED.values())), st.text(max_size=200), st.text(max_size=200))
def test_a_token_planted_anywhere_in_a_text_never_remains(secret: str, before: str, after: str) -> None:
    assert secret not in redact(f"{before}{secret}{after}")


NAMES = st.sampled_from(["password", "clientSecret", "api_key", "X-Auth-Token", "passphrase", "snmpRWCommunity"])


@given(
    NAMES, st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=60), st.text(max_size=99)
)
def test_any_value_behind_a_telling_name_is_masked(name: str, value: str, before: str) -> None:
    value = f"q{value}q"
    for text in (f"{name}={value}", f'"{name}": "{value}"', f"'{name}': '{value}'", f"{name}: {value}"):
        masked = redact(f"{before}\n{text}")
        assert value not in masked or value in before


@pytest.mark.parametrize("newline", ["\n", "\\n"], ids=["lines", "escaped"])
def test_a_private_key_is_cut_out_and_what_follows_stays(newline: str) -> None:
    text = redact(f"key: x {PEM} and on".replace("\n", newline))
    assert "MIIEow" not in text
    assert "Zm9v" not in text
    assert "PRIVATE KEY" not in text
    assert text.endswith("and on")


def test_a_private_key_without_an_end_goes_to_the_end_of_the_text() -> None:
    assert redact(PEM[:70]) == "***"


def test_a_certificate_is_no_secret() -> None:
    text = "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----"
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "no bearer token was sent",
        "the password is wrong",
        "Basic authentication failed",
        "token_endpoint: https://idp.example/token",
        "get_device failed with status 500 after 3 retries",
        "device 192.0.2.1 at https://dnac.example:443/dna/intent/api/v1/network-device?hostname=sw1",
        "GET /healthz 200",
        "interface GigabitEthernet1/0/1\n description uplink\n switchport mode trunk",
        "",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


@given(st.text(max_size=300) | st.sampled_from([*IN_CONTEXT.values(), *SHAPED.values(), PEM]))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


def test_values_are_redacted_at_every_depth() -> None:
    value = {"a": [{"password": "short", "b": (JWT, 1, None, True)}], JWT: b"Bearer abcdefghijk", "ok": 1.5}
    assert redact_value(value) == {
        "a": [{"password": "***", "b": ["***", 1, None, True]}],
        "***": "Bearer ***",
        "ok": 1.5,
    }


def test_a_value_that_holds_itself_ends() -> None:
    value: dict[str, Any] = {"token": "x"}
    value["self"] = value
    assert "x" not in str(redact_value(value)).replace("max", "")


def test_a_long_text_is_cut() -> None:
    assert len(redact("a " * MAX_TEXT)) < MAX_TEXT + 20


def repeats(parsed: Any) -> Iterator[tuple[Any, int, bool]]:
    """Every repetition in a parsed pattern: its kind, its upper bound, and whether it stands inside another."""

    def walk(node: Any, *, inside: bool) -> Iterator[tuple[Any, int, bool]]:
        if (
            isinstance(node, tuple)
            and node
            and node[0]
            in {
                kinds.MAX_REPEAT,
                kinds.MIN_REPEAT,
                kinds.POSSESSIVE_REPEAT,
            }
        ):
            kind, (_, upper, body) = node
            yield kind, upper, inside
            yield from walk(body, inside=inside or upper > 1)
        elif isinstance(node, tuple | list | _parser.SubPattern):
            for part in node:
                yield from walk(part, inside=inside)

    yield from walk(parsed, inside=False)


@pytest.mark.parametrize("pattern", [rule.pattern for _, rule in redaction._RULES])
def test_no_pattern_can_backtrack_without_bound(pattern: str) -> None:
    """A repetition without bound never gives back, and one that gives back is bounded and holds no other."""
    for kind, upper, inside in repeats(_parser.parse(pattern)):
        assert upper <= 512 or kind == kinds.POSSESSIVE_REPEAT
        assert not (inside and upper > 1 and kind != kinds.POSSESSIVE_REPEAT)


HOSTILE = [
    "eyJ",
    "eyJa.",
    'password="',
    r"password=\"",
    "password=\\",
    "authorization: '",
    "://a:",
    "bearer ",
    "basic aaaaaaaa",
    "ghp_",
    "s.a",
    "snmp -",
    "username a ",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN ",
    "$1$",
    "[?&code=",
    " key \n",
    "token",
    "\\",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    """Processor time for 8 times the text: about 8 times as much, where a square would take 64."""

    def spent(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = 1e9
        for _ in range(3):
            began = time.process_time()
            redact(text)
            best = min(best, time.process_time() - began)
        return best

    assert spent(MAX_TEXT) < 32 * max(spent(MAX_TEXT // 8), 0.0005)
