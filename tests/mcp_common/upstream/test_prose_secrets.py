"""Secrets in tickets, notes and articles: none comes out, and sentences stay readable."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mcp_common.upstream.test_device_secrets import SECRET

from mcp_common.device_secrets import MASK
from mcp_common.prose_secrets import mask_prose

LINES = [line for line in SECRET if line.strip()]
SENTENCES = """
User forgot the password after the holiday
VPN asks for the password again and again
Password reset requested, see the key points below
Press the key combination and wait
The secret to a stable network is spanning tree
the private key expired in March
Community meeting on Thursday
priv escalation was ruled out
The psk was changed by Reto
Please send the new password to nobody
An der Tür wird das Kennwort verlangt
"""
SAID = """
password: winter
Password is HuNt3r-2
the password was HuNt3r-2, since changed
password=HuNt3r-2
new psk: HuNt3r-2
Das Passwort ist HuNt3r-2
I ran snmp-server community winter RO on it
we saw username bob password winter there
found password 0 winter in the backup
zrh01-acc-02(config)# enable secret winter
  key winter
  password winter
token = HuNt3r-2
see https://bob:HuNt3r-2@nms.example/x
hash $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6
"""


@pytest.mark.parametrize("line", LINES)
def test_a_command_among_sentences_keeps_no_secret(line: str) -> None:
    text = f"Seen on the switch this morning:\n{line}\nPlease have a look."
    masked, count = mask_prose(text)
    assert "HuNt3r" not in masked
    assert masked.startswith("Seen on the switch this morning:\n") and masked.endswith("\nPlease have a look.")
    assert count >= 1


@pytest.mark.parametrize("line", LINES)
def test_a_command_within_a_sentence_keeps_no_odd_secret(line: str) -> None:
    assert "HuNt3r" not in mask_prose(f"It says {line.strip()} in there.")[0]


@pytest.mark.parametrize("line", SENTENCES.strip().split("\n"))
def test_sentences_stay_as_they_are(line: str) -> None:
    assert mask_prose(line) == (line, 0)


@pytest.mark.parametrize("line", SAID.strip("\n").split("\n"))
def test_what_is_said_to_be_a_secret_goes(line: str) -> None:
    masked, count = mask_prose(line)
    assert "HuNt3r" not in masked and "winter" not in masked
    assert "2MJBozw" not in masked
    assert MASK in masked and count == 1


@given(st.lists(st.sampled_from([*LINES, *SENTENCES.split("\n"), *SAID.split("\n")]), max_size=8).map("\n".join))
def test_masking_twice_is_masking_once_and_lines_stay(text: str) -> None:
    once, _ = mask_prose(text)
    assert mask_prose(once) == (once, 0)
    assert once.count("\n") == text.count("\n")
    assert "HuNt3r" not in once


@pytest.mark.parametrize("unit", ["password ", "is ", "key: ", "a@", "username x ", "> ", "\t"])
def test_no_text_takes_long(unit: str) -> None:
    began = time.process_time()
    mask_prose(unit * 20_000)
    mask_prose(f"{unit}\n" * 20_000)
    assert time.process_time() - began < 5
