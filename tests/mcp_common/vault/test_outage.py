"""Sealed and unreachable stores, with real leases of a few seconds."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from mcp_common.errors import Unavailable
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.waiting import eventually
from mcp_common.vault import Secret, VaultClient, get_vault_client_with_retry


async def answer(vault: VaultClient) -> Secret | Unavailable:
    """What a caller gets: the secret, or the error that says why not."""
    try:
        return await vault.get_secret("api/router")
    except Unavailable as error:
        return error


async def asked(vault: VaultClient, true: Callable[[], bool]) -> None:
    """Go on asking until something is so, as a busy service does."""
    await eventually(lambda: answer(vault), lambda _: true())


def refused(got: Secret | Unavailable) -> bool:
    return isinstance(got, Unavailable)


def served(got: Secret | Unavailable) -> bool:
    return isinstance(got, Secret)


async def test_a_sealed_store_is_bridged_to_the_end_of_the_lease_and_no_further(
    fragile: OpenBao, accesses: Any
) -> None:
    fragile.write("api/router", {"password": "x"})
    async with VaultClient.from_settings(
        fragile.settings(**fragile.approle(ttl="2s")), on_access=accesses, max_age=0.1
    ) as vault:
        version = (await vault.get_secret("api/router")).version
        ends = vault._session._lease.ends  # type: ignore[union-attr]  # the login above made it
        fragile.seal()
        await asked(vault, lambda: accesses.count("sealed") > 0)
        assert ("api/router", "sealed", version) in accesses
        assert served(await answer(vault))
        got = await eventually(lambda: answer(vault), refused)
        assert time.monotonic() >= ends
        assert str(got) == "The secret store is sealed. An operator must unseal it (`vault operator unseal`)."
        assert isinstance(got, Unavailable)
        assert got.extra == {"reason": "sealed"}
        await asked(vault, lambda: accesses[-1] == ("api/router", "sealed", None))

        fragile.unseal()
        got = await eventually(lambda: answer(vault), served)
        assert isinstance(got, Secret)
        assert got.version == version
        await vault.ready()
    assert accesses.count("login") == 2


async def test_an_unreachable_store_is_bridged_and_its_return_noticed(fragile: OpenBao, accesses: Any) -> None:
    fragile.write("api/router", {"password": "old"})
    async with VaultClient.from_settings(
        fragile.settings(**fragile.approle(ttl="1h")), on_access=accesses, max_age=0.1
    ) as vault:
        await vault.get_secret("api/router")
        fragile.stop()
        await asked(vault, lambda: accesses.count("unreachable") >= 2)
        assert served(await answer(vault))
        fragile.start()
        new = fragile.write("api/router", {"password": "new"})
        await eventually(lambda: answer(vault), lambda got: isinstance(got, Secret) and got.version == new, within=2.0)
    assert accesses.count("login") == 1


async def test_a_token_without_end_bridges_an_outage_for_a_bounded_time(fragile: OpenBao, accesses: Any) -> None:
    fragile.write("api/router", {"password": "x"})
    settings = fragile.settings(vault_token=fragile.token)
    async with VaultClient.from_settings(settings, on_access=accesses, max_age=0.05, outage=0.5) as vault:
        read = time.monotonic()
        version = (await vault.get_secret("api/router")).version
        fragile.stop()
        await asked(vault, lambda: accesses.count("unreachable") > 0)
        assert accesses[-1] == ("api/router", "unreachable", version)
        got = await eventually(lambda: answer(vault), refused)
        assert time.monotonic() >= read + 0.5
        assert str(got) == "The secret store cannot be reached. Check that it runs and that VAULT_ADDR is right."


async def test_readiness_names_what_is_wrong_and_recovers(fragile: OpenBao) -> None:
    async with VaultClient.from_settings(fragile.settings(**fragile.approle())) as vault:
        await vault.ready()
        fragile.seal()
        with pytest.raises(Unavailable, match="is sealed"):
            await vault.ready()
        fragile.stop()
        with pytest.raises(Unavailable, match="cannot be reached"):
            await vault.ready()
        fragile.start()
        await vault.ready()


async def test_nothing_is_written_to_a_sealed_store_and_the_caller_knows_it(fragile: OpenBao, accesses: Any) -> None:
    version = fragile.write("api/router", {"password": "x"})
    async with VaultClient.from_settings(fragile.settings(**fragile.approle()), on_access=accesses) as vault:
        fragile.seal()
        with pytest.raises(Unavailable, match="is sealed"):
            await vault.set_secret("api/router", {"password": "y"})
        fragile.stop()
        with pytest.raises(Unavailable, match="cannot be reached"):
            await vault.set_secret("api/router", {"password": "y"})
        fragile.start()
        assert (await vault.get_secret("api/router")).version == version
    assert [one[1] for one in accesses if one[0] == "api/router"] == ["sealed", "unreachable", "read"]


async def test_a_service_started_first_waits_for_its_store(fragile: OpenBao) -> None:
    fragile.write("api/router", {"password": "x"})
    settings = fragile.settings(**fragile.approle())
    fragile.stop()
    starting = asyncio.create_task(get_vault_client_with_retry(settings))
    await asyncio.to_thread(fragile.start)
    vault = await starting
    try:
        assert (await vault.get_secret("api/router")).data["password"] == "x"
    finally:
        await vault.aclose()


async def test_closing_during_an_outage_neither_hangs_nor_raises(fragile: OpenBao) -> None:
    vault = VaultClient.from_settings(fragile.settings(**fragile.approle()))
    await vault.start()
    fragile.stop()
    async with asyncio.timeout(5):
        await vault.aclose()
        await vault.aclose()
    with pytest.raises(Unavailable, match="shutting down"):
        await vault.get_secret("api/router")
