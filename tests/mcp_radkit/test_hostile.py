"""Whatever a model writes: generated OIDs, paths, names and bodies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.errors import InvalidArguments
from mcp_radkit.api_paths import ROOTS, check_reads, confined_path
from mcp_radkit.bodies import is_secret, without_secrets
from mcp_radkit.calls.commands import is_complaint
from mcp_radkit.oids import SECRET_TREES, check_readable, check_walkable, plain_oid
from mcp_radkit.oids import is_secret as is_secret_oid

SECRET = "Granite!Falcon47"
_pieces = st.sampled_from(
    [
        "/",
        "..",
        ".",
        "%2e",
        "%2F",
        "%5c",
        ";",
        "?",
        "#",
        "//",
        "restconf",
        "level",
        "15",
        "exec",
        "api",
        "a",
        "%00",
        "\\",
    ]
)


@given(st.lists(_pieces | st.text(max_size=3), max_size=12).map("".join))
def test_no_path_leaves_its_root(path: str) -> None:
    try:
        sent = confined_path(path)
        check_reads(sent)
    except (ValueError, InvalidArguments):
        return
    parts = sent.partition("?")[0].split("/")
    assert sent == path
    assert parts[1] in ROOTS
    assert not {".", ".."} & {part.partition(";")[0] for part in parts}
    assert sent.isascii() and sent.isprintable() and " " not in sent


@given(st.text(alphabet="0123456789. -٣\n", max_size=40))
def test_an_oid_is_numbers_or_refused(text: str) -> None:
    try:
        oid = plain_oid(text)
    except ValueError:
        return
    assert all(arc.isascii() and arc.isdigit() and str(int(arc)) == arc for arc in oid.split("."))


@given(st.sampled_from(sorted(SECRET_TREES)), st.lists(st.integers(0, 99), max_size=5))
def test_nothing_below_a_secret_tree_is_read(tree: str, rest: list[int]) -> None:
    oid = ".".join([tree, *map(str, rest)])
    assert is_secret_oid(oid)
    with pytest.raises(InvalidArguments):
        check_readable(oid)


NAMES = [
    "password",
    "secret",
    "community-config",
    "Cisco-IOS-XE-aaa:key",
    "key-string",
    "pre-shared-key",
    "psk",
    "token",
]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_below_a_secret_name_is_hidden_in_json_and_xml(name: str) -> None:
    tag = name.rpartition(":")[2]
    shapes: list[object] = [
        {name: SECRET},
        {"a": [{name: [{"deep": {"er": SECRET}}]}]},
        {"x": {name: {"encryption": 7, "value": SECRET, "list": [SECRET]}}},
    ]
    for shape in shapes:
        for kind in ("application/yang-data+json", "text/plain"):
            assert SECRET not in without_secrets(json.dumps(shape), kind)
    for xml in (
        f"<a><{tag}>{SECRET}</{tag}><b>seen</b></a>",
        f'<a><x:{tag} xmlns:x="y"><n><m>{SECRET}</m></n><alone/></x:{tag}><b>seen</b></a>',
    ):
        shown = without_secrets(xml, "application/yang-data+xml")
        assert SECRET not in shown
        assert "seen" in shown


@pytest.mark.parametrize(
    ("oid", "walkable"),
    [
        ("1.3.6.1.2.1", False), ("1.3.6.1.2.1.2", True), ("1.3.6.1.4.1.9", False), ("1.3.6.1.4.1.9.9", False),
        ("1.3.6.1.4.1.9.9.48", True),
    ],
)  # fmt: skip
def test_a_walk_begins_at_a_group(oid: str, walkable: bool) -> None:
    if walkable:
        check_walkable(oid)
    else:
        with pytest.raises(InvalidArguments, match="holds too much"):
            check_walkable(oid)


CAMELS = [
    "sharedSecret", "tacacsServerKey", "pacKey", "localizedKey", "authPass", "privPassword", "authentication-string",
    "authKey", "keyEncryptionKey", "communityName", "snmp-communities", "snmpCommSecP", "JSESSIONID", "sessionId",
    "bearer", "md5", "pin", "ntp-authentication-key",
]  # fmt: skip


@pytest.mark.parametrize("name", CAMELS)
def test_secret_names_are_known_with_humps_and_hyphens(name: str) -> None:
    assert SECRET not in without_secrets(json.dumps({"imdata": [{name: {"attributes": {"x": SECRET}}}]}), "text/json")
    assert SECRET not in without_secrets(f"<{name}><x>{SECRET}</x></{name}>", "application/xml")


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "snmp-community", "value": "SECRET"}',
        '[{"key": "password", "val": {"deep": "SECRET"}}]',
        '<snmpCommunityP name="SECRET"/>',
        "<aaaUser pwd='SECRET' name=\"x\">a</aaaUser>",
        "<secret>a</b>SECRET</secret>",
        "<data>&lt;password&gt;SECRET&lt;/password&gt;</data>",
        "<password><![CDATA[a<b>SECRET]]></password>",
        "<password>SECRET",
    ],
)
def test_a_secret_hides_behind_no_form(body: str) -> None:
    kind = "application/xml" if body.startswith("<") else "application/json"
    assert SECRET not in without_secrets(body.replace("SECRET", SECRET), kind)


@pytest.mark.parametrize("path", ["/api/x?a=%0d%0ab", "/api/x?a=%00", "/api/x?%7F"])
def test_no_control_character_is_sent_within_a_query(path: str) -> None:
    with pytest.raises(ValueError, match="not encoded"):
        confined_path(path)


@pytest.mark.parametrize(
    "oid",
    [
        "1.3.6.1.2.1.16.9.1.1.4.1",
        "1.3.6.1.6.3.13.1.2.1.1",
        "1.3.6.1.4.1.9.9.106.1.2.1.1.2.10.1",
        "1.3.6.1.2.1.10.23.2.3.1.6",
    ],
)
def test_secrets_in_the_trees_of_other_groups_are_known(oid: str) -> None:
    assert is_secret_oid(oid)
    assert not is_secret_oid("1.3.6.1.2.1.16.9.1.1.2.1")


@given(
    st.recursive(
        st.none() | st.text(max_size=5),
        lambda inner: (
            st.dictionaries(st.sampled_from([*NAMES, "a", "b"]), inner, max_size=3) | st.lists(inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_json_keeps_its_shape(value: object) -> None:
    shown = without_secrets(json.dumps(value), "application/json")
    if isinstance(value, dict | list):
        assert type(json.loads(shown)) is type(value)


@given(st.text(alphabet='<>/ab"= key', max_size=60))
def test_any_text_in_the_dress_of_xml_is_taken(text: str) -> None:
    assert isinstance(without_secrets(text, "text/xml"), str)


def test_depth_beyond_measure_is_cut_off() -> None:
    deep = "[" * 500 + f'"{SECRET}"' + "]" * 500
    assert SECRET not in without_secrets(deep, "application/json")
    assert without_secrets("[" * 100_000, "application/json")


@pytest.mark.parametrize(
    "name",
    ["hostname", "interface", "token_endpoint", "monkey", "description", "name", "publicKey", "keyId", "shipping"],
)
def test_harmless_names_stay(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("      ^\n% Invalid input detected at '^' marker.\n", True),
        ('% Ambiguous command:  "sh i"', True),
        ("% Incomplete command.", True),
        ("                ^\n% Invalid command at '^' marker.", True),
        ("12:00:00 UTC", False),
        ("% Interface Vlan4000 does not exist", False),
        ("Log: % Invalid input", False),
    ],
)
def test_a_complaint_is_told_from_an_output(text: str, complaint: bool) -> None:
    assert is_complaint(text) is complaint
