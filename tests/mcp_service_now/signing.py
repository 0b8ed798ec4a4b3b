"""A platform that signs in whose name it calls, and an instance that believes it."""

from typing import Any

from joserfc.jwk import RSAKey

from simulators.servicenow import CLIENT_ID, CLIENT_SECRET, Behaviour
from simulators.servicenow.behaviour import OAuthClient

_KEY = RSAKey.generate_key(2048, private=True)
_ID = "signing-key"


def believing(**client: Any) -> Behaviour:
    """How the instance behaves; `client` is what else it knows of the platform."""
    public = _KEY.as_pem(private=False).decode()
    return Behaviour(clients={CLIENT_ID: OAuthClient(public_key=public, key_id=_ID, **client)})


def signing(**more: Any) -> dict[str, Any]:
    """The platform's account, without the address, and what more is in it."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "jwt_private_key": _KEY.as_pem(private=True).decode(),
        "jwt_kid": _ID,
        **more,
    }
