"""Several files in one commit: all of it or nothing, on top of what the caller saw, and never past a protection."""

from typing import Any

import pytest
from pydantic_core import from_json

from mcp_common.errors import PlatformError
from mcp_common.testing.plugin import Connect
from mcp_github.arguments import FileChange
from mcp_github.calls.committing import commit_files
from mcp_github.models.contents import Committed
from simulators.github.hub import Hub
from simulators.world.story import FLAGSHIP
from tests.mcp_github.calling import answer, refusal
from tests.mcp_github.far_side import (
    BLOB,
    CONFIG,
    FOLDER,
    HEAD,
    NEW_COMMIT,
    NEW_TREE,
    REPO,
    REPOSITORY,
    TREE,
    ScriptedHub,
    client_of,
    encoded,
    json,
    line,
    refused,
)

DEVICE = f"devices/{FLAGSHIP}.cfg"


def text(path: str, content: str = "x\n") -> FileChange:
    return FileChange(path=path, text=content)


def gone(path: str) -> FileChange:
    return FileChange(path=path, delete=True)


async def commit(hub: ScriptedHub, *files: FileChange, branch: str = "work", **more: Any) -> Committed:
    options = {"expected_head": None} | more
    return await commit_files(client_of(hub), REPOSITORY, branch, list(files), "Why", **options)


def tree_sent(hub: ScriptedHub) -> dict[str, Any]:
    sent: dict[str, Any] = from_json(hub.sent(f"POST {REPO}/git/trees")[0].content)
    return sent


async def test_files_are_made_changed_and_deleted_at_once() -> None:
    hub = ScriptedHub()
    made = await commit(hub, text("new/b.cfg"), text("run.sh"), gone("devices/a.cfg"), expected_head=HEAD)
    assert [(file.path, file.done) for file in made.files] == [
        ("new/b.cfg", "created"),
        ("run.sh", "updated"),
        ("devices/a.cfg", "deleted"),
    ]
    assert (made.commit, made.parent, made.landed) == (NEW_COMMIT, HEAD, True)
    assert tree_sent(hub) == {
        "base_tree": TREE,
        "tree": [
            {"path": "new/b.cfg", "mode": "100644", "type": "blob", "content": "x\n"},
            {"path": "run.sh", "mode": "100755", "type": "blob", "content": "x\n"},
            {"path": "devices/a.cfg", "mode": "100644", "type": "blob", "sha": None},
        ],
    }
    sent = from_json(hub.sent(f"POST {REPO}/git/commits")[0].content)
    assert sent == {"message": "Why", "tree": NEW_TREE, "parents": [HEAD]}


async def test_a_branch_is_moved_and_never_forced() -> None:
    hub = ScriptedHub()
    await commit(hub, text("a"))
    assert from_json(hub.sent(f"PATCH {REPO}/git/refs/heads/work")[0].content) == {"sha": NEW_COMMIT, "force": False}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([text("a"), gone("a")], "twice"),
        ([text("devices")], "folder"),
        ([text("latest")], "link"),
        ([text("vendor")], "submodule"),
        ([gone("devices/none.cfg")], "no devices/none.cfg"),
        ([gone("run.sh/x")], "no run.sh/x"),
        ([text("new.cfg", "key 7 <masked>\n")], "not certain"),
        ([text("devices/a.cfg", "enable secret 9 <masked>\n")], "not certain"),
    ],
)
async def test_what_cannot_be_written_is_said_before_anything_is(files: list[FileChange], words: str) -> None:
    hub = ScriptedHub()
    with pytest.raises(PlatformError, match=words) as refusal:
        await commit(hub, *files)
    assert refusal.value.code == "invalid_arguments"
    assert hub.written == []


async def test_a_masked_secret_stays_what_it_is() -> None:
    hub = ScriptedHub()
    made = await commit(hub, text("devices/a.cfg", "hostname y\nsnmp-server community <masked> RO\nend\n"))
    assert tree_sent(hub)["tree"][0]["content"] == CONFIG.replace("hostname x", "hostname y")
    assert made.files[0].restored == 1


@pytest.mark.parametrize("written", ["hostname y\nsnmp-server community <masked> RO\nend\n", "hostname y\nend\n"])
async def test_line_ends_and_byte_order_mark_stay_what_they_are(written: str) -> None:
    hub = ScriptedHub()
    before = b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode()
    hub.on(f"GET {REPO}/git/blobs/{BLOB}", json({"encoding": "base64", "content": encoded(before)}))
    await commit(hub, text("devices/a.cfg", written))
    expected = written.replace("<masked>", "s3cret").replace("\n", "\r\n")
    assert tree_sent(hub)["tree"][0]["content"] == f"\ufeff{expected}"


async def test_an_empty_file_and_one_of_a_single_line_get_plain_line_ends() -> None:
    for before in ("", "one line"):
        hub = ScriptedHub()
        hub.on(f"GET {REPO}/git/blobs/{BLOB}", json({"encoding": "base64", "content": encoded(before)}))
        await commit(hub, text("devices/a.cfg", "x\ny\n"))
        assert tree_sent(hub)["tree"][0]["content"] == "x\ny\n"


async def test_what_is_too_large_to_be_shown_is_not_read_before_it_is_written_anew() -> None:
    hub = ScriptedHub()
    large = {**line("a.cfg"), "size": 9_000_000}
    hub.on(f"GET {REPO}/git/trees/{FOLDER}", json({"sha": FOLDER, "tree": [large]}))
    hub.on(f"GET {REPO}/git/blobs/{BLOB}", refused(403, "too_large"))
    await commit(hub, text("devices/a.cfg", "x\n"))
    assert tree_sent(hub)["tree"][0]["content"] == "x\n"


async def test_a_binary_file_has_no_secrets_to_keep() -> None:
    hub = ScriptedHub()
    hub.on(f"GET {REPO}/git/blobs/{BLOB}", json({"encoding": "base64", "content": "AAEC"}))
    with pytest.raises(PlatformError, match="not certain"):
        await commit(hub, text("devices/a.cfg", "key 7 <masked>"))


async def test_a_moved_branch_is_a_conflict() -> None:
    hub = ScriptedHub()
    with pytest.raises(PlatformError, match=HEAD) as refusal:
        await commit(hub, text("a"), expected_head="9" * 40)
    assert (refusal.value.code, hub.written) == ("conflict", [])


async def test_a_branch_that_moves_meanwhile_is_a_conflict() -> None:
    hub = ScriptedHub()
    hub.on(f"PATCH {REPO}/git/refs/heads/work", refused(422, "Update is not a fast forward"))
    with pytest.raises(PlatformError, match="moved on") as refusal:
        await commit(hub, text("a"))
    assert refusal.value.code == "conflict"


async def test_a_protected_branch_is_left_alone() -> None:
    hub = ScriptedHub()
    with pytest.raises(PlatformError, match="pull request") as refusal:
        await commit(hub, text("a"), branch="main")
    assert (refusal.value.code, hub.written) == ("conflict", [])


async def test_what_changes_nothing_is_no_commit() -> None:
    hub = ScriptedHub()
    hub.on(f"POST {REPO}/git/trees", json({"sha": TREE}, 201))
    with pytest.raises(PlatformError, match="already"):
        await commit(hub, text("run.sh"))
    assert hub.written == [f"POST {REPO}/git/trees"]


@pytest.mark.parametrize(("status", "landed"), [("ahead", True), ("diverged", False), ("behind", False)])
async def test_somebody_who_goes_on_at_once_is_no_harm(status: str, landed: bool) -> None:
    hub = ScriptedHub()
    hub.on(f"GET {REPO}/git/ref/heads/work", json({"object": {"sha": "9" * 40}}))
    hub.on(f"GET {REPO}/compare/{NEW_COMMIT}...work", json({"status": status}))
    assert (await commit(hub, text("a"))).landed is landed


@pytest.mark.parametrize("answer", [json({}, 500), json({"object": 5}), json([])])
async def test_a_branch_that_may_have_moved_is_not_moved_again(answer: Any) -> None:
    hub = ScriptedHub()
    hub.on(f"PATCH {REPO}/git/refs/heads/work", answer)
    with pytest.raises(PlatformError, match="list_commits") as refusal:
        await commit(hub, text("a"))
    assert refusal.value.code == "outcome_unknown"
    assert len(hub.sent(f"PATCH {REPO}/git/refs/heads/work")) == 1


async def test_a_device_configuration_is_changed_without_its_secrets_being_seen(connect: Connect, hub: Hub) -> None:
    await answer(connect, "create_branch", repository=REPOSITORY, branch="work")
    read = await answer(connect, "get_file", repository=REPOSITORY, path=DEVICE, max_chars=24_000)
    shown = read["text"]["text"]
    assert "<masked>" in shown and "level 0.10" in shown
    change = {"path": DEVICE, "text": shown.replace("level 0.10", "level 1.00")}
    made = await answer(
        connect, "commit_files", repository=REPOSITORY, branch="work", message="Raise it", files=[change]
    )
    assert made["landed"] and made["files"][0]["restored"] == shown.count("<masked>")
    difference = await answer(connect, "compare_refs", repository=REPOSITORY, base="main", head="work")
    file = difference["files"][0]
    assert (file["path"], file["additions"], file["deletions"]) == (DEVICE, 1, 1)


async def test_the_commit_says_who_asked_for_it(connect: Connect, hub: Hub) -> None:
    await answer(connect, "create_branch", repository=REPOSITORY, branch="work")
    change = [{"path": "notes/a.md", "text": "hello\n"}]
    own = await answer(connect, "commit_files", repository=REPOSITORY, branch="work", message="Mine", files=change)
    shown = await answer(connect, "get_commit", repository=REPOSITORY, ref=own["commit"])
    assert (shown["author"], shown["message"]) == ("developer", "Mine")
    change = [{"path": "notes/a.md", "text": "more\n"}]
    apps = await answer(
        connect, "commit_files", "admin", repository=REPOSITORY, branch="work", message="Theirs", files=change
    )
    shown = await answer(connect, "get_commit", repository=REPOSITORY, ref=apps["commit"])
    assert shown["author"] == "nordhaven-platform[bot]"
    assert shown["message"] == "Theirs\n\nOn behalf of `admin` via the platform."


async def test_the_default_branch_is_left_alone_by_everybody(connect: Connect, hub: Hub) -> None:
    for who in ("developers", "admin"):
        error = await refusal(
            connect,
            "commit_files",
            who,
            repository=REPOSITORY,
            branch="main",
            message="x",
            files=[{"path": "a", "text": "b"}],
        )
        assert (error["code"], "pull request" in error["text"]) == ("conflict", True)
    assert not [one for one in hub.requests if one.method == "PATCH"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([text("new"), text("new/below")], "a file in the same commit"),
        ([text("run.sh/below")], "run.sh is no folder"),
        ([text("run.sh/deeper/below")], "run.sh is no folder"),
        ([text("latest/below")], "latest is no folder"),
    ],
)
async def test_no_file_is_lost_for_a_folder_of_its_name(files: list[FileChange], words: str) -> None:
    hub = ScriptedHub()
    with pytest.raises(PlatformError, match=words):
        await commit_files(client_of(hub), REPOSITORY, "work", files, "Why", expected_head=None)
    assert hub.written == []


async def test_a_file_may_make_way_for_a_folder() -> None:
    hub = ScriptedHub()
    files = [gone("run.sh"), text("run.sh/below")]
    done = await commit_files(client_of(hub), REPOSITORY, "work", files, "Why", expected_head=None)
    assert [file.done for file in done.files] == ["deleted", "created"]
