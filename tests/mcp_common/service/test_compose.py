"""The parts a process opens from its settings: which are asked for readiness, and how wrong ones are refused."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from mcp_common import compose
from mcp_common.calls.idempotency import InProcessIdempotency
from mcp_common.calls.idempotency_redis import RedisIdempotency
from mcp_common.compose import open_platform
from mcp_common.identity.oidc_config import ConfigurationError
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.redis_pool import StoreNotConfigured
from mcp_common.runtime import Platform
from mcp_common.settings import Settings
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.plugin import policy_files
from mcp_common.testing.valkey import Valkey
from mcp_common.upstreams.kept_answers import InProcessAnswers
from mcp_common.upstreams.shared_answers import SharedAnswers
from mcp_common.vault import VaultClient

Open = Callable[..., AbstractAsyncContextManager[Platform]]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
async def opened(vault: VaultClient, openbao: OpenBao, issuer: SigningIssuer, tmp_path: Path) -> Open:
    """Opens a platform on the real secret store, with further settings."""
    config = issuer.config().model_dump(mode="json", exclude_none=True, exclude={"client_secret"})
    await vault.set_secret("oidc/config", config)
    given = {"audit_file": tmp_path / "audit.jsonl", "policy_dir": policy_files()}

    @asynccontextmanager
    async def open_with(**settings: Any) -> AsyncIterator[Platform]:
        parts = openbao.settings(vault_token=openbao.token).model_dump(exclude_none=True)
        async with open_platform(Settings.model_validate({**parts, **given, **settings}), "test") as platform:
            yield platform

    return open_with


async def test_a_shared_store_is_asked_for_readiness_where_writes_are_on(opened: Open) -> None:
    with Valkey() as valkey:
        async with opened(redis_url=valkey.url, allow_writes=True) as platform:
            assert isinstance(platform.idempotency, RedisIdempotency)
            _, states = await platform.health.ready()
            assert states["idempotency"] == {"ok": True, "reason": ""}
        async with opened(redis_url=valkey.url, allow_writes=True) as platform:
            valkey.kill()
            ready, states = await platform.health.ready()
            assert not ready
            assert "does not answer" in states["idempotency"]["reason"]
            assert valkey.password not in str(states)


async def test_a_service_that_only_reads_does_not_depend_on_the_store(opened: Open) -> None:
    async with opened(redis_url="redis://127.0.0.1:1") as platform:
        _, states = await platform.health.ready()
    assert "idempotency" not in states


async def test_answers_are_kept_where_the_store_is_and_nothing_depends_on_it(opened: Open) -> None:
    async with opened() as platform:
        assert isinstance(platform.answers, InProcessAnswers)
    async with opened(redis_url="redis://127.0.0.1:1") as platform:
        assert isinstance(platform.answers, SharedAnswers)
        assert "answers" not in (await platform.health.ready())[1]


async def test_without_a_shared_store_one_process_keeps_its_own(opened: Open) -> None:
    async with opened(allow_writes=True) as platform:
        assert isinstance(platform.idempotency, InProcessIdempotency)


async def test_an_address_that_cannot_be_used_stops_the_start_and_is_not_repeated(
    opened: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(StoreNotConfigured) as refused:
        async with opened(redis_url="redis://:hunter2/x@127.0.0.1:6379", allow_writes=True):
            pass
    assert "hunter2" not in f"{refused.value!r} {capsys.readouterr()}"


@pytest.mark.parametrize("keys", ["zz", "abcd", f"{'ab' * 32},", f"{'ab' * 32},abcd"])
async def test_keys_that_seal_nothing_stop_the_start_and_are_not_repeated(
    opened: Open, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("REQUEST_STATE_KEYS", keys)
    if keys.endswith(","):
        async with opened() as platform:
            assert platform.request_state_keys == (b"\xab" * 32,)
        return
    with pytest.raises(ConfigurationError, match="REQUEST_STATE_KEYS") as refused:
        async with opened():
            pass
    assert "abcd" not in str(refused.value)


async def test_a_provider_without_tls_is_not_taken_into_use_later_either(
    vault: VaultClient, issuer: SigningIssuer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(compose, "RELOAD_SECONDS", 0.01)
    trusted = issuer.config()
    weaker = trusted.model_copy(update={"jwks_uri": "http://idp.example/jwks"})
    await vault.set_secret("oidc/config", weaker.model_dump(mode="json", exclude_none=True, exclude={"client_secret"}))
    parts = {"vault_addr": "https://v", "opa_addr": "http://o", "audit_file": "a", "public_url": "https://p"}
    settings = Settings.model_validate({"environment": "production", **parts})
    async with httpx2.AsyncClient(transport=issuer.transport) as http:
        identity = OidcVerifier(trusted, http=http)
        following = asyncio.create_task(compose._follow(settings, vault, identity, trusted))
        while "oidc/config cannot be used" not in caplog.text:
            await asyncio.sleep(0.01)
        following.cancel()
        assert identity.config == trusted


def test_production_demands_tls_to_the_store_and_does_not_repeat_the_address() -> None:
    with pytest.raises(ValidationError, match="REDIS_URL is not rediss") as refused:
        Settings.model_validate({"environment": "production", "redis_url": "redis://:hunter2@redis:6379"})
    assert "hunter2" not in str(refused.value)
