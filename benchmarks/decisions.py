"""Decision time of both engines, one question and a batch of fifty, of the gate that remembers, and of tokens."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.opa import AuthorizationRequest, OPAClient, PolicyEngine
from mcp_common.policy import PolicyGate
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.opa_server import OPAServer

POLICY = Path("common-services/opa/config")
BATCH = 50


def question(number: int) -> AuthorizationRequest:
    """A request whose arguments differ from those of every other number."""
    context = {"subject": "nora", "tool": "get_device", "object": "device", "arguments": {"device_id": str(number)}}
    return AuthorizationRequest(("network-engineers",), "catalyst-center", "read", context)


async def timed(ask: Callable[[int], Awaitable[object]], times: int) -> dict[str, float]:
    """Median and 99th percentile in milliseconds."""
    for number in range(20):
        await ask(-number - 1)
    taken = []
    for number in range(times):
        began = time.perf_counter()
        await ask(number)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {"p50_ms": round(statistics.median(taken), 4), "p99_ms": round(taken[int(len(taken) * 0.99)], 4)}


async def of_engine(engine: PolicyEngine) -> dict[str, dict[str, float]]:
    """One question, and a batch."""
    one = await timed(lambda number: engine.decide(question(number)), 1000)
    batch = await timed(lambda number: engine.decide_many([question(number + i) for i in range(BATCH)]), 200)
    return {"one": one, f"batch of {BATCH}": batch}


async def all_engines() -> dict[str, Any]:
    """The engine in process, the OPA server, and the gate on a question it has heard before."""
    embedded = EmbeddedPolicy(POLICY)
    found: dict[str, Any] = {"in process (regopy)": await of_engine(embedded)}
    gate = PolicyGate(embedded)
    found["gate, remembered"] = {"one": await timed(lambda _: gate.decide(question(0)), 5000)}
    await gate.aclose()
    with OPAServer(POLICY) as server:
        client = OPAClient(server.address)
        found["OPA server over HTTP"] = await of_engine(client)
        await client.aclose()
    return found


async def of_tokens() -> dict[str, Any]:
    """Verifying an RS256 token for the first time, and one that was verified a moment ago."""
    issuer = SigningIssuer()
    fresh = [issuer.token(jti=str(number)) for number in range(320)]
    async with httpx2.AsyncClient(transport=issuer.transport) as http:
        verifier = OidcVerifier(issuer.config(), http=http)
        first = await timed(lambda number: verifier.verify(fresh[number]), 300)
        again = await timed(lambda _: verifier.verify(fresh[0]), 5000)
        await verifier.aclose()
    return {"token, RS256": {"first time": first, "verified before": again}}


async def everything() -> dict[str, Any]:
    """Decisions, then tokens."""
    return await all_engines() | await of_tokens()


def measure() -> dict[str, Any]:
    """Ask every engine, and verify tokens, in one run."""
    return asyncio.run(everything())


def table(found: dict[str, Any]) -> str:
    """The figures as aligned text."""
    lines = [f"{'decisions and tokens':30}{'':14}{'p50 ms':>9}{'p99 ms':>9}"]
    lines += [
        f"  {engine:28}{what:14}{row['p50_ms']:>9.3f}{row['p99_ms']:>9.3f}"
        for engine, rows in found.items()
        for what, row in rows.items()
    ]
    return "\n".join(lines)
