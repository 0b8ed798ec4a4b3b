"""Permissions that ask for a stronger or fresher login."""

from collections.abc import Callable
from typing import Any

import pytest

from mcp_common.errors import StepUpRequired
from mcp_common.identity.http_auth import step_up_challenge
from mcp_common.oidc_auth import OidcVerifier
from mcp_common.permissions import Permission
from mcp_common.testing.issuer import HandClock, SigningIssuer

RULES = {
    "catalyst-center:write": {"acr": ["mfa", "urn:acme:mfa"], "max_age": 300},
    "catalyst-center/template:execute": {"amr": ["hwk", "otp"]},
}
WRITE, EXECUTE = Permission.parse("catalyst-center:write"), Permission.parse("catalyst-center/template:execute")


@pytest.fixture
def strict(trusting: Callable[..., OidcVerifier]) -> OidcVerifier:
    return trusting(step_up=RULES)


@pytest.mark.parametrize(
    ("permission", "claims", "passes"),
    [
        (WRITE, {"acr": "mfa", "auth_time": 1_799_999_700}, True),
        (WRITE, {"acr": "urn:acme:mfa", "auth_time": 1_800_000_000}, True),
        (WRITE, {"acr": "mfa", "auth_time": 1_799_999_669}, False),
        (WRITE, {"acr": "mfa"}, False),
        (WRITE, {"acr": "pwd", "auth_time": 1_800_000_000}, False),
        (WRITE, {"auth_time": 1_800_000_000}, False),
        (Permission.parse("catalyst-center/template:write"), {}, False),
        (Permission.parse("catalyst-center/template:write"), {"acr": "mfa", "auth_time": 1_800_000_000}, True),
        (EXECUTE, {"amr": ["pwd", "otp"]}, True),
        (EXECUTE, {"amr": "otp"}, True),
        (EXECUTE, {"amr": ["pwd"]}, False),
        (EXECUTE, {}, False),
        (Permission.parse("catalyst-center:execute"), {}, True),
        (Permission.parse("catalyst-center:read"), {}, True),
        (Permission.parse("servicenow:write"), {}, True),
    ],
)
async def test_a_permission_asks_for_the_login_its_rule_describes(
    permission: Permission, claims: dict[str, Any], passes: bool, issuer: SigningIssuer, strict: OidcVerifier
) -> None:
    alice = await strict.verify(issuer.token(**claims))
    if passes:
        strict.check_step_up(alice, permission)
        return
    with pytest.raises(StepUpRequired, match="Log in again"):
        strict.check_step_up(alice, permission)


async def test_a_login_grows_too_old_while_its_token_is_cached(
    issuer: SigningIssuer, strict: OidcVerifier, clock: HandClock
) -> None:
    alice = await strict.verify(issuer.token(acr="mfa", auth_time=int(clock()) - 300))
    strict.check_step_up(alice, WRITE)
    clock.wait(31)
    with pytest.raises(StepUpRequired):
        strict.check_step_up(alice, WRITE)


async def test_the_challenge_tells_a_client_how_to_log_in(issuer: SigningIssuer, strict: OidcVerifier) -> None:
    with pytest.raises(StepUpRequired) as required:
        strict.check_step_up(await strict.verify(issuer.token()), WRITE)
    assert required.value.extra == {"acr_values": "mfa urn:acme:mfa", "max_age": 300}
    assert step_up_challenge(required.value, "https://mcp.test/m") == (
        'Bearer error="insufficient_user_authentication", error_description="catalyst-center:write needs a stronger or '
        'fresher login (acr mfa or urn:acme:mfa, not older than 300 s). Log in again and repeat the call.", '
        'acr_values="mfa urn:acme:mfa", max_age="300", resource_metadata="https://mcp.test/m"'
    )
