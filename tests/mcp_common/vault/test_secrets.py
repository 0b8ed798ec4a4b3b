import asyncio
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from mcp_common.errors import Conflict, InvalidArguments, NotFound, UpstreamUnauthorized
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.waiting import eventually
from mcp_common.timings import current_timings
from mcp_common.vault import Secret, VaultClient

_READ_ONLY = 'path "secret/data/api/router" { capabilities = ["read"] }'


async def test_a_rotated_secret_is_in_use_within_two_seconds(bao: OpenBao, accesses: Any) -> None:
    old = bao.write("api/router", {"password": "old"})
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), on_access=accesses) as vault:
        assert (await vault.get_secret("api/router")).data["password"] == "old"
        new = bao.write("api/router", {"password": "new"})
        secret = await eventually(
            lambda: vault.get_secret("api/router"), lambda secret: secret.version == new, within=2.0
        )
    assert (old + 1, secret.data["password"]) == (new, "new")
    assert accesses[-1] == ("api/router", "rotated", new)


async def test_an_unchanged_secret_stays_the_same_object_through_rereads(bao: OpenBao, accesses: Any) -> None:
    bao.write("api/router", {"password": "same"})
    async with VaultClient.from_settings(
        bao.settings(vault_token=bao.token), on_access=accesses, max_age=0.05
    ) as vault:
        first = await vault.get_secret("api/router")
        await eventually(lambda: vault.get_secret("api/router"), lambda _: accesses.count("read") >= 3)
        assert await vault.get_secret("api/router") is first


async def test_a_hundred_callers_at_once_cost_one_read_a_second(bao: OpenBao, accesses: Any) -> None:
    bao.write("api/router", {"password": "x"})
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), on_access=accesses) as vault:
        asked = await asyncio.gather(*(vault.get_secret("api/router") for _ in range(100)))
        assert len({id(secret) for secret in asked}) == 1
        for _ in range(100):
            await vault.get_secret("api/router")
    assert accesses.count("read") == 1


async def test_one_caller_giving_up_does_not_end_the_read_of_the_others(bao: OpenBao, accesses: Any) -> None:
    bao.write("api/router", {"password": "x"})
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), on_access=accesses) as vault:
        impatient = asyncio.create_task(vault.get_secret("api/router"))
        patient = asyncio.create_task(vault.get_secret("api/router"))
        await asyncio.sleep(0)
        impatient.cancel()
        assert (await patient).data["password"] == "x"
        assert impatient.cancelled()
    assert accesses.count("read") == 1


async def test_a_missing_path_says_how_to_write_it_and_is_found_once_written(bao: OpenBao, accesses: Any) -> None:
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), on_access=accesses) as vault:
        with pytest.raises(NotFound) as missing:
            await vault.get_api_credentials("firewall")
        assert str(missing.value) == (
            "There is no secret at 'api/firewall' (mount 'secret'). "
            "Write it with `vault kv put -mount=secret api/firewall NAME=VALUE ...`."
        )
        await vault.set_secret("api/firewall", {"password": "x"})
        assert (await vault.get_api_credentials("firewall"))["password"] == "x"
        bao.admin.secrets.kv.v2.delete_metadata_and_all_versions("api/firewall")
    assert [one[1] for one in accesses if one[0] == "api/firewall"] == ["not_found", "written", "read"]


async def test_a_deleted_secret_is_no_longer_served(bao: OpenBao) -> None:
    bao.write("api/gone", {"password": "x"})
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), max_age=0.05) as vault:
        await vault.get_secret("api/gone")
        bao.admin.secrets.kv.v2.delete_latest_version_of_secret("api/gone")
        with pytest.raises(NotFound):
            await eventually(lambda: vault.get_secret("api/gone"), lambda _: False)


async def test_a_mount_that_does_not_exist_is_named(bao: OpenBao) -> None:
    settings = bao.settings(vault_token=bao.token).model_copy(update={"vault_mount": "kv"})
    async with VaultClient.from_settings(settings) as vault:
        with pytest.raises(NotFound, match="no KV version 2 engine at 'kv'"):
            await vault.get_secret("api/router")


async def test_a_forbidden_path_names_the_right_to_grant_and_costs_no_new_login(bao: OpenBao, accesses: Any) -> None:
    role = bao.approle("narrow", policy=bao.policy("narrow", _READ_ONLY))
    bao.write("api/router", {"password": "x"})
    async with VaultClient.from_settings(bao.settings(**role), on_access=accesses) as vault:
        with pytest.raises(UpstreamUnauthorized, match=r"Grant its policy `read` on 'secret/data/api/firewall'"):
            await vault.get_secret("api/firewall")
        with pytest.raises(UpstreamUnauthorized, match=r"Grant its policy `update` on 'secret/data/api/router'"):
            await vault.set_secret("api/router", {"password": "y"})
        assert (await vault.get_secret("api/router")).data["password"] == "x"
    assert accesses.count("forbidden") == 2
    assert accesses.count("login") == 1


async def test_a_write_on_top_of_another_version_conflicts_and_changes_nothing(bao: OpenBao, accesses: Any) -> None:
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), on_access=accesses) as vault:
        first = await vault.set_secret("api/cas", {"n": 1})
        assert await vault.set_secret("api/cas", {"n": 2}, cas=first) == first + 1
        with pytest.raises(Conflict, match="at another version than the write expected"):
            await vault.set_secret("api/cas", {"n": 3}, cas=first)
        with pytest.raises(Conflict):
            await vault.set_secret("api/cas", {"n": 3}, cas=0)
        assert dict((await vault.get_secret("api/cas")).data) == {"n": 2}
    assert accesses.count("conflict") == 2


async def test_a_write_of_ones_own_is_read_back_at_once(bao: OpenBao) -> None:
    bao.write("api/router", {"password": "old"})
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token)) as vault:
        await vault.get_secret("api/router")
        overtaken = asyncio.create_task(vault.get_secret("api/router"))
        version = await vault.set_secret("api/router", {"password": "new"})
        await overtaken
        assert await vault.get_secret("api/router") == Secret({"password": "new"}, version)


@pytest.mark.parametrize(
    "path", ["", "/", "api/", "/api", "api//x", "..", "../../sys/seal", "api/../../auth/token/lookup-self", "./x"]
)
async def test_a_path_cannot_leave_its_mount(bao: OpenBao, path: str) -> None:
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token)) as vault:
        with pytest.raises(InvalidArguments, match=re.escape(f"{path!r} is not the path of a secret")):
            await vault.get_secret(path)
        with pytest.raises(InvalidArguments):
            await vault.set_secret(path, {})


@pytest.mark.parametrize("path", ["api/x?version=1", "api/x%2e", "api/x y", "api/x\n", "api/ü"])
async def test_a_path_cannot_carry_a_query_or_an_escape(bao: OpenBao, path: str) -> None:
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token)) as vault:
        with pytest.raises(InvalidArguments):
            await vault.get_secret(path)


async def test_real_reads_are_timed_and_cached_answers_are_not(bao: OpenBao) -> None:
    bao.write("api/router", {"password": "x"})
    timings: dict[str, float] = {}
    current_timings.set(timings)
    async with VaultClient.from_settings(bao.settings(vault_token=bao.token)) as vault:
        await vault.get_secret("api/router")
        after_read = timings["secret"]
        await vault.get_secret("api/router")
    assert timings["secret"] == after_read > 0


async def test_no_value_or_token_appears_in_logs_reprs_errors_or_the_audit(
    bao: OpenBao, accesses: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    value, role = "v3ry-s3cret", bao.approle()
    async with VaultClient.from_settings(bao.settings(**role), on_access=accesses) as vault:
        await vault.set_secret("api/router", {"password": value})
        secret = await vault.get_secret("api/router")
        with pytest.raises(Conflict) as conflict:
            await vault.set_secret("api/router", {"password": value}, cas=99)
        token = vault._session._lease.grant.token  # type: ignore[union-attr]  # the login above made it
        shown = [repr(secret), str(secret), repr(vault), repr(vault._cache), repr(vault._session._lease)]
    error = conflict.value
    shown += [caplog.text, repr(error), str(error.detail), json.dumps(error.as_meta()), json.dumps(accesses)]
    for text in shown:
        assert value not in text
        assert token not in text
        assert role["vault_secret_id"] not in text
    assert repr(secret) == f"Secret(names=['password'], version={secret.version})"


def test_a_secret_cannot_be_changed_by_its_reader() -> None:
    source = {"password": "x"}
    secret = Secret(source, 1)
    source["password"] = "y"
    assert secret.data["password"] == "x"
    with pytest.raises(TypeError):
        secret.data["password"] = "z"  # type: ignore[index]  # the point of the test


async def test_an_audit_trail_that_cannot_be_written_withholds_the_secret(bao: OpenBao, tmp_path: Path) -> None:
    bao.write("api/router", {"password": "x"})

    def full(path: str, outcome: str, version: int | None) -> None:
        if outcome == "read":
            (tmp_path / "no such folder" / "audit").write_text(path)

    async with VaultClient.from_settings(bao.settings(vault_token=bao.token), on_access=full) as vault:
        for _ in range(2):
            with pytest.raises(FileNotFoundError):
                await vault.get_secret("api/router")
