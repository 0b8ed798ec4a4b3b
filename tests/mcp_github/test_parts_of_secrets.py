"""Secrets of which only a part is shown, or whose form alone tells what they are."""

import base64
import random
from typing import Any

import pytest

from mcp_common.testing.plugin import Connect
from mcp_github.models.search import CodeFound
from mcp_github.models.shared import without_secrets
from simulators.github.hub import Hub
from tests.mcp_github.working import REPO, config_of, refused_to, said_to

_BODY = base64.b64encode(random.Random(7).randbytes(1_190)).decode()
KEY = [_BODY[at : at + 64] for at in range(0, len(_BODY), 64)]
END = "-----END RSA PRIVATE KEY-----"
TOKENS = [
    "ghp_" + "aB3dE6gH9" * 4,
    "github_pat_11ABCDEFG0" + "x" * 40,
    "hvs.CAESIJ" + "q1W2e3R4" * 5,
    "AKIAIOSFODNN7EXAMPLE",
    "xoxb-123456789012-abcdefghijkl",
    "glpat-abcdefghijklmnopqrst",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
]


@pytest.mark.parametrize("mark", [" ", "+", "-"])
@pytest.mark.parametrize(("first", "last"), [(0, 4), (3, 9), (10, len(KEY))])
def test_a_hunk_out_of_the_middle_of_a_private_key_shows_nothing_of_it(mark: str, first: int, last: int) -> None:
    lines = KEY[first:last] + ([END] if last == len(KEY) else [])
    patch = "\n".join(["@@ -5,5 +5,5 @@", *(f"{mark}{line}" for line in lines), " interface Vlan1"])
    shown = without_secrets(patch)
    assert not any(line in shown for line in KEY)
    assert shown.endswith(" interface Vlan1")


def test_a_fragment_that_a_search_finds_is_no_different() -> None:
    found = CodeFound.model_validate(
        {"path": "a", "text_matches": [{"fragment": "\n".join(KEY[2:5])}, {"fragment": 7}]}
    )
    assert found.fragments == ["<masked>\n<masked>\n<masked>"]


@pytest.mark.parametrize("line", ["a" * 64, "0123456789abcdef" * 4, "description " + "uplink" * 10, "!" + "=" * 60])
def test_checksums_and_long_words_of_other_kinds_stay(line: str) -> None:
    assert without_secrets(f"+{line}") == f"+{line}"


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token[:6])
async def test_a_token_is_known_by_its_form_and_comes_back_when_its_file_is_written(
    token: str, connect: Connect, hub: Hub
) -> None:
    text = f"first\nuse {token} here\nlast\n"
    own: dict[str, Any] = {"repository": REPO, "branch": "tokens"}
    await said_to(connect, "developer", "create_branch", **own)
    path = "docs/how-to.md"
    write = {**own, "message": "Write it down"}
    await said_to(connect, "developer", "commit_files", files=[{"path": path, "text": text}], **write)
    shown = (await said_to(connect, "developer", "get_file", repository=REPO, path=path, ref="tokens"))["text"]["text"]
    assert shown == "first\nuse <masked> here\nlast\n"
    changed = shown.replace("first", "First")
    done = await said_to(connect, "developer", "commit_files", files=[{"path": path, "text": changed}], **write)
    assert done["files"][0]["restored"] == 1
    objects = config_of(hub).objects
    blob = objects.files(objects.commits[done["commit"]].tree)[path][1]
    assert objects.blobs[blob].decode() == text.replace("first", "First")
    diff = await said_to(connect, "developer", "compare_refs", repository=REPO, base="main", head="tokens")
    assert token not in str(diff)
    moved = [{"path": "docs/other.md", "text": changed}]
    error = await refused_to(connect, "developer", "commit_files", files=moved, **write)
    assert error["code"] == "invalid_arguments"


async def test_no_secret_is_written_into_a_title(connect: Connect) -> None:
    made = await said_to(connect, "developer", "create_issue", repository=REPO, title="snmp-server community s3cret RO")
    assert made["issue"]["title"] == "snmp-server community <masked> RO"


async def test_nobody_writes_the_platforms_own_line(connect: Connect, hub: Hub) -> None:
    line = "why\n\n  on behalf of `npatel` via the PLATFORM. "
    error = await refused_to(connect, "developer", "add_issue_comment", repository=REPO, number=1, body=line)
    assert (error["code"], "platform alone" in error["text"]) == ("invalid_arguments", True)
    files = [{"path": "x.md", "text": "x\n"}]
    own: dict[str, Any] = {"repository": REPO, "branch": "forged"}
    await said_to(connect, "efischer", "create_branch", **own)
    error = await refused_to(connect, "efischer", "commit_files", files=files, message=line, **own)
    assert error["code"] == "invalid_arguments"


async def test_no_branch_is_named_like_a_commit(connect: Connect) -> None:
    for name in ("a" * 40, "0123456789ABCDEF" * 2 + "01234567"):
        error = await refused_to(connect, "developer", "create_branch", repository=REPO, branch=name)
        assert error["code"] == "invalid_arguments"
