"""Every decision of the platform: a bounded cache that a policy change empties, in front of one engine."""

import asyncio
import functools
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import Denied, PolicyUnavailable, Unauthenticated
from mcp_common.opa import AuthorizationRequest, Decision, OPAClient, PolicyEngine, document_of, unanswered
from mcp_common.permissions import Permission
from mcp_common.principal import Principal, current_principal
from mcp_common.settings import Settings
from mcp_common.timings import timed

__all__ = [
    "PolicyGate",
    "RequiredPermission",
    "engine_from_settings",
    "request_for",
    "require_permission",
    "use_gate",
]

logger = logging.getLogger(__name__)

_KEY_BYTES: Final = 1024

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def request_for(
    principal: Principal, permission: Permission, tool: str | None, arguments: Mapping[str, Any] | None
) -> AuthorizationRequest:
    """Ask whether the principal may use the permission, for this tool with these arguments."""
    return AuthorizationRequest(
        groups=principal.groups,
        resource=permission.resource,
        action=permission.action,
        context={
            "subject": principal.subject,
            "client_id": principal.client_id,
            "actors": principal.actors,
            "object": permission.object,
            "tool": tool,
            "arguments": arguments,
            "acr": principal.acr,
            "amr": principal.amr,
        },
    )


def engine_from_settings(settings: Settings) -> PolicyEngine:
    """The OPA server where `OPA_ADDR` is set, else the policy files in process."""
    if settings.opa_addr:
        return OPAClient(settings.opa_addr)
    checkout = Path(__file__).parents[3] / "common-services" / "opa" / "config"
    return EmbeddedPolicy(settings.policy_dir or checkout)


class PolicyGate:
    """Decides, remembering answers for `ttl` seconds at most.

    The engine's revision is asked for every `poll` seconds while there is traffic. Another revision, or no answer,
    empties the cache, and no remembered answer is given `2 * poll` seconds after the last good answer, so a policy
    change is in force within that time. A `PolicyUnavailable` is never remembered. Identical requests that miss at
    the same time are evaluated once. Requests that differ in a tool's arguments alone share an answer only where the
    policy says of that answer that it did not look at them.
    """

    def __init__(
        self,
        engine: PolicyEngine,
        *,
        cache_size: int = 4096,
        ttl: float = 5.0,
        poll: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = engine
        self._size, self._ttl, self._poll, self._clock = cache_size, ttl, poll, clock
        self._cache: OrderedDict[bytes, tuple[float, Decision]] = OrderedDict()
        self._flights: dict[Hashable, asyncio.Task[list[Decision]]] = {}
        self._generation = 0
        self._revision: str | None = None
        self._confirmed = self._next_probe = float("-inf")
        self._probe: asyncio.Task[None] | None = None

    async def decide(self, request: AuthorizationRequest) -> Decision:
        """Answer the request.

        Raises:
            PolicyUnavailable: on every kind of non-answer; nothing is allowed then.

        """
        with timed("policy"):
            found = self._remembered(request)
            return found if found is not None else (await self._evaluated((request,)))[0]

    async def decide_many(self, requests: Sequence[AuthorizationRequest]) -> list[Decision]:
        """Answer all requests, those not remembered in one evaluation; raises as `decide`."""
        with timed("policy"):
            keys = [_exact(request) for request in requests]
            answers = {key: self._remembered(request) for key, request in zip(keys, requests, strict=True)}
            missing = {key: request for key, request in zip(keys, requests, strict=True) if answers[key] is None}
            if missing:
                found = await self._evaluated(tuple(missing.values()))
                answers.update(zip(missing, found, strict=True))
            return [decision for key in keys if (decision := answers[key]) is not None]

    async def ready(self) -> None:
        """Raise `PolicyUnavailable` while the engine cannot decide."""
        await self.engine.ready()

    async def aclose(self) -> None:
        """Stop asking for the revision and close the engine."""
        tasks = [task for task in (self._probe, *self._flights.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.engine.aclose()

    def _remembered(self, request: AuthorizationRequest) -> Decision | None:
        now = self._clock()
        if now >= self._next_probe and self._probe is None:
            self._next_probe = now + self._poll
            self._probe = asyncio.get_running_loop().create_task(self._ask_revision(now))
        if now - self._confirmed >= 2 * self._poll:
            return None
        for key_of in (_with_any_arguments, _exact):
            key = key_of(request)
            entry = self._cache.get(key)
            if entry is not None and now < entry[0]:
                self._cache.move_to_end(key)
                return entry[1]
        return None

    async def _ask_revision(self, began: float) -> None:
        try:
            revision: str | None = await self.engine.revision()
        except PolicyUnavailable:
            revision = None
        finally:
            self._probe = None
        if revision is None or revision != self._revision:
            self._cache.clear()
            self._generation += 1
        self._revision = revision
        self._confirmed = began if revision is not None else float("-inf")

    async def _evaluated(self, requests: tuple[AuthorizationRequest, ...]) -> list[Decision]:
        """Evaluate in a task of its own, so that a caller who hangs up takes no other caller's answer with it."""
        keys = tuple(_exact(request) for request in requests)
        flight = self._flights.get(keys)
        if flight is None:
            flight = asyncio.get_running_loop().create_task(self._ask_engine(requests))
            self._flights[keys] = flight
            flight.add_done_callback(functools.partial(self._landed, keys))
        try:
            return await asyncio.shield(flight)
        except asyncio.CancelledError:
            if flight.cancelled():
                raise unanswered("this service is stopping") from None
            raise

    def _landed(self, keys: tuple[bytes, ...], flight: asyncio.Task[list[Decision]]) -> None:
        self._flights.pop(keys, None)
        error = None if flight.cancelled() else flight.exception()
        if isinstance(error, PolicyUnavailable):
            logger.warning("no decision", extra={"error.message": error.message, "error.detail": error.detail})

    async def _ask_engine(self, requests: tuple[AuthorizationRequest, ...]) -> list[Decision]:
        generation, expires = self._generation, self._clock() + self._ttl
        decisions = (
            [await self.engine.decide(requests[0])] if len(requests) == 1 else await self.engine.decide_many(requests)
        )
        if len(decisions) != len(requests):
            raise unanswered("its answer is not a list of decisions")
        if generation == self._generation:
            for request, decision in zip(requests, decisions, strict=True):
                key = _with_any_arguments(request) if decision.any_arguments else _exact(request)
                self._cache[key] = (expires, decision)
                self._cache.move_to_end(key)
            while len(self._cache) > self._size:
                self._cache.popitem(last=False)
        return decisions


def _exact(request: AuthorizationRequest) -> bytes:
    """The document itself while it is short, so that long arguments do not fill the memory."""
    document = document_of(request)
    return document if len(document) <= _KEY_BYTES else hashlib.sha256(document).digest()


def _with_any_arguments(request: AuthorizationRequest) -> bytes:
    """A key of its own kind: no request is taken for one that only lacks arguments."""
    return b"*" + _exact(replace(request, context={**request.context, "arguments": None}))


_default: list[PolicyGate] = []


def use_gate(gate: PolicyGate) -> None:
    """Make the gate the one that `require_permission` asks where none is given."""
    _default[:] = [gate]


class RequiredPermission:
    """Lets the current principal through only with the permission: a decorator, or `Depends(required.check)`."""

    def __init__(self, permission: str, gate: PolicyGate | None) -> None:
        self.permission = Permission.parse(permission)
        self._gate = gate

    async def check(self) -> Decision:
        """Ask for the current principal. Takes no argument, since FastAPI would read one from the query string.

        Raises:
            Unauthenticated: when nobody is logged in.
            Denied: when the policy says no, with its reason.
            PolicyUnavailable: when it says nothing.

        """
        return await self._check(None)

    async def _check(self, tool: str | None) -> Decision:
        principal = current_principal.get()
        if principal is None:
            raise Unauthenticated("No verified caller: send an access token as 'Authorization: Bearer …'.")
        gate = self._gate or (_default[0] if _default else None)
        if gate is None:
            raise unanswered("no policy engine is set up in this process")
        decision = await gate.decide(request_for(principal, self.permission, tool, None))
        if not decision.allow:
            raise Denied(f"Not allowed: {decision.reason}")
        return decision

    def __call__(
        self, handler: Callable[Parameters, Awaitable[Result]]
    ) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
        """Check before every call of the handler."""

        @functools.wraps(handler)
        async def checked(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            await self._check(handler.__name__)
            return await handler(*args, **kwargs)

        return checked


def require_permission(permission: str, *, gate: PolicyGate | None = None) -> RequiredPermission:
    """Require `resource[/object]:action` of whoever calls a handler.

    `@require_permission("github:read")` above an async handler, or `Depends(require_permission("github:read").check)`
    in FastAPI. Tools declare theirs with `@tool` instead.
    """
    return RequiredPermission(permission, gate)
