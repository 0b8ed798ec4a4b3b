"""Hostile arguments: nothing but the intended path reaches the wire."""

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mcp_common.errors import PlatformError
from mcp_github.arguments import Branch, FileChange, Path, Prose, Ref, Repository
from mcp_github.calls.commits import compare, head_of, tip_of
from mcp_github.calls.contents import text_file
from mcp_github.calls.repositories import repository
from tests.mcp_github.far_side import HERE, REPOSITORY, ScriptedHub, client_of
from tests.mcp_github.hostile import PATHS, REFS, REPOSITORIES

FORMS: dict[str, TypeAdapter[Any]] = {
    "path": TypeAdapter(Path),
    "ref": TypeAdapter(Ref),
    "branch": TypeAdapter(Branch),
    "repository": TypeAdapter(Repository),
}


def taken(form: str, value: str) -> bool:
    try:
        FORMS[form].validate_python(value)
    except ValidationError:
        return False
    return True


async def asked(form: str, value: str) -> list[tuple[str, list[str], dict[str, str]]]:
    """What reaches the wire, if anything does: host, path segments, query."""
    hub = ScriptedHub()
    github = client_of(hub)
    try:
        if form == "path":
            await text_file(github, REPOSITORY, value, None, start=0, max_chars=200)
        elif form == "branch":
            await tip_of(github, REPOSITORY, value)
        elif form == "ref":
            await head_of(github, REPOSITORY, value)
            await compare(github, REPOSITORY, value, value, max_chars=200)
        else:
            await repository(github, value)
    except PlatformError:
        pass
    found = []
    for request in hub.requests:
        raw = request.url.raw_path.decode("ascii").partition("?")[0]
        host = f"{request.url.scheme}://{request.url.host}"
        found.append((host, [unquote(part) for part in raw.split("/")[1:]], dict(request.url.params)))
    return found


async def check(form: str, value: str) -> None:
    if not taken(form, value):
        return
    repo = ["repos", *REPOSITORY.split("/")]
    meant = {
        "path": [[*repo, "contents", *value.split("/")]],
        "branch": [[*repo, "git", "ref", "heads", *value.split("/")]],
        "ref": [[*repo, "commits"], [*repo, "compare", f"{value}...{value}"]],
        "repository": [["repos", *value.split("/")]],
    }[form]
    for host, segments, query in await asked(form, value):
        assert host == HERE
        assert segments in meant
        assert query in ({}, {"sha": value, "per_page": "1"})


@pytest.mark.parametrize("value", PATHS)
async def test_a_hostile_path_stays_a_path(value: str) -> None:
    await check("path", value)


@pytest.mark.parametrize("value", REFS)
async def test_a_hostile_ref_stays_a_ref(value: str) -> None:
    await check("ref", value)
    await check("branch", value)


@pytest.mark.parametrize("value", REPOSITORIES)
async def test_a_hostile_repository_is_refused(value: str) -> None:
    assert not taken("repository", value)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        *(
            ("path", value)
            for value in ("..", "a/../b", "/a", "a/", "a//b", ".git/config", "a/.GIT/x", "a\\b", "a\nb", "")
        ),
        *(
            ("ref", value)
            for value in ("a..b", "a~1", "a^", "a:b", "a?b", "a*", "a[", "a\\b", "-a", "/a", "a/", "a@{1}")
        ),
        *(("ref", value) for value in ("a.lock", ".a", "a/.b", "@", "a b", "a\x7f", "a.", "a//b", "a\u200b")),
        *(("branch", value) for value in ("HEAD", "refs/heads/x")),
    ],
)
def test_what_git_does_not_allow_is_refused(form: str, value: str) -> None:
    assert not taken(form, value)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        *(
            ("path", value)
            for value in ("devices/zrh01-f02-acc-02.cfg", ".github/workflows/a.yml", "a b/ü.txt", "git/x")
        ),
        *(("path", value) for value in (".gitignore", "a..b", "...a", "%2e%2e", "x?y#z")),
        *(("ref", value) for value in ("main", "feature/storm-control", "v1.0.0", "a" * 40, "refs/heads/main", "HEAD")),
        *(("repository", value) for value in ("nordhaven/network-config", "a/.github", "a/b.c_d-e", "user_corp/x")),
    ],
)
def test_what_people_use_is_taken(form: str, value: str) -> None:
    assert taken(form, value)


PIECES = [
    *".~^:?*[]\\/@{}-#%&;= \n\x00\u200b",
    "..",
    "a",
    "ü",
    "main",
    ".git",
    ".lock",
    "refs",
    "%2f",
    "%2e",
    "evil.test",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
async def test_no_combination_reaches_anything_else(form: str, value: str) -> None:
    await check(form, value)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(FORMS)),
    st.text(max_size=40).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
)
async def test_no_text_reaches_anything_else(form: str, value: str) -> None:
    await check(form, value)


@pytest.mark.parametrize(
    "change", [{}, {"text": "a", "delete": True}, {"delete": False}, {"text": "a\0b"}, {"text": "a", "mode": "120000"}]
)
def test_a_file_is_written_or_deleted(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FileChange.model_validate({"path": "a"} | change)


def test_secrets_do_not_get_into_what_people_read() -> None:
    assert "hunter2" not in TypeAdapter(Prose).validate_python("try\r\nsnmp-server community hunter2 RO")
