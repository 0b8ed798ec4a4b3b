"""Live and ready: is the process up, and has it what it needs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypedDict

from starlette.requests import Request
from starlette.responses import JSONResponse

from mcp_common.errors import PlatformError
from mcp_common.logger import get_logger

Check = Callable[[], Awaitable[None]]

TIMEOUT = 2.0
KEEP = 1.0

logger = get_logger(__name__)


class State(TypedDict):
    """One dependency: whether it is there, and if not, why."""

    ok: bool
    reason: str


class Health:
    """The dependencies of a service. A check returns when its dependency is there, and raises when it is not.

    The answer is kept for `keep` seconds and made once for all who ask meanwhile: probes cannot wear a dependency out.
    """

    def __init__(
        self, *, timeout: float = TIMEOUT, keep: float = KEEP, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._timeout = timeout
        self._keep = keep
        self._clock = clock
        self._checks: dict[str, tuple[Check, float]] = {}
        self._known: tuple[float, dict[str, State]] | None = None
        self._asking: asyncio.Task[dict[str, State]] | None = None

    def add(self, name: str, check: Check, *, timeout: float | None = None) -> None:
        """Name a dependency; the name and the reason of a `PlatformError` are shown to whoever asks."""
        self._checks[name] = (check, self._timeout if timeout is None else timeout)
        self._known = None

    async def ready(self) -> tuple[bool, dict[str, State]]:
        """Whether every dependency is there, and the state of each."""
        if self._known is not None and self._clock() - self._known[0] < self._keep:
            states = self._known[1]
        else:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask(), name="readiness")
            states = await asyncio.shield(self._asking)
        return all(state["ok"] for state in states.values()), states

    async def _ask(self) -> dict[str, State]:
        checks = list(self._checks.items())
        answers = await asyncio.gather(
            *(self._one(check, limit) for _, (check, limit) in checks), return_exceptions=True
        )
        states = {name: _state(name, answer) for (name, _), answer in zip(checks, answers, strict=True)}
        self._known = (self._clock(), states)
        return states

    async def _one(self, check: Check, limit: float) -> None:
        try:
            async with asyncio.timeout(limit) as bound:
                await check()
        except TimeoutError:
            if not bound.expired():
                raise
            raise _Late(f"no answer within {limit:g} s") from None

    async def live(self, request: Request) -> JSONResponse:
        """Handler of /healthz: the process answers."""
        return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})

    async def readyz(self, request: Request) -> JSONResponse:
        """Handler of /readyz: 200, or 503 naming what is missing and why."""
        ok, states = await self.ready()
        missing = [name for name, state in states.items() if not state["ok"]]
        body: dict[str, Any] = {"status": "ready" if ok else "not ready", "missing": missing, "checks": states}
        return JSONResponse(body, status_code=200 if ok else 503, headers={"Cache-Control": "no-store"})


class _Late(Exception):
    """A check took too long."""


def _state(name: str, answer: BaseException | None) -> State:
    """Only text we wrote is shown; what else went wrong is in the log."""
    if answer is None:
        return {"ok": True, "reason": ""}
    if isinstance(answer, PlatformError):
        return {"ok": False, "reason": answer.message}
    if isinstance(answer, _Late):
        return {"ok": False, "reason": str(answer)}
    logger.error("health check failed", exc_info=answer, extra={"mcp.check": name})
    return {"ok": False, "reason": f"the check failed ({type(answer).__name__}); the log has the details"}
