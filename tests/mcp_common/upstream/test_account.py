"""Logins and rotated secrets: one login for all, a new one where needed, no restart."""

from typing import Any

import anyio
import httpx2
import pytest

from mcp_common.errors import Unavailable, UpstreamUnauthorized

GOOD = httpx2.Response(200, json={"name": "lamp"})


def only(token: str) -> Any:
    """Take one token and refuse every other."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        return GOOD if request.headers["X-Token"] == token else httpx2.Response(401)

    return answer


async def test_many_calls_share_one_login(client: Any, far_side: Any) -> None:
    far_side.answers(GOOD)
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(client.thing, "lamp")
    assert len(far_side.logins) == 1
    assert len(far_side.calls) == 3


async def test_an_expired_login_is_renewed_and_the_read_repeated(client: Any, far_side: Any) -> None:
    far_side.answers(only("t2"))
    assert (await client.thing("lamp")).name == "lamp"
    assert (len(far_side.logins), len(far_side.calls)) == (2, 2)


async def test_a_write_is_repeated_once_after_a_401_which_proves_that_nothing_was_done(
    client: Any, far_side: Any
) -> None:
    far_side.answers(only("t2"))
    assert (await client.create("lamp")).name == "lamp"
    assert (len(far_side.logins), len(far_side.calls)) == (2, 2)


async def test_calls_that_meet_the_same_expiry_log_in_once_between_them(client: Any, far_side: Any) -> None:
    far_side.answers(only("t2"))
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(client.thing, "lamp")
    assert len(far_side.logins) == 2


async def test_a_login_is_renewed_before_it_expires(client: Any, far_side: Any, clock: Any) -> None:
    far_side.answers(GOOD)
    await client.thing("lamp")
    clock.time += 2_999
    await client.thing("lamp")
    assert len(far_side.logins) == 1
    clock.time += 2
    await client.thing("lamp")
    assert len(far_side.logins) == 2


async def test_a_refused_account_is_not_tried_again_at_once_lest_it_be_locked(
    client: Any, far_side: Any, clock: Any
) -> None:
    far_side.login_answer = httpx2.Response(401)
    for _ in range(3):
        with pytest.raises(UpstreamUnauthorized, match="operator must check its credentials"):
            await client.thing("lamp")
    assert len(far_side.logins) == 1
    clock.time += 31
    with pytest.raises(UpstreamUnauthorized):
        await client.thing("lamp")
    assert (len(far_side.logins), len(far_side.calls)) == (2, 0)


async def test_a_login_that_is_not_there_points_to_the_address(client: Any, far_side: Any) -> None:
    far_side.login_answer = httpx2.Response(404)
    with pytest.raises(Unavailable, match="takes no logins at base_url"):
        await client.thing("lamp")


async def test_a_write_whose_login_failed_was_never_sent(client: Any, far_side: Any) -> None:
    far_side.login_answer = httpx2.Response(503)
    with pytest.raises(Unavailable):
        await client.create("lamp")
    assert far_side.calls == []


async def test_a_rotated_password_is_in_use_at_the_next_call(client: Any, far_side: Any, secret: Any) -> None:
    far_side.answers(GOOD)
    await client.thing("lamp")
    secret.update(password="two", version=2)
    await client.thing("lamp")
    assert [login.headers["Authorization"] for login in far_side.logins] == ["Basic one", "Basic two"]


async def test_a_new_password_ends_the_wait_after_a_refusal(client: Any, far_side: Any, secret: Any) -> None:
    far_side.answers(GOOD)
    far_side.login_answer = httpx2.Response(401)
    with pytest.raises(UpstreamUnauthorized):
        await client.thing("lamp")
    far_side.login_answer = None
    secret.update(password="two", version=2)
    assert (await client.thing("lamp")).name == "lamp"


async def test_a_password_the_upstream_does_not_take_yet_leaves_the_session_there_is_in_use(
    client: Any, far_side: Any, secret: Any, clock: Any
) -> None:
    far_side.answers(only("t1"))
    await client.thing("lamp")
    far_side.login_answer = httpx2.Response(401)
    secret.update(password="two", version=2)
    for _ in range(3):
        assert (await client.thing("lamp")).name == "lamp"
    assert len(far_side.logins) == 2, "the refused password is not tried with every call"
    far_side.login_answer = None
    far_side.answers(only("t3"))
    clock.time += 31
    assert (await client.thing("lamp")).name == "lamp"
    assert len(far_side.logins) == 3


async def test_where_the_old_session_has_ended_too_the_refusal_is_told(client: Any, far_side: Any, secret: Any) -> None:
    far_side.answers(only("t1"), httpx2.Response(401))
    await client.thing("lamp")
    far_side.login_answer = httpx2.Response(401)
    secret.update(password="two", version=2)
    for _ in range(2):
        with pytest.raises(UpstreamUnauthorized, match="operator must check its credentials"):
            await client.thing("lamp")
    assert len(far_side.logins) == 2


@pytest.mark.parametrize("member", ["username", "client_id", "installation_id"])
async def test_another_account_that_is_refused_is_not_replaced_by_the_one_before(
    member: str, client: Any, far_side: Any, secret: Any
) -> None:
    far_side.answers(GOOD)
    await client.thing("lamp")
    far_side.login_answer = httpx2.Response(401)
    secret.update({member: "somebody-else"}, password="two", version=2)
    with pytest.raises(UpstreamUnauthorized):
        await client.thing("lamp")


async def test_a_new_address_is_in_use_while_calls_to_the_old_one_end(connect: Any, secret: Any) -> None:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            return httpx2.Response(200, json={"token": "t"})
        hosts.append(request.url.host)
        if request.url.host == "things.test":
            await release.wait()
        return GOOD

    hosts: list[str] = []
    release = anyio.Event()
    client = connect(transport=httpx2.MockTransport(answer))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(client.thing, "lamp")
        await anyio.wait_all_tasks_blocked()
        secret.update(base_url="http://new.test", version=2)
        assert (await client.thing("lamp")).name == "lamp"
        release.set()
    assert hosts == ["things.test", "new.test"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": ""}, "lacks username"),
        ({"base_url": "http://things.test", "insecure_http": False}, "must be https"),
        ({"base_url": "ftp://things.test"}, "must be like https"),
        ({"base_url": "https://user:pw@things.test"}, "must be like https"),
        ({"base_url": 5}, "must be like https"),
        ({"base_url": "https://things.test", "ca_bundle": "/nowhere.pem"}, "ca_bundle is neither"),
        ({"base_url": "https://t.test", "ca_bundle": "-----BEGIN CERTIFICATE-----\nnonsense"}, "ca_bundle is neither"),
    ],
)
async def test_a_secret_that_cannot_be_used_is_named(change: Any, sentence: str, client: Any, secret: Any) -> None:
    secret.update(change)
    with pytest.raises(Unavailable, match=sentence) as raised:
        await client.thing("lamp")
    assert "one" not in raised.value.message.split()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9101", "http://localhost", "http://[::1]:1"])
async def test_plain_http_is_let_pass_to_this_machine_only(
    address: str, client: Any, far_side: Any, secret: Any
) -> None:
    secret.update(base_url=address, insecure_http=False)
    far_side.answers(GOOD)
    assert (await client.thing("lamp")).name == "lamp"


async def test_readiness_says_what_is_missing(client: Any, far_side: Any) -> None:
    far_side.login_answer = httpx2.ConnectError("refused")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await client.ready()
