"""Differences are shown without secrets, and a text edited without its secrets gets them back or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.device_secrets import mask_secrets
from mcp_common.differences import MOST_LINES, difference, restored
from mcp_common.errors import InvalidArguments

SECRETS = ["HuNt3r-2", "s3cr3t!", "Tundra9"]
LINES = st.sampled_from(
    [
        *(f"snmp-server community {secret} RO" for secret in SECRETS),
        *(f" server-private 10.0.0.1 key {secret}" for secret in SECRETS),
        *("hostname sw1", "interface Gi1/0/1", " shutdown", "", "ntp server 10.0.0.1"),
    ]
)
CONFIGS = st.lists(LINES, max_size=12).map(lambda lines: "".join(f"{line}\n" for line in lines))


def applied(before: str, diff: str) -> list[str]:
    """The lines a unified diff makes of a text, both as they may be shown."""
    old, new, at = mask_secrets(before)[0].removesuffix("\n").split("\n") if before else [], [], 0
    for line in diff.splitlines():
        if line.startswith("@@"):
            start, _, size = line.split()[1][1:].partition(",")
            begin = int(start) - 1 if int(size) else int(start)
            new += old[at:begin]
            at = begin
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            assert old[at] == line[1:]
            at += 1
            new += [line[1:]] if line.startswith(" ") else []
    return new + old[at:]


@given(CONFIGS, CONFIGS)
async def test_a_difference_leads_from_one_text_to_the_other_and_shows_no_secret(before: str, after: str) -> None:
    found = await difference(before, after)
    assert found.same == (before == after)
    assert applied(before, found.text) == (mask_secrets(after)[0].removesuffix("\n").split("\n") if after else [])
    assert not any(secret in found.text for secret in SECRETS)


async def test_a_line_of_which_only_the_secret_changed_shows_as_changed() -> None:
    found = await difference("snmp-server community HuNt3r-2 RO\n", "snmp-server community s3cr3t! RO\n")
    assert (found.added, found.removed) == (1, 1)
    assert "+snmp-server community <masked> RO" in found.text


async def test_a_secret_of_several_lines_is_masked_too() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----\n"
    found = await difference(f"hostname a\n{key}", f"hostname b\n{key}")
    assert "MIIEow" not in found.text
    assert (found.added, found.removed) == (1, 1)


async def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="too long to be compared"):
        await difference("", "x\n" * MOST_LINES)


@given(CONFIGS)
def test_a_text_shown_without_its_secrets_gets_all_of_them_back(original: str) -> None:
    assert restored(mask_secrets(original)[0], original) == original


@given(CONFIGS, st.lists(st.sampled_from([*range(12)]), max_size=4))
def test_lines_that_are_left_get_their_own_secret_or_none_at_all(original: str, dropped: list[int]) -> None:
    raw = original.split("\n")
    kept = [line for number, line in enumerate(raw) if number not in dropped]
    edited = [line for number, line in enumerate(mask_secrets(original)[0].split("\n")) if number not in dropped]
    assert restored("\n".join(edited), original) in ("\n".join(kept), None)


@pytest.mark.parametrize(
    "edited",
    ["enable secret <masked>\n", "snmp-server community <masked> RW\n", "description <masked>\n", "<masked>"],
)
def test_a_mask_that_stands_for_nothing_known_is_refused(edited: str) -> None:
    assert restored(edited, "snmp-server community HuNt3r-2 RO\n") is None


def test_a_private_key_is_not_put_back() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\n"
    assert restored(mask_secrets(key)[0], key) is None


def test_a_line_moved_elsewhere_keeps_its_indentation() -> None:
    original = " key HuNt3r-2\nhostname a\n"
    assert restored("hostname a\n    key <masked>\n", original) == "hostname a\n    key HuNt3r-2\n"


def test_lines_that_look_alike_are_not_mixed_up_when_they_are_moved() -> None:
    original = "server a\n key HuNt3r-2\nserver b\n key s3cr3t!\n"
    assert restored("server a\n key <masked>\nserver c\n key <masked>\n", original) == original.replace("b\n", "c\n")
    assert restored("server b\n key <masked>\nserver a\n key <masked>\n", original) is None
    assert restored("server b\n key <masked>\n", original) is None


@pytest.mark.parametrize(
    "edited",
    [
        '#set($x = "\n{}\n")\n$x.replace("community", "")\n',
        "#define($x)\n{}\n#end\n$x\n",
        "#macro(show $a)$a.length()#end\n{}\n",
        '#if("\n{}\n".contains("a"))\n#end\n',
        "{{% set x %}}\n{}\n{{% endset %}}\n",
        "{}\n{{{{ self|replace('community', '') }}}}\n",
        "#[[\n{}\n]]#\n",
    ],
)
def test_no_secret_is_put_where_a_new_directive_could_read_it_out(edited: str) -> None:
    original = "hostname a\nsnmp-server community HuNt3r-2 RO\n"
    text = edited.replace("{{", "{").replace("}}", "}").replace("{}", "snmp-server community <masked> RO")
    assert restored(text, original) is None


def test_directives_that_were_there_and_plain_variables_stand_beside_a_secret() -> None:
    original = "#if($a)\nsnmp-server community HuNt3r-2 RO\n#end\n"
    edited = "#if($a)\nsnmp-server community <masked> RO\nvlan $vlan\nname {{ name }}\n#end\n"
    assert restored(edited, original) == edited.replace("<masked>", "HuNt3r-2")
