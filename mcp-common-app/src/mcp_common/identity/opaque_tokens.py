"""Tokens that say nothing themselves: ask the provider whose they are, and prove that they are meant for us."""

import asyncio
import hashlib
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx2

from mcp_common.errors import Unauthenticated, Unavailable
from mcp_common.identity.claims import check_claims, claim_at, refuse
from mcp_common.identity.oidc_config import OidcConfig
from mcp_common.identity.oidc_http import Refused, ask_provider, provider_down

REFUSED_FOR = 5.0
"""Seconds for which a token the provider refused is refused without asking again."""

_MAX_REFUSED = 4096
_MAX_QUESTIONS = 64


class OpaqueTokens:
    """Checks opaque tokens by introspection (RFC 7662) or userinfo; one question per token at a time."""

    def __init__(
        self,
        config: OidcConfig,
        http: httpx2.AsyncClient,
        *,
        audiences: frozenset[str],
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config, self._http, self._audiences, self._clock, self._ticks = config, http, audiences, clock, ticks
        self._refused: dict[bytes, tuple[float, str, str | None]] = {}
        self._questions: dict[bytes, asyncio.Task[Mapping[str, Any]]] = {}

    async def claims(self, token: str) -> Mapping[str, Any]:
        """The checked claims the provider answers for the token.

        Raises:
            Unauthenticated: when the token does not hold, or its audience is not proven to be this service.
            Unavailable: when the provider gives no usable answer, or is being asked too much at once.

        """
        if self._config.introspection_endpoint is None and self._config.userinfo_audience_claim is None:
            refuse(
                "audience_unproven",
                "Only signed tokens (JWT) are accepted here: the configuration names no way to prove for whom an "
                "opaque token was issued (introspection_endpoint or userinfo_audience_claim).",
            )
        key = hashlib.sha256(token.encode()).digest()
        self._raise_if_refused(key)
        question = self._questions.get(key)
        if question is None:
            if len(self._questions) >= _MAX_QUESTIONS:
                raise Unavailable("Too many unknown tokens are being checked. Try again shortly.", retry_after=1.0)
            question = asyncio.create_task(self._ask(token), name="opaque token")
            self._questions[key] = question
            question.add_done_callback(lambda done: self._settle(key, done))
        return await asyncio.shield(question)

    @property
    def busy(self) -> bool:
        """True while the provider is being asked."""
        return bool(self._questions)

    async def aclose(self) -> None:
        """Stop the questions under way."""
        open_questions = list(self._questions.values())
        for question in open_questions:
            question.cancel()
        if open_questions:
            await asyncio.wait(open_questions)

    async def _ask(self, token: str) -> Mapping[str, Any]:
        if self._config.introspection_endpoint is not None:
            return await self._introspected(token, self._config.introspection_endpoint)
        return await self._from_userinfo(token)

    async def _introspected(self, token: str, endpoint: str) -> Mapping[str, Any]:
        try:
            claims = await ask_provider(
                self._http,
                "POST",
                endpoint,
                what="introspection",
                headers={"Authorization": self._client_login()},
                form={"token": token, "token_type_hint": "access_token"},
            )
        except Refused as error:
            raise provider_down("introspection: the provider refuses our client_id and client_secret") from error
        if claims.get("active") is not True:
            refuse("inactive", "The token is not valid, or no longer. Get a new one.")
        if str(claims.get("token_type", "Bearer")).lower() not in ("bearer", "access_token") or "cnf" in claims:
            refuse("sender_constrained", "The token is not a bearer token.")
        claims = {"sub": claims.get("client_id"), **claims}
        self._check(claims, self._audiences)
        if claim_at(claims, self._config.groups_claim) is None:
            claims = await self._userinfo_of(token, claims["sub"]) | claims
        return claims

    async def _userinfo_of(self, token: str, subject: str) -> dict[str, Any]:
        """What userinfo adds; nothing where it does not know the token (client credentials have no user)."""
        try:
            found = await self._userinfo(token)
        except Refused:
            return {}
        # OpenID Connect Core 5.3.2: an answer about another subject must not be used.
        return found if found.get("sub") == subject else {}

    async def _from_userinfo(self, token: str) -> Mapping[str, Any]:
        try:
            claims = await self._userinfo(token)
        except Refused:
            refuse("inactive", "The token is not valid, or no longer. Get a new one.")
        proof = claims.get(self._config.userinfo_audience_claim or "")
        if proof is None:
            refuse("audience_unproven", "The identity provider does not say for whom the token was issued.")
        ours = self._audiences
        if self._config.userinfo_audience_claim != "aud":
            ours |= {self._config.client_id}
        self._check({**claims, "aud": proof}, ours)
        return claims

    async def _userinfo(self, token: str) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {token}"}
        return await ask_provider(self._http, "GET", self._config.user_info_endpoint, what="userinfo", headers=bearer)

    def _check(self, claims: Mapping[str, Any], audiences: frozenset[str]) -> None:
        check_claims(
            claims,
            issuer=self._config.issuer,
            audiences=audiences,
            now=self._clock(),
            leeway=self._config.leeway,
            essential=("sub",),
        )

    def _client_login(self) -> str:
        """`client_secret_basic`: both halves form-encoded before they are joined (RFC 6749 section 2.3.1)."""
        secret = self._config.client_secret.get_secret_value() if self._config.client_secret else ""
        pair = f"{quote(self._config.client_id, safe='')}:{quote(secret, safe='')}"
        return "Basic " + b64encode(pair.encode()).decode()

    def _raise_if_refused(self, key: bytes) -> None:
        if (known := self._refused.get(key)) is None:
            return
        until, sentence, reason = known
        if self._ticks() < until:
            raise Unauthenticated(sentence, detail=reason)
        del self._refused[key]

    def _settle(self, key: bytes, question: asyncio.Task[Mapping[str, Any]]) -> None:
        self._questions.pop(key, None)
        error = None if question.cancelled() else question.exception()
        if isinstance(error, Unauthenticated):
            while len(self._refused) >= _MAX_REFUSED:
                del self._refused[next(iter(self._refused))]
            self._refused[key] = (self._ticks() + REFUSED_FOR, error.message, error.detail)
