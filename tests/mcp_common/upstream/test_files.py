"""Files: any type, bounded in size, named harmlessly; redirects to storage carry none of our credentials."""

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_common.errors import NotFound, UpstreamFailed
from mcp_common.upstreams.address import Address
from mcp_common.upstreams.answer_forms import FileAnswer, Redirected, TooLarge
from mcp_common.upstreams.files import filename_of, storage_behind

SIGNED = "https://storage.test/logs/7?sig=abc&se=1"
HERE = Address("https://things.test")


async def test_a_file_comes_as_bytes_with_its_type_and_name(client: Any, far_side: Any) -> None:
    headers = {"Content-Type": "Text/Plain; charset=utf-8", "Content-Disposition": 'attachment; filename="run 1.log"'}
    far_side.answers(httpx2.Response(200, content=b"\x00\xff", headers=headers))
    assert await client.read_file("/files", "7") == FileAnswer("text/plain", "run 1.log", b"\x00\xff")
    assert far_side.calls[0].headers["Accept"] == "*/*"
    assert far_side.calls[0].headers["X-Token"] == "t1"


async def test_a_file_has_a_bound_of_its_own(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(200, content=b"x" * 1025))
    assert len((await client.read_file("/files", "7", largest=1025)).body) == 1025
    with pytest.raises(TooLarge, match="more than 1 KiB") as raised:
        await client.read_file("/files", "7", largest=1024)
    assert raised.value.as_meta()["retryable"] is False


async def test_a_file_that_is_given_out_to_a_post_is_asked_for_again_like_any_other(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(503), httpx2.Response(200, content=b"x"))
    assert (await client.read_file("/files", "7", "masked", method="POST")).body == b"x"
    assert [call.method for call in far_side.calls] == ["POST", "POST"]


async def test_a_file_that_is_not_there_is_told_as_the_caller_words_it(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(404))
    with pytest.raises(NotFound, match=r"No such log\."):
        await client.read_file("/files", "7", missing="No such log.")


async def test_a_redirect_is_told_and_not_followed(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(302, headers={"Location": SIGNED}))
    with pytest.raises(Redirected) as raised:
        await client.read_file("/files", "7")
    assert (raised.value.location, raised.value.redirect_status) == (SIGNED, 302)
    assert "sig=" not in f"{raised.value.message} {raised.value.detail} {raised.value.as_meta()}"
    assert len(far_side.calls) == 1


async def test_storage_gets_none_of_our_credentials(client: Any, far_side: Any) -> None:
    moved = httpx2.Response(302, headers={"Location": SIGNED, "Set-Cookie": "JSESSIONID=1; Path=/"})
    far_side.answers(moved, httpx2.Response(200, text="log"))
    assert (await client.read_file("/files", "7", follow_to_storage=True)).body == b"log"
    fetched = far_side.calls[1]
    assert str(fetched.url) == SIGNED
    assert set(fetched.headers) == {"host", "accept", "accept-encoding", "connection", "user-agent"}


async def test_one_redirect_is_followed_and_no_second(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(302, headers={"Location": SIGNED}))
    with pytest.raises(UpstreamFailed, match="does not hand it out"):
        await client.read_file("/files", "7", follow_to_storage=True)
    assert len(far_side.calls) == 2


async def test_what_storage_sends_is_bounded_too(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(302, headers={"Location": SIGNED}), httpx2.Response(200, content=b"x" * 2000))
    with pytest.raises(TooLarge):
        await client.read_file("/files", "7", follow_to_storage=True, largest=1000)


@pytest.mark.parametrize(
    ("status", "error"), [(403, UpstreamFailed), (404, NotFound), (500, UpstreamFailed), (401, UpstreamFailed)]
)
async def test_a_refusal_of_the_storage_is_not_taken_for_one_of_the_upstream(
    status: int, error: Any, client: Any, far_side: Any
) -> None:
    far_side.answers(httpx2.Response(302, headers={"Location": SIGNED}), httpx2.Response(status))
    with pytest.raises(error) as raised:
        await client.read_file("/files", "7", follow_to_storage=True)
    assert type(raised.value) is error
    assert len(far_side.logins) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://storage.test/x",
        "https://127.0.0.1:8200/v1/secret",
        "https://localhost/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:pw@storage.test/",
        "https://",
        "//",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
async def test_a_redirect_that_leads_astray_is_not_followed(location: str, client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(302, headers={"Location": location}))
    with pytest.raises(Redirected):
        await client.read_file("/files", "7", follow_to_storage=True)
    assert len(far_side.calls) == 1


def test_an_upstream_on_this_machine_may_lead_to_this_machine() -> None:
    here = Address("http://127.0.0.1:9103")
    assert str(storage_behind("http://127.0.0.1:9103/blob/1", here)) == "http://127.0.0.1:9103/blob/1"
    assert str(storage_behind("/blob/1", here)) == "http://127.0.0.1:9103/blob/1"


@given(st.text(max_size=60))
def test_no_location_whatever_leads_to_plain_http_or_to_this_machine(location: str) -> None:
    url = storage_behind(location, HERE)
    assert url is None or (url.scheme == "https" and url.host not in {"localhost", "127.0.0.1", ""})


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="C:\\temp\\a.txt"', "a.txt"),
        ("attachment; filename*=UTF-8''na%C3%AFve%20file.txt", "naïve file.txt"),
        ("attachment; filename*=nonsense''a%20b", "a b"),
        ('attachment; filename=".."', None),
        ('attachment; filename="a\u202egpj.exe"', "agpj.exe"),
        ("inline", None),
        ("", None),
        (None, None),
    ],
)
def test_a_filename_is_one_visible_name(disposition: str | None, name: str | None) -> None:
    assert filename_of(disposition) == name


@given(st.one_of(st.text(max_size=120), st.text(max_size=60).map(lambda text: f'attachment; filename="{text}"')))
def test_no_disposition_whatever_names_a_path_or_hides_anything(disposition: str) -> None:
    name = filename_of(disposition)
    assert name is None or (0 < len(name) <= 255 and not set(name) & {"/", "\\", "\n"} and name.strip(". "))
