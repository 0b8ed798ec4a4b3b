"""Who may come in: the rate limit, then one decision on the resource `rest-api-proxy`."""

import time

from starlette.types import Scope

from mcp_common.errors import Denied
from mcp_common.identity.rate_limit import RateLimit
from mcp_common.metrics import Metrics
from mcp_common.oidc_auth import Identity
from mcp_common.opa import Decision
from mcp_common.permissions import Action, Permission
from mcp_common.policy import PolicyGate, request_for
from mcp_common.principal import Principal
from mcp_rest_api_proxy.requests import caller_of

RESOURCE = "rest-api-proxy"


class Gate:
    """Lets a verified caller in, or says why not. What a tool may do is decided again, by its own server."""

    def __init__(self, identity: Identity, policy: PolicyGate, limit: RateLimit, metrics: Metrics) -> None:
        self._identity = identity
        self._policy = policy
        self._limit = limit
        self._metrics = metrics

    def enter(self, scope: Scope) -> Principal:
        """Who asks; the request is counted against the caller's rate.

        Raises:
            Unauthenticated: nobody that is known.
            RateLimited: too many requests.
        """
        principal = caller_of(scope)
        self._metrics.auth("ok", scope["state"]["auth_seconds"])
        self._limit.take(principal)
        return principal

    async def decide(
        self, principal: Principal, action: Action, *, server: str | None = None, tool: str | None = None
    ) -> Decision:
        """One decision: whether this caller may use the proxy for this.

        Raises:
            StepUpRequired: only after a stronger login.
            PolicyUnavailable: the policy gave no answer, so no.
        """
        permission = Permission(RESOURCE, action, server)
        self._identity.check_step_up(principal, permission)
        began = time.perf_counter()
        decision = await self._policy.decide(request_for(principal, permission, tool, None))
        self._metrics.decision(RESOURCE, action, decision.allow, time.perf_counter() - began)
        return decision

    async def admit_reader(self, scope: Scope, *, server: str | None = None) -> Principal:
        """Let a caller in who only looks.

        Raises:
            PlatformError: why not.
        """
        principal = self.enter(scope)
        decision = await self.decide(principal, "read", server=server)
        if not decision.allow:
            raise Denied(f"Not allowed: {decision.reason}")
        return principal
