"""The configuration an operator writes into the secret store, and what is said about a wrong one."""

import json
from typing import Any

import httpx2
import pytest

from mcp_common.errors import Unauthenticated, Unavailable
from mcp_common.identity.oidc_config import ConfigurationError, OidcConfig
from mcp_common.oidc_auth import OidcVerifier, get_oidc_config_from_vault
from mcp_common.secret_store.secret_cache import Secret
from mcp_common.testing.issuer import SigningIssuer

WHOLE = {
    "issuer": "https://idp.test",
    "client_id": "platform",
    "user_info_endpoint": "https://idp.test/userinfo",
}


class Store:
    """The far side: a secret store with one secret."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data, self.asked = data, [""]

    async def get_secret(self, path: str) -> Secret:
        self.asked.append(path)
        return Secret(self.data, version=1)


async def test_the_configuration_lies_at_oidc_config() -> None:
    store = Store(WHOLE)
    config = await get_oidc_config_from_vault(store)
    assert (config.issuer, store.asked[-1]) == ("https://idp.test", "oidc/config")
    assert (config.audience, config.groups_claim, config.leeway) == (("platform",), "groups", 30)


@pytest.mark.parametrize("secret", [{}, {"issuer": "", "client_id": None}])
def test_all_missing_fields_are_named_at_once(secret: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        OidcConfig.parse(secret)
    assert "oidc/config lacks issuer, client_id, user_info_endpoint." in str(wrong.value)


def test_missing_and_wrong_fields_are_named_without_their_values() -> None:
    with pytest.raises(ConfigurationError) as wrong:
        OidcConfig.parse({"issuer": "ftp://hidden", "client_id": "x", "leeway": "hidden", "algorithms": "HS256"})
    text = str(wrong.value)
    assert "lacks user_info_endpoint" in text
    for name in ("issuer", "leeway", "algorithms"):
        assert name in text
    assert "hidden" not in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"algorithms": "none"},
        {"algorithms": ["HS256"]},
        {"algorithms": "RS256 ES256"},
        {"algorithms": ["RS256", "PS256"]},
        {"algorithms": "EdDSA"},
        {"algorithms": 5},
        {"leeway": 301},
        {"issuer": "https://user:pw@idp.test"},
        {"jwks_uri": "file:///etc/passwd"},
        {"introspection_endpoint": "https://idp.test/introspect"},
        {"userinfo_audience_claim": "email"},
        {"step_up": {"catalyst-center:fly": {"acr": "x"}}},
        {"step_up": {"catalyst-center:write": {"mfa": True}}},
        {"step_up": "not json"},
    ],
)
def test_a_value_that_cannot_be_right_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="has wrong values in"):
        OidcConfig.parse(WHOLE | wrong)


def test_text_is_read_as_an_operator_would_write_it() -> None:
    step_up = json.dumps({"catalyst-center:write": {"acr": "mfa", "max_age": 60}})
    config = OidcConfig.parse(
        WHOLE | {"audience": "a, https://b.test/mcp", "algorithms": "ES", "leeway": "5", "step_up": step_up}
    )
    assert config.audience == ("a", "https://b.test/mcp")
    assert config.algorithms == ("ES256", "ES384", "ES512")
    assert (config.leeway, config.step_up["catalyst-center:write"].acr) == (5, ("mfa",))


def test_plain_http_beyond_this_machine_is_named() -> None:
    assert OidcConfig.parse(WHOLE).plaintext_endpoints() == []
    local = OidcConfig.parse(WHOLE | {"issuer": "http://127.0.0.1:9000", "jwks_uri": "http://localhost:9000/jwks"})
    assert local.plaintext_endpoints() == []
    assert OidcConfig.parse(WHOLE | {"issuer": "http://keycloak:8080"}).plaintext_endpoints() == ["issuer"]


def test_the_client_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(OidcConfig.parse(WHOLE | {"client_secret": "s3cret"}))


async def test_a_changed_configuration_is_in_use_at_once_and_forgets_what_was_verified(
    issuer: SigningIssuer, verifier: OidcVerifier
) -> None:
    token = issuer.token()
    await verifier.verify(token)
    await verifier.update(issuer.config())
    assert (await verifier.verify(token)).groups == ("admin",)
    await verifier.update(issuer.config(groups_claim="roles"))
    assert (await verifier.verify(token)).groups == ()
    await verifier.update(issuer.config(audience="another"))
    with pytest.raises(Unauthenticated, match="audience"):
        await verifier.verify(token)


async def test_readiness_names_the_reason(issuer: SigningIssuer, verifier: OidcVerifier) -> None:
    issuer.answers["/jwks"] = lambda _: httpx2.Response(500)
    with pytest.raises(Unavailable, match=r"keys cannot be had: keys \(JWKS\): HTTP 500"):
        await verifier.ready()
