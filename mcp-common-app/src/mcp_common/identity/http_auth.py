"""Bearer tokens over HTTP: one ASGI middleware for every service, and the challenges it answers with."""

import json
import math
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_common.errors import PlatformError, RateLimited, StepUpRequired, Unauthenticated, Unavailable
from mcp_common.identity.rate_limit import RateLimit
from mcp_common.oidc_auth import MAX_TOKEN_BYTES, Identity
from mcp_common.principal import current_principal

_DEFAULT_RETRY_AFTER = 2.0
_NOT_IN_QUOTES = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")  # RFC 6750 section 3: what error_description may hold


class BearerAuth:
    """Lets a request to a protected path pass only with a verified caller.

    Downstream finds `scope["state"]` with `principal`, `token` and `auth_seconds` (seconds spent verifying), and
    `current_principal` set. The Authorization header is taken out, so the token is nowhere else.
    `on_failure` is told a short reason for every refused request, `on_success` the seconds a verification took;
    neither sees the token. `limit` counts each request of a caller, before anything is done for it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        identity: Identity,
        protected: Callable[[str], bool],
        resource_metadata_url: str | Callable[[Scope], str],
        on_failure: Callable[[str, Scope], None] | None = None,
        on_success: Callable[[float], None] | None = None,
        limit: RateLimit | None = None,
    ) -> None:
        self._limit = limit
        self._app, self._identity, self._protected = app, identity, protected
        self._metadata_url, self._on_failure, self._on_success = resource_metadata_url, on_failure, on_success

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in ("http", "websocket") or not self._protected(scope["path"]):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        try:
            token = _token_of(scope)
            principal = await self._identity.verify(token)
            if self._limit is not None:
                self._limit.take(principal)
        except (_NoCredentials, _BadRequest, Unauthenticated, RateLimited, Unavailable) as error:
            await self._refuse(error, scope, send)
            return
        state = {**scope.get("state", {}), "principal": principal, "token": token}
        state["auth_seconds"] = seconds = time.perf_counter() - began
        if self._on_success is not None:
            self._on_success(seconds)
        headers = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
        reset = current_principal.set(principal)
        try:
            await self._app({**scope, "state": state, "headers": headers}, receive, send)
        finally:
            current_principal.reset(reset)

    async def _refuse(self, error: PlatformError, scope: Scope, send: Send) -> None:
        if self._on_failure is not None:
            self._on_failure(error.detail if isinstance(error, Unauthenticated) and error.detail else error.code, scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": error.title})
            return
        headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
        if isinstance(error, Unavailable | RateLimited):
            headers["retry-after"] = str(math.ceil(error.retry_after or _DEFAULT_RETRY_AFTER))
        else:
            url = self._metadata_url if isinstance(self._metadata_url, str) else self._metadata_url(scope)
            headers["www-authenticate"] = _challenge_for(error, url)
        body = json.dumps(problem(error)).encode()
        headers["content-length"] = str(len(body))
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": error.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def problem(error: PlatformError) -> dict[str, Any]:
    """The RFC 9457 body for an error; `code` is the stable name of its kind."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    return body | ({"retry_after": error.retry_after} if error.retry_after is not None else {}) | error.extra


def protected_resource_metadata(
    resource: str, authorization_servers: list[str], scopes: list[str], name: str
) -> dict[str, Any]:
    """The RFC 9728 document a client reads to find out where to log in for this resource."""
    document: dict[str, Any] = {
        "resource": resource,
        "authorization_servers": authorization_servers,
        "bearer_methods_supported": ["header"],
        "resource_name": name,
    }
    return document | ({"scopes_supported": scopes} if scopes else {})


def challenge(metadata_url: str, **attributes: str) -> str:
    """A `WWW-Authenticate` value of RFC 6750 with the pointer of RFC 9728; quotes and controls are dropped."""
    attributes["resource_metadata"] = metadata_url
    return "Bearer " + ", ".join(f'{name}="{_NOT_IN_QUOTES.sub("", text)}"' for name, text in attributes.items())


def step_up_challenge(error: StepUpRequired, metadata_url: str) -> str:
    """The RFC 9470 `WWW-Authenticate` value that makes a client log in again, stronger or fresher."""
    wishes = {name: str(error.extra[name]) for name in ("acr_values", "max_age") if name in error.extra}
    return challenge(metadata_url, error="insufficient_user_authentication", error_description=error.message, **wishes)


class _NoCredentials(Unauthenticated):
    """Nothing to check was sent; such a challenge carries no error (RFC 6750 section 3.1)."""


class _BadRequest(PlatformError):
    """The token was sent in a way that is not accepted."""

    code, status, title = "invalid_request", 400, "Invalid request"


def _token_of(scope: Scope) -> str:
    """The one bearer token of the Authorization header.

    Raises:
        _BadRequest: more than one Authorization header, or a token in the query as well.
        _NoCredentials: no bearer token at all.
        Unauthenticated: a token too long to be looked at.

    """
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(sent) > 1:
        raise _BadRequest("Send exactly one Authorization header.")
    if _in_query(scope):
        raise _BadRequest("Send the token in the Authorization header: an address is written to logs.")
    scheme, _, token = (sent[0] if sent else b"").partition(b" ")
    token = token.strip(b" ")
    if scheme.lower() != b"bearer" or not token:
        raise _NoCredentials(
            "Send an access token in the Authorization header: 'Authorization: Bearer <token>'.",
            detail="no_credentials",
        )
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated(f"The token is longer than {MAX_TOKEN_BYTES} bytes.", detail="oversized")
    return token.decode("latin-1")


def _in_query(scope: Scope) -> bool:
    query = scope.get("query_string", b"")
    return b"access_token" in query and any(name == "access_token" for name, _ in parse_qsl(query.decode("latin-1")))


def _challenge_for(error: PlatformError, metadata_url: str) -> str:
    if isinstance(error, _NoCredentials):
        return challenge(metadata_url)
    kind = "invalid_request" if isinstance(error, _BadRequest) else "invalid_token"
    return challenge(metadata_url, error=kind, error_description=error.message)
