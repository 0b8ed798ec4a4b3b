import base64
import subprocess
from pathlib import Path

import pytest

from simulators.github.git.history import log, merge_base
from simulators.github.git.merging import Conflict, merged_lines
from simulators.github.git.objects import Commit, Objects, Signature
from simulators.world.story import FLAGSHIP
from tests.simulators.hub import CONFIG, GitHub


def test_ids_are_those_git_itself_computes(tmp_path: Path) -> None:
    """The same files and the same commit, made by git and by the simulator."""
    objects = Objects()
    contents = {"a/x.txt": b"x\n", "a.txt": b"1\n", "a0": b"", "zoë.cfg": "é".encode()}
    tree = objects.tree_of({path: ("100644", objects.add_blob(data)) for path, data in contents.items()})
    who = Signature("Ann", "ann@nordhaven.example", 1_790_000_000)
    commit = Commit(tree, (), who, who, "Say so\n")

    def git(*words: str) -> str:
        when = "1790000000 +0000"
        names = {"NAME": "Ann", "EMAIL": "ann@nordhaven.example", "DATE": when}
        variables = {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in names.items()}
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **variables}
        return subprocess.run(
            ["git", *words], cwd=tmp_path, env=environment, capture_output=True, check=True, text=True
        ).stdout

    git("init", "-q")
    for path, data in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    git("add", ".")
    git("commit", "-q", "-m", "Say so")
    assert git("rev-parse", "HEAD^{tree}").strip() == tree
    assert git("rev-parse", "HEAD").strip() == commit.sha


def test_lines_of_both_sides_are_merged_unless_they_meet() -> None:
    base = b"1\n2\n3\n4\n5\n"
    assert merged_lines("x", base, b"one\n2\n3\n4\n5\n", b"1\n2\n3\n4\nfive\n") == b"one\n2\n3\n4\nfive\n"
    with pytest.raises(Conflict):
        merged_lines("x", base, b"1\ntwo\n3\n4\n5\n", b"1\nzwei\n3\n4\n5\n")


async def test_the_history_of_the_world_is_the_same_every_time(github: GitHub) -> None:
    async with GitHub.with_behaviour() as other:
        assert other.config.heads == github.config.heads
    objects, heads = github.config.objects, github.config.heads
    times = [commit.committer.when for commit in log(objects, heads["main"])]
    assert times == sorted(times, reverse=True)
    assert merge_base(objects, heads["main"], heads["npatel/ntp-prefer"]) is not None


async def test_a_file_comes_in_lines_of_base64_and_raw(github: GitHub) -> None:
    path = f"{CONFIG}/contents/devices/{FLAGSHIP}.cfg"
    body = await github.get(path)
    assert max(map(len, body["content"].splitlines())) == 60
    text = base64.b64decode(body["content"])
    assert b"storm-control broadcast level 0.10" in text
    assert len(text) == body["size"]
    raw = await github.http.get(path, headers={"Accept": "application/vnd.github.raw+json"})
    assert raw.content == text


async def test_beyond_a_megabyte_only_raw_has_the_content(github: GitHub) -> None:
    path = f"{CONFIG}/contents/inventory/mac-addresses.csv"
    body = await github.get(path)
    assert (body["content"], body["encoding"]) == ("", "none")
    raw = await github.http.get(path, headers={"Accept": "application/vnd.github.raw"})
    assert len(raw.content) == body["size"] > 1024 * 1024


async def test_a_directory_is_an_array_and_a_ref_may_be_anything_that_names_a_commit(github: GitHub) -> None:
    names = [each["name"] for each in await github.get(f"{CONFIG}/contents")]
    assert {".github", "devices", "templates"} <= set(names)
    for ref in ("v2026.08", "npatel/ntp-prefer", github.config.heads["main"][:10]):
        assert (await github.http.get(f"{CONFIG}/contents/README.md", params={"ref": ref})).status_code == 200
    assert (await github.http.get(f"{CONFIG}/contents/README.md", params={"ref": "nowhere"})).status_code == 404


async def test_a_file_is_replaced_only_by_who_knows_what_is_there(github: GitHub) -> None:
    main = github.config.heads["main"]
    await github.send("POST", f"{CONFIG}/git/refs", {"ref": "refs/heads/lab", "sha": main})
    path = f"{CONFIG}/contents/README.md"
    body = {"message": "m", "content": "eA==", "branch": "lab"}
    assert await github.refused("PUT", path, body) == (422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    status, message = await github.refused("PUT", path, body | {"sha": "0" * 40})
    assert (status, message) == (409, f"README.md does not match {'0' * 40}")
    known = (await github.get(path, ref="lab"))["sha"]
    done = await github.send("PUT", path, body | {"sha": known}, 200)
    assert done["commit"]["parents"][0]["sha"] == main
    assert done["commit"]["author"]["name"] == "Lucas Meyer"
    assert (await github.refused("PUT", path, body | {"sha": known}))[0] == 409


async def test_nobody_writes_to_a_protected_branch_directly(github: GitHub) -> None:
    new = {"message": "m", "content": "eA=="}
    status, message = await github.refused("PUT", f"{CONFIG}/contents/x.txt", new)
    assert (status, message[:60]) == (409, "Could not create file: Changes must be made through a pull r")
    head = github.config.heads["npatel/ntp-prefer"]
    assert (await github.refused("PATCH", f"{CONFIG}/git/refs/heads/main", {"sha": head}))[0] == 422
    github.become("admin")
    await github.send("PUT", f"{CONFIG}/contents/x.txt", new)


async def test_several_files_go_into_one_commit(github: GitHub) -> None:
    main = github.config.heads["main"]
    tree = await github.send("POST", f"{CONFIG}/git/trees", {"base_tree": main, "tree": [
        {"path": "docs/new/a.md", "mode": "100644", "type": "blob", "content": "a\n"},
        {"path": "README.md", "mode": "100644", "type": "blob", "sha": None},
    ]})  # fmt: skip
    commit = await github.send(
        "POST", f"{CONFIG}/git/commits", {"message": "Two", "tree": tree["sha"], "parents": [main]}
    )
    await github.send("POST", f"{CONFIG}/git/refs", {"ref": "refs/heads/two", "sha": commit["sha"]})
    compared = await github.get(f"{CONFIG}/compare/main...two")
    assert [(each["filename"], each["status"]) for each in compared["files"]] == [
        ("README.md", "removed"), ("docs/new/a.md", "added"),
    ]  # fmt: skip
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("ahead", 1, 0)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"ref": "refs/heads/main", "sha": "main"}, "Reference already exists"),
        ({"ref": "refs/heads/new", "sha": "0" * 40}, "Object does not exist"),
        ({"ref": "refs/heads/a..b", "sha": "main"}, "refs/heads/a..b is not a valid ref name."),
    ],
)
async def test_a_ref_that_cannot_be_is_refused(github: GitHub, body: dict[str, str], message: str) -> None:
    sha = github.config.heads["main"] if body["sha"] == "main" else body["sha"]
    assert await github.refused("POST", f"{CONFIG}/git/refs", body | {"sha": sha}) == (422, message)


async def test_a_branch_only_moves_forward_unless_forced(github: GitHub) -> None:
    head, main = github.config.heads["npatel/ntp-prefer"], github.config.heads["main"]
    path = f"{CONFIG}/git/refs/heads/npatel/ntp-prefer"
    assert await github.refused("PATCH", path, {"sha": main}) == (422, "Update is not a fast forward")
    await github.send("PATCH", path, {"sha": main, "force": True}, 200)
    assert head != (await github.get(f"{CONFIG}/git/ref/heads/npatel/ntp-prefer"))["object"]["sha"] == main
