"""The claims of a token: whether they hold here and now, and the principal they make."""

import math
from collections.abc import Mapping
from typing import Any, NoReturn

from joserfc.errors import ClaimError, ExpiredTokenError, MissingClaimError
from joserfc.jwt import JWTClaimsRegistry

from mcp_common.errors import Unauthenticated
from mcp_common.identity.oidc_config import OidcConfig
from mcp_common.principal import Principal

Claims = Mapping[str, Any]

_MAX_ACTORS = 10
_MAX_NAME = 256
_TIMES = ("exp", "nbf", "iat")
_ID_TOKEN_MARKS = ("nonce", "at_hash", "c_hash", "s_hash")
_ACCESS_TOKEN_MARKS = ("scope", "scp", "client_id", "cid", "appid")

_SENTENCES = {
    "iss": "The token is from another issuer than the one trusted here.",
    "aud": "The token is not meant for this service (audience).",
    "exp": "The token's expiry time cannot be read.",
    "nbf": "The token is not valid yet.",
    "iat": "The token claims to be issued in the future.",
    "sub": "The token's subject cannot be read.",
}


def refuse(reason: str, sentence: str) -> NoReturn:
    """Refuse a token: the sentence for the caller, the short reason for log and metrics."""
    raise Unauthenticated(sentence, detail=reason)


def check_claims(
    claims: Claims,
    *,
    issuer: str | None,
    audiences: frozenset[str],
    now: float,
    leeway: int,
    essential: tuple[str, ...],
) -> None:
    """Check `iss`, `aud`, `exp`, `nbf`, `iat` and `sub` as RFC 7519 section 4.1 has them, within the leeway.

    A claim that is not `essential` is checked where it is there.

    Raises:
        Unauthenticated: at the first claim that is missing or does not hold.

    """
    options: dict[str, Any] = {name: {"essential": True} for name in essential}
    options["aud"] = {"essential": True, "values": sorted(audiences)}
    options["iss"] = {"essential": "iss" in essential, "value": issuer}
    registry = JWTClaimsRegistry(now=int(now), leeway=leeway, **options)
    try:
        registry.validate({name: claims[name] for name in ("iss", "sub", "aud", *_TIMES) if name in claims})
    except ExpiredTokenError:
        refuse("expired", "The token has expired. Get a new one.")
    except MissingClaimError as error:
        refuse("missing_claim", f"The token lacks a required claim: {error.claim.replace(',', ', ')}.")
    except ClaimError as error:
        refuse(f"claim_{error.claim}", _SENTENCES.get(error.claim, "A claim of the token does not hold."))


def check_is_access_token(claims: Claims, typ: str | None, config: OidcConfig) -> None:
    """Refuse an ID token, and a token bound to a key whose proof a bearer request does not carry.

    RFC 9068 names access tokens `at+jwt`; Keycloak and Cognito say it in a claim (`typ`, `token_use`). Any other that
    is addressed to the client alone, as every ID token is, must show a mark of an access token.
    """
    if "cnf" in claims:
        refuse("sender_constrained", "The token is bound to a key (DPoP or mTLS) and cannot be used as a bearer token.")
    if typ == "at+jwt" or claims.get("typ") == "Bearer" or claims.get("token_use") == "access":
        return
    marked = claims.get("token_use") == "id" or claims.get("typ") in ("ID", "Refresh")
    if marked or any(name in claims for name in _ID_TOKEN_MARKS) or "events" in claims:
        refuse("not_an_access_token", "This is not an access token. Send the access token, not the ID token.")
    addressed = _texts(claims.get("aud"))
    if set(addressed) == {config.client_id} and not any(name in claims for name in _ACCESS_TOKEN_MARKS):
        refuse("not_an_access_token", "This looks like an ID token. Send the access token.")


def principal_from(claims: Claims, config: OidcConfig) -> Principal:
    """Make the principal of claims that were checked.

    Raises:
        Unauthenticated: when the actor chain (RFC 8693 section 4.1) cannot be read.

    """
    return Principal(
        subject=claims["sub"],
        issuer=config.issuer,
        name=_first(claims, "preferred_username", "email", "name")[:_MAX_NAME],
        groups=groups_in(claims, config),
        client_id=next(
            (text for name in ("client_id", "azp", "cid", "appid") if (text := _text(claims.get(name)))), None
        ),
        actors=_actors(claims),
        scopes=tuple(scope for name in ("scope", "scp") for part in _texts(claims.get(name)) for scope in part.split()),
        acr=_text(claims.get("acr")) or None,
        amr=tuple(_texts(claims.get("amr"))),
        auth_time=_seconds(claims.get("auth_time")),
        expires_at=_seconds(claims.get("exp")),
        username=_text(claims.get("preferred_username"))[:_MAX_NAME],
        email=_text(claims.get("email"))[:_MAX_NAME] if claims.get("email_verified", True) is True else "",
    )


def groups_in(claims: Claims, config: OidcConfig) -> tuple[str, ...]:
    """The groups of the configured claim, sorted, each once; none where the claim is missing.

    A name is taken as it is: the group "admin " is not the group "admin". Only what a text is split at may have blanks
    around it.
    """
    value = claim_at(claims, config.groups_claim)
    if isinstance(value, str) and config.groups_separator is not None:
        value = [part.strip() for part in value.split(config.groups_separator)]
    return tuple(sorted({group for group in _texts(value) if group.strip()}))


def claim_at(claims: Claims, path: str) -> Any:
    """The claim of that very name, or the one at the end of the dotted path."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _actors(claims: Claims) -> tuple[str, ...]:
    actors: list[str] = []
    act = claims.get("act")
    while act is not None:
        name = (_text(act.get("sub")) or _text(act.get("client_id"))) if isinstance(act, Mapping) else ""
        if not name or len(actors) == _MAX_ACTORS:
            refuse("actor_chain", "The token's chain of actors (act) cannot be read.")
        actors.append(name)
        act = act.get("act")
    return tuple(actors)


def _first(claims: Claims, *names: str) -> str:
    return next((text for name in names if (text := _text(claims.get(name)))), "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _seconds(value: object) -> int | None:
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
