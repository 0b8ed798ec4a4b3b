"""What a terminal records beside the output."""

import pytest

from mcp_common.device_output import without_frame


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("show clock\n12:00\nsw1#", "12:00"),
        ("sw1#show clock\r\n12:00\r\nsw1#", "12:00"),
        ("RP/0/RSP0/CPU0:r1#show clock\n12:00\nRP/0/RSP0/CPU0:r1#", "12:00"),
        ("sw1(config)>show clock\n12:00", "12:00"),
        ("12:00", "12:00"),
        ("", ""),
        ("sw1#", ""),
        ("do not run show clock\n12:00", "do not run show clock\n12:00"),
        ("12:00\nsw1# and more", "12:00\nsw1# and more"),
    ],
)
def test_echo_and_prompts_are_left_out_and_nothing_else(text: str, bare: str) -> None:
    assert without_frame("show clock", text) == bare
