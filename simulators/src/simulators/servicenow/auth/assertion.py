"""The JWT bearer grant: a signed statement of whom an application acts for."""

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from simulators.servicenow.auth.able import able
from simulators.servicenow.behaviour import OAuthClient
from simulators.servicenow.instance import Instance
from simulators.servicenow.users import User

_REQUIRED = ("iss", "aud", "sub", "exp", "iat", "jti")


def asserted(instance: Instance, client_id: str, client: OAuthClient, assertion: str) -> User | None:
    """The user an assertion names. None when anything about it is wrong; the instance does not say what."""
    claims = _verified(client, assertion)
    if claims is None or any(not claims.get(name) for name in _REQUIRED):
        return None
    now, leeway = instance.clock(), instance.behaviour.clock_skew
    until, issued, not_before = claims["exp"], claims["iat"], claims.get("nbf", 0)
    if not all(isinstance(moment, int | float) for moment in (until, issued, not_before)):
        return None
    if now > until + leeway or now < max(issued, not_before) - leeway:
        return None
    if claims["iss"] != client_id or not _for_us(claims["aud"], client_id, client):
        return None
    user = _user(instance, client, str(claims["sub"]))
    if user is None or not instance.tokens.first_time(f"{client_id}/{claims['jti']}", until + leeway):
        return None
    return user


def _verified(client: OAuthClient, assertion: str) -> dict[str, Any] | None:
    try:
        key = RSAKey.import_key(client.public_key)
        token = jwt.decode(assertion, key, algorithms=["RS256"])
    except (JoseError, ValueError):
        return None
    if client.key_id and token.header.get("kid") != client.key_id:
        return None
    return token.claims


def _for_us(audience: object, client_id: str, client: OAuthClient) -> bool:
    named = audience if isinstance(audience, list) else [audience]
    if client.audience:
        return client.audience in named
    return any(each == client_id or str(each).endswith("/oauth_token.do") for each in named)


def _user(instance: Instance, client: OAuthClient, subject: str) -> User | None:
    record = instance.tables["sys_user"].find(**{client.subject: subject})
    return None if record is None else able(instance, record)
