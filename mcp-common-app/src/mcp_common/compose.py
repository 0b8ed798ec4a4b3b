"""The composition root: from settings to the parts a process runs on. The only place that chooses between stand-ins."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from mcp_common.audit import AuditTrail
from mcp_common.calls.idempotency import IdempotencyStore, InProcessIdempotency
from mcp_common.calls.idempotency_redis import RedisIdempotency
from mcp_common.errors import PlatformError
from mcp_common.health import Health
from mcp_common.identity.oidc_config import ConfigurationError, OidcConfig, get_oidc_config_from_vault
from mcp_common.logger import configure_logging, get_logger
from mcp_common.metrics import Metrics
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.policy import PolicyGate, engine_from_settings
from mcp_common.runtime import Platform
from mcp_common.settings import Settings, listed
from mcp_common.telemetry import configure_tracing
from mcp_common.upstreams.kept_answers import AnswerStore, InProcessAnswers
from mcp_common.upstreams.shared_answers import SharedAnswers
from mcp_common.vault import VaultClient, get_vault_client_with_retry

RELOAD_SECONDS = 30.0
_STATE_KEY_BYTES = 32

logger = get_logger(__name__)


@asynccontextmanager
async def open_platform(settings: Settings, service: str, resource_urls: Sequence[str] = ()) -> AsyncIterator[Platform]:
    """Open every part the settings name, and close them in reverse order.

    `resource_urls` are further token audiences: the URL under which this service is a protected resource.

    Raises:
        PlatformError: naming the part that is missing and what to do.
    """
    configure_logging(settings, service)
    configure_tracing(settings, service)
    metrics, health = Metrics(), Health()
    async with contextlib.AsyncExitStack() as stack:
        audit = AuditTrail(settings.audit_file or Path(".run") / "audit" / f"{service}.jsonl", service=service)
        stack.callback(audit.close)

        def secret_read(path: str, outcome: str, version: int | None) -> None:
            metrics.secret_read(path, outcome)
            audit.event("secret_read", outcome, path=path, version=version)
            audit.check()  # a secret whose reading cannot be written down is withheld

        vault = await get_vault_client_with_retry(settings, on_access=secret_read)
        stack.push_async_callback(vault.aclose)
        config = await get_oidc_config_from_vault(vault)
        _refuse_plaintext(settings, config)
        http = await stack.enter_async_context(httpx2.AsyncClient(timeout=5.0, trust_env=False))
        identity = OidcVerifier(config, http=http, resource_urls=resource_urls)
        stack.push_async_callback(identity.aclose)
        policy = PolicyGate(engine_from_settings(settings))
        stack.push_async_callback(policy.aclose)
        health.add("identity", identity.ready)
        health.add("policy", policy.ready)
        health.add("secrets", vault.ready)
        health.add("audit", audit.ready)
        reload = asyncio.create_task(_follow(settings, vault, identity, config), name="oidc-config-reload")
        stack.push_async_callback(_cancelled, reload)
        yield Platform(
            identity=identity,
            policy=policy,
            secrets=vault,
            audit=audit,
            settings=settings,
            issuer=config.issuer,
            scopes_supported=config.scopes_supported,
            metrics=metrics,
            health=health,
            idempotency=_idempotency(settings, health, stack),
            answers=_answers(settings, service, stack),
            request_state_keys=_request_state_keys(),
        )


def _refuse_plaintext(settings: Settings, config: OidcConfig) -> None:
    if settings.environment == "production" and (plain := config.plaintext_endpoints()):
        raise ConfigurationError(
            f"oidc/config names endpoints without TLS: {', '.join(plain)}. "
            "With ENVIRONMENT=production every endpoint of the provider must be https."
        )


def _idempotency(settings: Settings, health: Health, stack: contextlib.AsyncExitStack) -> IdempotencyStore:
    if settings.redis_url is None:
        return InProcessIdempotency()
    store = RedisIdempotency(settings.redis_url.get_secret_value())
    stack.push_async_callback(store.aclose)
    if settings.allow_writes:
        health.add("idempotency", store.ready)
    return store


def _answers(settings: Settings, service: str, stack: contextlib.AsyncExitStack) -> AnswerStore:
    if settings.redis_url is None:
        return InProcessAnswers()
    store = SharedAnswers(settings.redis_url.get_secret_value(), prefix=f"mcp:answers:{service}:")
    stack.push_async_callback(store.aclose)
    return store


def _request_state_keys() -> tuple[bytes, ...]:
    """Keys shared by replicas (hex, comma-separated); unset: one of this process's own, enough for one replica."""
    try:
        keys = tuple(bytes.fromhex(part) for part in listed(os.environ.get("REQUEST_STATE_KEYS", "")))
    except ValueError:
        keys = (b"",)
    if any(len(key) < _STATE_KEY_BYTES for key in keys):
        raise ConfigurationError(
            f"REQUEST_STATE_KEYS must be keys of {_STATE_KEY_BYTES} bytes or more in hex, separated by commas; "
            "make one with 'openssl rand -hex 32'."
        )
    return keys


async def _follow(settings: Settings, vault: VaultClient, identity: OidcVerifier, config: OidcConfig) -> None:
    """Take a changed `oidc/config` into use without a restart."""
    while True:
        await asyncio.sleep(RELOAD_SECONDS)
        try:
            fresh = await get_oidc_config_from_vault(vault)
            _refuse_plaintext(settings, fresh)
        except PlatformError as error:
            logger.warning("oidc/config cannot be used; the one in use stays", extra={"error.message": str(error)})
            continue
        if fresh != config:
            config = fresh
            await identity.update(config)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
