import asyncio
import time
from typing import Any

import pytest

from mcp_common.errors import UpstreamUnauthorized
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.waiting import eventually
from mcp_common.vault import VaultClient


@pytest.fixture(autouse=True)
def device(bao: OpenBao) -> None:
    bao.write("api/router", {"password": "x"})


def accessors(bao: OpenBao, role: str) -> list[str]:
    """Find the living tokens of an AppRole."""
    known = {
        key: bao.admin.auth.token.lookup_accessor(key)["data"]
        for key in bao.admin.auth.token.list_accessors()["data"]["keys"]
    }
    return [key for key, token in known.items() if (token["meta"] or {}).get("role_name") == role]


def revoke(bao: OpenBao, role: str) -> None:
    for accessor in accessors(bao, role):
        bao.admin.auth.token.revoke_accessor(accessor)


async def test_a_lease_is_renewed_at_two_thirds_with_one_token(bao: OpenBao, accesses: Any) -> None:
    began = time.monotonic()
    async with VaultClient.from_settings(bao.settings(**bao.approle("short", ttl="2s")), on_access=accesses) as vault:
        await accesses.seen("renewed")
        assert time.monotonic() - began >= 1.2  # two thirds, less a tenth by chance
        await accesses.seen("renewed", 2)
        assert time.monotonic() - began > 2.0  # past the first lease
        assert (await vault.get_secret("api/router")).data["password"] == "x"
        assert len(accessors(bao, "short")) == 1
    assert accesses.count("login") == 1
    assert accessors(bao, "short") == []


async def test_at_the_max_ttl_a_new_login_takes_over_without_a_gap(bao: OpenBao, accesses: Any) -> None:
    role = bao.approle("ending", ttl="1s", max_ttl="2s")
    async with VaultClient.from_settings(bao.settings(**role), on_access=accesses, max_age=0.02) as vault:
        await eventually(lambda: vault.get_secret("api/router"), lambda _: accesses.count("login") == 2)
        await vault.ready()
    outcomes = [one[1] for one in accesses if one[0] == "auth/approle"]
    assert outcomes[0] == "login"
    assert outcomes[-2:] == ["login", "revoked"]
    assert set(outcomes[1:-2]) == {"renewed"}
    assert accesses.count("forbidden") == 0


async def test_a_token_that_cannot_be_renewed_is_replaced_before_it_ends(bao: OpenBao, accesses: Any) -> None:
    role = bao.approle("batch", ttl="1s", max_ttl="1s")
    bao.admin.auth.approle.create_or_update_approle("batch", token_type="batch", token_policies=["reader"])
    async with VaultClient.from_settings(bao.settings(**role), on_access=accesses) as vault:
        await accesses.seen("login", 2)
        assert (await vault.get_secret("api/router")).data["password"] == "x"
    assert accesses.count("renewed") == 0


async def test_a_revoked_token_is_replaced_by_one_login_and_the_reads_repeated(bao: OpenBao, accesses: Any) -> None:
    bao.write("api/switch", {"password": "y"})
    async with VaultClient.from_settings(
        bao.settings(**bao.approle("revoked")), on_access=accesses, max_age=0.0
    ) as vault:
        await vault.get_secret("api/router")
        revoke(bao, "revoked")
        both = await asyncio.gather(vault.get_secret("api/router"), vault.get_secret("api/switch"))
        assert [secret.data["password"] for secret in both] == ["x", "y"]
        await vault.ready()
    assert [one[1] for one in accesses] == ["login", "read", "login", "read", "read", "revoked"]


async def test_a_token_whose_renewal_is_refused_is_replaced_though_nobody_reads(bao: OpenBao, accesses: Any) -> None:
    async with VaultClient.from_settings(bao.settings(**bao.approle("lost", ttl="1s")), on_access=accesses):
        revoke(bao, "lost")
        await accesses.seen("login", 2)
    assert accesses.count("renewed") == 0


async def test_a_revoked_operator_token_ends_service_at_once(bao: OpenBao, accesses: Any) -> None:
    token = bao.issue_token(ttl="1h")
    async with VaultClient.from_settings(bao.settings(vault_token=token), on_access=accesses, max_age=0.0) as vault:
        await vault.get_secret("api/router")
        bao.admin.auth.token.revoke(token)
        with pytest.raises(UpstreamUnauthorized, match="VAULT_TOKEN has expired, was revoked"):
            await vault.get_secret("api/router")
        with pytest.raises(UpstreamUnauthorized, match="set a new one"):
            await vault.ready()


async def test_a_role_that_may_not_look_its_token_up_still_reads_and_does_not_pile_up_tokens(
    bao: OpenBao, accesses: Any
) -> None:
    role = bao.approle("bare")
    bao.admin.auth.approle.create_or_update_approle("bare", token_policies=["reader"], token_no_default_policy=True)
    async with VaultClient.from_settings(bao.settings(**role), on_access=accesses, max_age=0.0) as vault:
        assert (await vault.get_secret("api/router")).data["password"] == "x"
        for _ in range(5):
            with pytest.raises(UpstreamUnauthorized, match="Grant its policy `read`"):
                await vault.get_secret("other/router")
        with pytest.raises(UpstreamUnauthorized, match="Keep the `default` policy"):
            await vault.ready()
    assert accesses.count("login") == 2


async def test_an_operator_token_with_a_lease_is_renewed(bao: OpenBao, accesses: Any) -> None:
    settings = bao.settings(vault_token=bao.issue_token(ttl="2s"))
    async with VaultClient.from_settings(settings, on_access=accesses) as vault:
        await accesses.seen("renewed")
        assert (await vault.get_secret("api/router")).data["password"] == "x"


async def test_without_a_background_task_an_ended_lease_is_replaced_by_the_read(bao: OpenBao, accesses: Any) -> None:
    vault = VaultClient.from_settings(bao.settings(**bao.approle("lazy", ttl="1s")), on_access=accesses, max_age=0.02)
    try:
        await eventually(lambda: vault.get_secret("api/router"), lambda _: accesses.count("login") == 2)
    finally:
        await vault.aclose()
    assert accesses.count("forbidden") == 0
