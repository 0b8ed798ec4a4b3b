"""Identity over real connections: a provider on loopback, and the configuration in a real secret store."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from mcp_common.errors import Unauthenticated
from mcp_common.identity.jwt_tokens import JwtTokens
from mcp_common.identity.oidc_config import ConfigurationError
from mcp_common.oidc_auth import OidcVerifier, VaultVerifier, verify_token_with_oidc
from mcp_common.testing.issuer import SigningIssuer
from mcp_common.testing.openbao import OpenBao


@pytest.fixture
def served() -> Iterator[SigningIssuer]:
    issuer = SigningIssuer()
    with issuer.serve():
        yield issuer


async def test_tokens_of_a_provider_on_the_network_verify(served: SigningIssuer) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        verifier = OidcVerifier(served.config(introspection_endpoint=f"{served.issuer}/introspect"), http=http)
        assert (await verifier.verify(served.token())).subject == "alice"
        assert (await verifier.verify(served.opaque_token("bob"))).subject == "bob"
        with pytest.raises(Unauthenticated):
            await verifier.verify("made-up")


async def test_the_plain_function_reads_the_provider_from_the_store_the_environment_names(
    served: SigningIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {
        "issuer": served.issuer,
        "client_id": "platform",
        "audience": "mcp-platform",
        "user_info_endpoint": f"{served.issuer}/userinfo",
    }
    with OpenBao() as bao:
        monkeypatch.setenv("VAULT_ADDR", bao.addr)
        monkeypatch.setenv("VAULT_TOKEN", bao.token)
        bao.write("oidc/config", config)
        verifier = VaultVerifier()
        try:
            assert (await verify_token_with_oidc(served.token(), verifier=verifier)).groups == ("admin",)
            with pytest.raises(Unauthenticated):
                await verify_token_with_oidc(served.token(exp=1), verifier=verifier)
        finally:
            await verifier.aclose()

        bao.write("oidc/config", {"issuer": served.issuer})
        try:
            with pytest.raises(ConfigurationError, match="lacks client_id, user_info_endpoint"):
                await verify_token_with_oidc(served.token(), verifier=verifier)
        finally:
            await verifier.aclose()


async def test_a_token_verified_a_moment_ago_is_not_verified_again(
    issuer: SigningIssuer, verifier: OidcVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What that saves is measured by the benchmark."""
    checked: list[str] = []
    claims = JwtTokens.claims

    async def counted(self: JwtTokens, token: str) -> Mapping[str, Any]:
        checked.append(token)
        return await claims(self, token)

    monkeypatch.setattr(JwtTokens, "claims", counted)
    token = issuer.token()
    assert len({await verifier.verify(token) for _ in range(3)}) == 1
    assert checked == [token]
