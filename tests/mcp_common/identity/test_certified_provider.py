"""The verifier against a certified OpenID provider, the one of the embedded run."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from tests.platform_cli.browser import Browser
from tests.platform_cli.conftest import RESOURCE, RunningProvider, start_provider

from mcp_common.errors import Unauthenticated
from mcp_common.identity.oidc_config import OidcConfig
from mcp_common.oidc_auth import OidcVerifier


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    running = start_provider(tmp_path_factory.mktemp("oidc"))
    yield running
    running.stop()


@pytest.fixture
async def verifier(provider: RunningProvider) -> AsyncIterator[OidcVerifier]:
    config = OidcConfig.parse(
        {
            "issuer": provider.issuer,
            "client_id": "mcp-platform",
            "client_secret": "mcp-platform-demo",
            "user_info_endpoint": f"{provider.issuer}/me",
            "introspection_endpoint": f"{provider.issuer}/token/introspection",
        }
    )
    async with httpx2.AsyncClient(trust_env=False) as http:
        verifier = OidcVerifier(config, http=http, resource_urls=[RESOURCE])
        yield verifier
        await verifier.aclose()


@pytest.fixture
def browser(provider: RunningProvider) -> Iterator[Browser]:
    with httpx2.Client(timeout=10.0, trust_env=False) as http:
        yield Browser(provider.issuer, http)


async def test_a_login_by_browser_gives_a_token_that_verifies_and_an_id_token_that_does_not(
    verifier: OidcVerifier, browser: Browser
) -> None:
    tokens = browser.tokens("mcp-platform-cli", "netops")
    principal = await verifier.verify(tokens["access_token"])
    assert (principal.label, principal.groups) == ("netops", ("network-engineers",))
    assert (principal.acr, principal.amr, principal.client_id) == ("pwd", ("pwd",), "mcp-platform-cli")
    with pytest.raises(Unauthenticated):
        await verifier.verify(tokens["id_token"])


async def test_a_token_asked_for_one_service_is_good_for_it(verifier: OidcVerifier, browser: Browser) -> None:
    token = browser.tokens("mcp-platform-cli", "nobody", resource=RESOURCE)["access_token"]
    assert (await verifier.verify(token)).groups == ()


async def test_an_opaque_token_is_accepted_with_an_audience_and_refused_without(
    verifier: OidcVerifier, browser: Browser
) -> None:
    meant_for_us = browser.tokens("mcp-platform-opaque", "servicedesk", resource=RESOURCE)["access_token"]
    browser.http.cookies.clear()
    meant_for_nobody = browser.tokens("mcp-platform-opaque", "servicedesk")["access_token"]
    for token in (meant_for_us, meant_for_nobody):
        assert "." not in token
    assert (await verifier.verify(meant_for_us)).groups == ("service-desk",)
    with pytest.raises(Unauthenticated, match="aud"):
        await verifier.verify(meant_for_nobody)
