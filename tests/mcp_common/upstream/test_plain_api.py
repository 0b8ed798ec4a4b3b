"""Headers in and out, raw bodies, forms, and refusals that a client knows by sight."""

from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mcp_common.upstream.conftest import Connect, ThingClient, Token

from mcp_common.effects import Effects, current_effects
from mcp_common.errors import InvalidArguments, PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.upstream import Account, Call, Received
from mcp_common.upstreams.requests import form_of, plain_headers
from mcp_common.upstreams.upstream_login import Login

GOOD = httpx2.Response(200, json={"name": "lamp"})


async def test_an_answer_can_come_with_its_headers(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(200, json=["a"], headers={"X-Total-Count": "17"}))
    reply = await client.ask(list[str], "/things", query={"limit": 1})
    assert (reply.value, reply.headers["x-total-count"]) == (["a"], "17")


async def test_headers_of_a_call_go_along_beside_the_login(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    headers = {"entity_type": "mac_address", "accept": "application/vnd.things+json"}
    await client.get(dict[str, str], "/things", headers=headers)
    sent = far_side.calls[0].headers
    assert (sent["entity_type"], sent["x-token"]) == ("mac_address", "t1")
    assert sent.get_list("accept") == ["application/vnd.things+json"]


@pytest.mark.parametrize(
    "name",
    ["Authorization", "X-Auth-Token", "cookie", "X-SN-APIKey", "X-Api-Key", "Private-Token", "auth_token", "API_KEY",
     "X-UserToken", "content_length", "Host", "Content-Length", "Transfer-Encoding", "Bad Name", "", "A\r\nB"],
)  # fmt: skip
async def test_a_header_that_carries_credentials_or_frames_the_message_is_refused(
    name: str, client: Any, far_side: Any
) -> None:
    with pytest.raises(ValueError, match="not a header that a call may set"):
        await client.get(dict[str, str], "/things", headers={name: "x"})
    assert far_side.requests == []


@given(st.text(max_size=30))
def test_no_header_value_whatever_begins_another_line(value: str) -> None:
    try:
        headers = plain_headers({"entity_value": value})
    except InvalidArguments:
        return
    assert headers == (("entity_value", value),)
    assert value.isascii()
    assert value.isprintable()


async def test_raw_content_is_sent_as_it_is(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    await client.send(dict[str, str], "POST", "/files", content=b"\x00\x01", content_type="text/plain")
    assert (far_side.calls[0].content, far_side.calls[0].headers["content-type"]) == (b"\x00\x01", "text/plain")


async def test_content_needs_its_type_and_excludes_a_json_body(client: Any) -> None:
    for wrong in ({"content": b"x"}, {"content": b"x", "content_type": "text/plain", "body": {}}):
        with pytest.raises(ValueError, match="content_type"):
            await client.send(dict[str, str], "POST", "/files", **wrong)


async def test_an_answer_without_a_body_is_none_where_that_was_asked_for(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(204))
    assert await client.send(type(None), "DELETE", "/things", "lamp") is None


async def test_cookies_of_one_call_never_reach_another(client: Any, far_side: Any) -> None:
    far_side.answers(httpx2.Response(200, json={"name": "lamp"}, headers={"Set-Cookie": "JSESSIONID=alice; Path=/"}))
    for _ in range(2):
        await client.thing("lamp")
    assert [call.headers.get("cookie") for call in far_side.calls] == [None, None]


class FormClient(ThingClient):
    """Logs in with a form, and knows two refusals by sight."""

    async def log_in(self, account: Account) -> Login:
        form = {"grant_type": "client_credentials", "client_secret": str(account.secret["password"])}
        token = await self.exchange_login(account, Token, "/login", form=form)
        return Login({"X-Token": token.token})

    def recognise(self, call: Call, received: Received) -> PlatformError | None:
        if b"Hibernating" in received.body:
            return Unavailable("The Thing Store sleeps.", retry_after=60.0)
        return InvalidArguments("A rule of the Thing Store forbids it.") if b"rule 9" in received.body else None


async def test_a_login_can_be_a_form(connect: Connect, far_side: Any, secret: Any) -> None:
    secret["password"] = "a&b=ü +"
    far_side.answers(GOOD)
    assert (await connect(kind=FormClient).thing("lamp")).name == "lamp"
    login = far_side.logins[0]
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(login.content.decode())["client_secret"] == ["a&b=ü +"]


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))))
def test_a_form_reads_back_as_it_was(form: dict[str, str]) -> None:
    read = parse_qs(form_of(form).decode(), keep_blank_values=True, strict_parsing=bool(form))
    assert read == {name: [value] for name, value in form.items()}


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "unauthorized_client", "access_denied"])
async def test_an_oauth_refusal_is_one_of_the_account_and_is_not_repeated(
    error: str, connect: Connect, far_side: Any
) -> None:
    client = connect(kind=FormClient)
    far_side.login_answer = httpx2.Response(400, json={"error": error, "error_description": "no"})
    for _ in range(2):
        with pytest.raises(UpstreamUnauthorized):
            await client.thing("lamp")
    assert len(far_side.logins) == 1


@pytest.mark.parametrize("write", [False, True])
async def test_a_known_refusal_is_told_in_our_words_also_in_an_answer_of_2xx(
    write: bool, connect: Connect, far_side: Any
) -> None:
    client = connect(kind=FormClient)
    far_side.answers(httpx2.Response(200, html="<h1>Instance Hibernating</h1>"), httpx2.Response(403, text="rule 9"))
    token = current_effects.set(effects := Effects())
    for error, sentence in ((Unavailable, "sleeps"), (InvalidArguments, "forbids")):
        with pytest.raises(error, match=sentence):
            await (client.create("lamp") if write else client.thing("lamp"))
    current_effects.reset(token)
    assert effects.changed is False


async def test_a_known_refusal_of_a_login_is_never_taken_for_one_of_the_call(connect: Connect, far_side: Any) -> None:
    client = connect(kind=FormClient)
    far_side.login_answer = httpx2.Response(200, html="<h1>Instance Hibernating</h1>")
    with pytest.raises(Unavailable, match="sleeps"):
        await client.create("lamp")
    far_side.login_answer = httpx2.Response(403, text="rule 9")
    with pytest.raises(Unavailable, match="does not complete the login"):
        await client.create("lamp")
    assert far_side.calls == []
