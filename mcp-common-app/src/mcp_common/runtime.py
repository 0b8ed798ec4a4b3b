"""What a service runs on: the parts that `McpService.build` is given, real in production and in tests."""

from dataclasses import dataclass, field

import httpx2

from mcp_common.audit import AuditTrail
from mcp_common.calls.idempotency import IdempotencyStore, InProcessIdempotency
from mcp_common.health import Health
from mcp_common.metrics import Metrics
from mcp_common.oidc_auth import Identity
from mcp_common.policy import PolicyGate
from mcp_common.settings import Settings
from mcp_common.upstreams.kept_answers import AnswerStore, InProcessAnswers
from mcp_common.vault import SecretStore


@dataclass(kw_only=True)
class Platform:
    """Identity, policy, secrets and audit of one process.

    `issuer` is advertised as the authorization server (RFC 9728). `http_transport` replaces the network to the
    upstream; only tests set it. `request_state_keys` (32 bytes each) seal multi-round-trip state; replicas share them.
    """

    identity: Identity
    policy: PolicyGate
    secrets: SecretStore
    audit: AuditTrail
    settings: Settings
    issuer: str
    scopes_supported: tuple[str, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    health: Health = field(default_factory=Health)
    idempotency: IdempotencyStore = field(default_factory=InProcessIdempotency)
    answers: AnswerStore = field(default_factory=InProcessAnswers)
    request_state_keys: tuple[bytes, ...] = ()
    http_transport: httpx2.AsyncBaseTransport | None = None
