"""An identity provider for tests: real keys, really signed tokens, and the endpoints a resource server asks."""

import asyncio
import functools
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs

import httpx2
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from mcp_common.identity.oidc_config import OidcConfig

Algorithm = Literal["RS256", "RS384", "PS256", "ES256", "ES384"]
SigningKey = RSAKey | ECKey

_CURVES = {"ES256": "P-256", "ES384": "P-384"}


@functools.cache
def signing_key(algorithm: Algorithm, number: int = 1) -> SigningKey:
    """A key pair, made once per process: making an RSA key takes a tenth of a second."""
    about = {"kid": f"{algorithm}-{number}", "use": "sig", "alg": algorithm}
    if algorithm in _CURVES:
        return ECKey.generate_key(_CURVES[algorithm], about)  # type: ignore[arg-type]  # curve names are literals there
    return RSAKey.generate_key(2048, about)  # type: ignore[arg-type]  # a plain dict is what it takes


class HandClock:
    """Time that passes only when told to; seconds since the epoch."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def forged(header: object, claims: object, sign: Callable[[bytes], bytes] = lambda _: b"") -> str:
    """A token that no provider made: any header, any claims, any signature over them."""
    signed = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{_base64(sign(signed.encode()))}"


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class SigningIssuer:
    """A provider whose tokens verify.

    `requests` logs what was asked; `down` refuses connections; `status` answers everything with that status;
    `answers` replaces the answer of a path; `gate`, when set to an event, holds every answer until it is set.
    """

    def __init__(
        self,
        issuer: str = "https://issuer.test",
        *,
        audience: str = "mcp-platform",
        client_id: str = "mcp-client",
        algorithm: Algorithm = "RS256",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer, self.audience, self.client_id, self.algorithm = issuer, audience, client_id, algorithm
        self.client_secret = secrets.token_urlsafe(12)
        self.clock = clock
        self.keys: list[SigningKey] = [signing_key(algorithm)]
        self._made = 1
        self.requests: list[httpx2.Request] = []
        self.down = False
        self.status: int | None = None
        self.answers: dict[str, Callable[[httpx2.Request], httpx2.Response]] = {}
        self.gate: asyncio.Event | None = None
        self._opaque: dict[str, dict[str, Any]] = {}
        self.transport = httpx2.MockTransport(self._handle)

    @property
    def key(self) -> SigningKey:
        """The key that signs now."""
        return self.keys[-1]

    def config(self, **changes: Any) -> OidcConfig:
        """What would lie at `oidc/config` for this provider."""
        secret = {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "user_info_endpoint": f"{self.issuer}/userinfo",
            "audience": [self.audience],
        }
        return OidcConfig.parse(secret | changes)

    def claims(self, subject: str = "alice", groups: object = ("admin",), **claims: Any) -> dict[str, Any]:
        """The claims of a good access token with the given ones put over; None takes a claim out."""
        now = int(self.clock())
        good: dict[str, Any] = {
            "iss": self.issuer,
            "sub": subject,
            "aud": self.audience,
            "exp": now + 3600,
            "iat": now,
            "client_id": self.client_id,
            "scope": "openid",
            "jti": f"{subject}-{now}",
            "preferred_username": subject,
            "groups": groups,
        }
        return {name: value for name, value in (good | claims).items() if value is not None}

    def token(
        self,
        subject: str = "alice",
        groups: object = ("admin",),
        *,
        key: SigningKey | None = None,
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A signed access token. `header` members are put over the usual ones; None takes one out."""
        signer = key or self.key
        full = {"typ": "at+jwt", "alg": signer.alg or self.algorithm, "kid": signer.kid} | dict(header or {})
        kept = {name: value for name, value in full.items() if value is not None}
        return self.signed(kept, self.claims(subject, groups, **claims), signer)

    def signed(self, header: Mapping[str, Any], claims: object, key: SigningKey | None = None) -> str:
        """Any header and any claims, really signed."""
        algorithm = jws.JWSRegistry.algorithms[str(header["alg"])]
        return forged(header, claims, lambda text: algorithm.sign(text, key or self.key))

    def opaque_token(self, subject: str = "alice", groups: object = ("admin",), **claims: Any) -> str:
        """A token that says nothing itself; introspection and userinfo know it until it is revoked."""
        token = f"opaque-{len(self._opaque) + 1}"
        self._opaque[token] = self.claims(subject, groups, **claims)
        return token

    def revoke(self, token: str) -> None:
        """Forget an opaque token."""
        self._opaque.pop(token, None)

    def rotate_keys(self, *, keep_old: bool = False) -> SigningKey:
        """Sign with a new key from now on."""
        self._made += 1
        fresh = signing_key(self.algorithm, self._made)
        self.keys = [*self.keys, fresh] if keep_old else [fresh]
        return fresh

    def asked(self, path: str) -> int:
        """How often an endpoint was asked, for example `/jwks`."""
        return sum(request.url.path == path for request in self.requests)

    async def until_asked(self, times: int, path: str | None = None) -> None:
        """Wait for the request that makes it so many, to one endpoint or to all of them together.

        Raises:
            TimeoutError: when it does not come within 5 seconds.

        """
        async with asyncio.timeout(5):
            while (len(self.requests) if path is None else self.asked(path)) < times:  # noqa: ASYNC110 — no event here
                await asyncio.sleep(0)

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request, at once."""
        path = request.url.path
        if (answer := self.answers.get(path)) is not None:
            return answer(request)
        if self.status is not None:
            return httpx2.Response(self.status, html="<h1>Gateway</h1>")
        endpoints = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._jwks,
            "/userinfo": self._userinfo,
            "/introspect": self._introspection,
        }
        return endpoints[path](request) if path in endpoints else httpx2.Response(404)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve on a free loopback port meanwhile; `issuer` becomes that address."""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = httpx2.Request(
                    self.command, provider.issuer + self.path, headers=dict(self.headers.items()), content=body
                )
                provider.requests.append(request)
                response = provider.respond(request)
                self.send_response(response.status_code)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(response.content)

            do_GET = do_POST = _answer  # noqa: N815  # the names http.server calls

            def log_message(self, *_: object) -> None:
                """Tests have no use for an access log."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.issuer, before = f"http://127.0.0.1:{server.server_port}", self.issuer
        try:
            yield self.issuer
        finally:
            self.issuer = before
            server.shutdown()
            thread.join()
            server.server_close()

    async def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise httpx2.ConnectError("connection refused", request=request)
        return self.respond(request)

    def _discovery(self, _: httpx2.Request) -> httpx2.Response:
        endpoints = {"jwks_uri": "/jwks", "userinfo_endpoint": "/userinfo", "introspection_endpoint": "/introspect"}
        document = {"issuer": self.issuer} | {name: self.issuer + path for name, path in endpoints.items()}
        return httpx2.Response(200, json=document)

    def _jwks(self, _: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})

    def _userinfo(self, request: httpx2.Request) -> httpx2.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        claims = self._opaque.get(token)
        if claims is None:
            return httpx2.Response(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        told = {name: value for name, value in claims.items() if name in ("sub", "groups", "preferred_username")}
        return httpx2.Response(200, json=told)

    def _introspection(self, request: httpx2.Request) -> httpx2.Response:
        login = httpx2.BasicAuth(self.client_id, self.client_secret)
        expected = next(login.auth_flow(httpx2.Request("GET", self.issuer))).headers["Authorization"]
        if request.headers.get("Authorization") != expected:
            return httpx2.Response(401)
        token = parse_qs(request.content.decode()).get("token", [""])[0]
        claims = self._opaque.get(token)
        if claims is None:
            return httpx2.Response(200, json={"active": False})
        return httpx2.Response(200, content=json.dumps({"active": True, **claims}))
