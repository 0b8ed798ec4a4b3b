"""Repositories, folders, files, branches and commits, through the protocol and against the simulator."""

from typing import Any

import pytest

from mcp_common.testing.plugin import AuditLines, Connect
from mcp_common.vault import VaultClient
from simulators.github import PAT, Behaviour
from simulators.github.hub import Hub
from simulators.world.story import FLAGSHIP
from tests.mcp_github.calling import answer, call, refusal
from tests.mcp_github.conftest import app_key

REPO = "nordhaven/network-config"
TEMPLATE = "templates/switching/uplink-storm-control.j2"
CONFIG = f"devices/{FLAGSHIP}.cfg"


async def test_everybody_sees_their_own_repositories(connect: Connect, hub: Hub) -> None:
    own = await answer(connect, "list_repositories")
    assert REPO in [one["name"] for one in own["repositories"]]
    apps = await answer(connect, "list_repositories", "admin", limit=2)
    assert (apps["total"], len(apps["repositories"]), apps["more"]) == (3, 2, True)
    rest = await answer(connect, "list_repositories", "admin", limit=2, cursor=apps["next_cursor"])
    assert (len(rest["repositories"]), rest["more"]) == (1, False)
    named = await answer(connect, "list_repositories", organisation="nordhaven")
    assert REPO in [one["name"] for one in named["repositories"]]
    assert [one.path for one in hub.requests if "repos" in one.path][:2] == [
        "/user/repos",
        "/installation/repositories",
    ]


async def test_a_personal_token_serves_where_there_is_no_app(connect: Connect, vault: VaultClient) -> None:
    await vault.set_secret("api/github", {"base_url": "http://127.0.0.1", "token": PAT})
    assert (await answer(connect, "list_repositories"))["repositories"]


async def test_the_audit_line_says_in_whose_name(connect: Connect, audit_lines: AuditLines) -> None:
    await answer(connect, "get_repository", repository=REPO)
    assert audit_lines.calls()[-1]["user.effective.name"] == "developer"
    await answer(connect, "get_repository", "admin", repository=REPO)
    assert "user.effective.name" not in audit_lines.calls()[-1]


async def test_a_former_name_leads_to_the_present_one_and_nothing_else(connect: Connect) -> None:
    found = await answer(connect, "get_repository", repository="nordhaven/netconf")
    assert (found["name"], found["renamed_from"]) == (REPO, "nordhaven/netconf")
    error = await refusal(connect, "list_commits", repository="nordhaven/netconf")
    assert error["code"] == "conflict" and "get_repository" in error["text"]


async def test_what_the_account_may_not_see_looks_like_nothing(connect: Connect) -> None:
    error = await refusal(connect, "get_repository", repository="nordhaven/no-such")
    assert error["code"] == "not_found" and "may not see" in error["text"]


async def test_a_folder_is_listed_with_whole_paths(connect: Connect) -> None:
    top = await answer(connect, "get_tree", repository=REPO)
    assert {"path": "templates", "type": "tree"} in top["entries"]
    deep = await answer(connect, "get_tree", repository=REPO, path="templates", recursive=True, ref="main")
    assert TEMPLATE in [one["path"] for one in deep["entries"]]
    first = await answer(connect, "get_tree", repository=REPO, path="templates", recursive=True, limit=5)
    rest = await answer(
        connect, "get_tree", repository=REPO, path="templates", recursive=True, cursor=first["next_cursor"]
    )
    assert [one["path"] for one in first["entries"] + rest["entries"]] == [one["path"] for one in deep["entries"]]
    assert (first["total"], first["commit"]) == (len(deep["entries"]), deep["commit"])


@pytest.mark.parametrize(
    ("tool", "path", "code", "words"),
    [
        ("get_tree", "templates/none", "not_found", "no such folder"),
        ("get_tree", TEMPLATE, "invalid_arguments", "get_file"),
        ("get_tree", f"{TEMPLATE}/x", "not_found", "no such folder"),
        ("get_file", "templates/none", "not_found", "get_tree"),
        ("get_file", "templates", "invalid_arguments", "get_tree"),
        ("get_file", "docs/floor-2.png", "invalid_arguments", "1040 bytes"),
    ],
)
async def test_what_is_no_file_or_folder_is_said(tool: str, path: str, code: str, words: str, connect: Connect) -> None:
    error = await refusal(connect, tool, repository=REPO, path=path)
    assert (error["code"], words in error["text"]) == (code, True)


async def test_a_file_is_read_in_parts_and_without_secrets(connect: Connect) -> None:
    whole = await answer(connect, "get_file", repository=REPO, path=CONFIG, max_chars=24_000)
    text = whole["text"]["text"]
    assert "<masked>" in text and whole["text"]["masked"] > 10
    first = (await answer(connect, "get_file", repository=REPO, path=CONFIG, max_chars=2_000))["text"]
    rest = await answer(connect, "get_file", repository=REPO, path=CONFIG, start=first["next_start"], max_chars=24_000)
    assert first["text"] + rest["text"]["text"] == text
    last = await answer(connect, "get_file", repository=REPO, path=CONFIG, start=-40)
    assert text.endswith(last["text"]["text"])


async def test_a_file_of_more_than_a_megabyte_is_read_too(connect: Connect, hub: Hub) -> None:
    found = await answer(connect, "get_file", repository=REPO, path="inventory/mac-addresses.csv", max_chars=300)
    assert found["size"] > 1_000_000
    assert found["text"]["text"].startswith("mac,site,vlan,state\n")


async def test_the_history_of_a_file_tells_who_lowered_the_level(connect: Connect) -> None:
    found = (await answer(connect, "list_commits", repository=REPO, path=TEMPLATE))["commits"]
    assert found[0]["author"] == "kvisser"
    shown = await answer(connect, "get_commit", repository=REPO, ref=found[0]["sha"])
    patch = shown["files"][0]["patch"]
    assert "- storm-control broadcast level 1.00\n+ storm-control broadcast level 0.10" in patch
    mine = await answer(connect, "list_commits", repository=REPO, author="nobody-here", since="2026-01-01")
    assert mine["commits"] == []


async def test_patches_show_no_secret_and_keep_their_bound(connect: Connect, hub: Hub) -> None:
    first = (await answer(connect, "list_commits", repository=REPO, path="README.md"))["commits"][-1]
    shown = await answer(connect, "get_commit", repository=REPO, ref=first["sha"], max_chars=2_000)
    patches = [file.get("patch", "") for file in shown["files"]]
    assert sum(map(len, patches)) <= 2_000
    assert any(file.get("cut") for file in shown["files"])
    config = (await answer(connect, "list_commits", repository=REPO, path=CONFIG))["commits"][-1]
    shown = await answer(connect, "get_commit", repository=REPO, ref=config["sha"], max_chars=24_000)
    for line in "".join(file.get("patch", "") for file in shown["files"]).splitlines():
        assert "snmp-server community" not in line or "<masked>" in line


async def test_branches_are_listed_page_by_page(connect: Connect) -> None:
    first = await answer(connect, "list_branches", repository=REPO, limit=2)
    assert first["more"]
    rest = await answer(connect, "list_branches", repository=REPO, limit=2, cursor=first["next_cursor"])
    names = [one["name"] for one in first["branches"] + rest["branches"]]
    assert len(set(names)) == 4


async def test_a_branch_is_made_once(connect: Connect, hub: Hub) -> None:
    made = await answer(connect, "create_branch", repository=REPO, branch="fix/storm-control")
    assert made["landed"]
    again = await refusal(connect, "create_branch", repository=REPO, branch="fix/storm-control")
    assert again["code"] == "conflict"
    other = await answer(connect, "create_branch", repository=REPO, branch="from-other", ref="npatel/ntp-prefer")
    assert other["commit"] != made["commit"]
    error = await refusal(connect, "create_branch", repository=REPO, branch="x", ref="no-such-ref")
    assert error["code"] == "not_found"


async def test_what_one_branch_has_and_the_other_has_not(connect: Connect) -> None:
    found = await answer(connect, "compare_refs", repository=REPO, base="main", head="npatel/ntp-prefer")
    assert found["ahead_by"] == len(found["commits"]) > 0
    assert found["files"]
    same = await answer(connect, "compare_refs", repository=REPO, base="main", head="main")
    assert (same["status"], same["files"]) == ("identical", [])


async def test_a_resource_is_the_tool_under_a_uri(connect: Connect) -> None:
    async with connect("developers", subject="developer", preferred_username="developer") as client:
        listed = {one.uri_template for one in await client.list_resource_templates()}
        path = TEMPLATE.replace("/", "%2F")
        found = await client.read_resource(f"github://repos/nordhaven%2Fnetwork-config/files/{path}")
        shown = await client.read_resource("github://repos/nordhaven%2Fnetwork-config")
    assert {"github://repos/{repository}", "github://repos/{repository}/files/{path}"} <= listed
    assert "storm-control broadcast level 0.10" in found[0].text  # type: ignore[union-attr]  # text
    assert REPO in shown[0].text  # type: ignore[union-attr]  # text


@pytest.mark.parametrize(
    "uri", ["nordhaven%2F..%2Fx/files/a", "a%2Fb/files/..%2F..%2Fuser", "a%2Fb/files/.git%2Fconfig"]
)
async def test_a_hostile_uri_reaches_nothing(uri: str, connect: Connect, hub: Hub) -> None:
    before = len(hub.requests)
    async with connect("developers", subject="developer", preferred_username="developer") as client:
        with pytest.raises(Exception, match=r"."):
            await client.read_resource(f"github://repos/{uri}")
    assert len(hub.requests) == before


@pytest.mark.parametrize(
    "arguments",
    [
        {"repository": "a/b/../c"},
        {"repository": REPO, "path": "../../user"},
        {"repository": REPO, "ref": "main:README.md"},
        {"repository": REPO, "limit": 501},
        {"repository": REPO, "force": True},
    ],
)
async def test_hostile_arguments_are_refused_before_anything_is_sent(
    arguments: dict[str, Any], connect: Connect, hub: Hub
) -> None:
    before = len(hub.requests)
    assert (await refusal(connect, "get_tree", **arguments))["code"] == "invalid_arguments"
    assert len(hub.requests) == before


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(app_public_key=app_key().as_pem(private=False).decode(), app_permissions={"metadata": "read"})],
)
async def test_an_app_without_the_permission_is_told_apart(behaviour: Behaviour, connect: Connect) -> None:
    result = await call(connect, "get_file", "admin", repository=REPO, path="README.md")
    assert result.is_error
    assert (result.meta or {})["mcp-platform/error"]["code"] in {"upstream_unauthorized", "not_found"}
