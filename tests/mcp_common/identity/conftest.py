"""A provider, a clock one can turn, and verifiers that trust the provider."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from mcp_common.oidc_auth import OidcVerifier
from mcp_common.testing.issuer import HandClock, SigningIssuer

SERVICE_URL = "https://mcp.test/mcp"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def issuer(clock: HandClock) -> SigningIssuer:
    return SigningIssuer(clock=clock)


@pytest.fixture
async def http(issuer: SigningIssuer) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=issuer.transport) as client:
        yield client


@pytest.fixture
async def trusting(
    issuer: SigningIssuer, http: httpx2.AsyncClient, clock: HandClock
) -> AsyncIterator[Callable[..., OidcVerifier]]:
    """Makes a verifier; keywords change the configuration."""
    made: list[OidcVerifier] = []

    def make(**changes: Any) -> OidcVerifier:
        config = issuer.config(**changes)
        made.append(OidcVerifier(config, http=http, resource_urls=[SERVICE_URL], clock=clock, ticks=clock))
        return made[-1]

    yield make
    for verifier in made:
        await verifier.aclose()


@pytest.fixture
def verifier(trusting: Callable[..., OidcVerifier]) -> OidcVerifier:
    return trusting()


@pytest.fixture
def introspecting(issuer: SigningIssuer, trusting: Callable[..., OidcVerifier]) -> OidcVerifier:
    return trusting(introspection_endpoint=f"{issuer.issuer}/introspect")
