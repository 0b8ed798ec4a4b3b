"""What hvac and requests raise, in the words of the platform; what Vault itself said goes to `detail`, for the log."""

import requests
from hvac.exceptions import (
    Forbidden,
    InvalidPath,
    InvalidRequest,
    RateLimitExceeded,
    Unauthorized,
    VaultDown,
    VaultError,
)
from urllib3.exceptions import NewConnectionError

from mcp_common.errors import (
    Conflict,
    InvalidArguments,
    NotFound,
    OutcomeUnknown,
    PlatformError,
    Unavailable,
    UpstreamUnauthorized,
)

REFUSALS = (Forbidden, InvalidPath, InvalidRequest, Unauthorized)
"""Answers about the request itself, which only the code that made it can word."""


def refusal(error: VaultError, mount: str, path: str, capability: str) -> PlatformError:
    """Word Vault's 400, 403 or 404 about one secret; `capability` is the one the policy would have to grant."""
    detail = str(error)
    if isinstance(error, Forbidden | Unauthorized):
        return UpstreamUnauthorized(
            f"The platform's account may not {capability} '{path}' in the secret store. "
            f"Grant its policy `{capability}` on '{mount}/data/{path}'.",
            detail=detail,
            extra={"reason": "forbidden"},
        )
    if isinstance(error, InvalidPath) and "no handler for route" in detail:
        return NotFound(
            f"The secret store has no KV version 2 engine at '{mount}'. Set VAULT_MOUNT to the one it has.",
            detail=detail,
        )
    if isinstance(error, InvalidPath):
        return NotFound(
            f"There is no secret at '{path}' (mount '{mount}'). "
            f"Write it with `vault kv put -mount={mount} {path} NAME=VALUE ...`.",
            detail=detail,
        )
    if "check-and-set" in detail:
        return Conflict(
            f"The secret at '{path}' is at another version than the write expected. "
            "Read it again and pass its version as `cas`.",
            detail=detail,
        )
    if capability == "read" or "Upgrading" in detail:
        return outage(error)  # the engine is moving its storage to version 2
    return InvalidArguments(f"The secret store does not take what is to be written at '{path}'.", detail=detail)


def outage(error: Exception, *, write: bool = False) -> PlatformError:
    """Word an outage; a write that was sent and not answered is an unknown outcome.

    `extra["reason"]` is sealed, unreachable or failing.
    """
    detail = f"{type(error).__name__}: {error}"
    match error:
        case VaultDown() if "sealed" in str(error):
            reason, text = "sealed", "is sealed. An operator must unseal it (`vault operator unseal`)"
        case RateLimitExceeded():
            reason, text = "failing", "limits the rate of requests. Raise its quota or lower the load"
        case requests.exceptions.SSLError():
            reason, text = "unreachable", "shows a certificate that does not verify. Set VAULT_CACERT to its CA"
        case requests.RequestException() | TimeoutError():
            reason, text = "unreachable", "cannot be reached. Check that it runs and that VAULT_ADDR is right"
        case _:
            reason, text = "failing", "answers with an error of its own. Its log says why"
    if write and not _never_arrived(error):
        return OutcomeUnknown(
            "The secret was sent to the secret store and no answer came. Read it back and compare the version before "
            "writing it again.",
            detail=detail,
        )
    return Unavailable(f"The secret store {text}.", detail=detail, extra={"reason": reason})


def _never_arrived(error: Exception) -> bool:
    if isinstance(error, VaultDown):
        return "sealed" in str(error)  # any other 503 may be a proxy's, after it passed the request on
    if isinstance(error, RateLimitExceeded | requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
