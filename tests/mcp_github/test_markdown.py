"""What a page does not show to people is not shown to a model either."""

import pytest

from mcp_common.testing.plugin import Connect
from mcp_github.models.markdown import LEFT_OUT, without_comments


async def test_an_instruction_in_a_comment_of_an_issue_is_not_told(connect: Connect) -> None:
    async with connect("developers") as client:
        arguments = {"repository": "nordhaven/netlab-tools", "number": 1}
        issue = (await client.call_tool("get_issue", arguments)).structured_content
    assert issue is not None
    assert issue["body"] == f"A C9606R has no 48 ports per member.\n\n{LEFT_OUT}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <!-- b --> c", f"a {LEFT_OUT} c"),
        ("a <!-- b -- > c\nd", f"a {LEFT_OUT}"),
        ("a <!--> c", f"a {LEFT_OUT} c"),
        ("a <!-- b <!-- c --> d --> e", f"a {LEFT_OUT} d --> e"),
        ("<!--\nb\n\nc\n-->\nd", f"{LEFT_OUT}\nd"),
        ("[//]: # (b)\nc", f"{LEFT_OUT}\nc"),
        ("[x]: <> (b)\r\nc", f"{LEFT_OUT}\nc"),
        ("[1]: https://example.com 'b'", "[1]: https://example.com 'b'"),
        ("a <b> --> c <! d", "a <b> --> c <! d"),
    ],
)
def test_comments_are_left_out_and_nothing_else(text: str, shown: str) -> None:
    assert without_comments(text) == shown
