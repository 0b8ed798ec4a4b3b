"""What a person's browser and an OAuth client do together, over real HTTP."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

CALLBACK = "http://127.0.0.1/callback"


@dataclass
class Browser:
    """One browser profile: it keeps cookies, follows redirects inside the provider, and stops at the callback."""

    issuer: str
    http: httpx2.Client
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def open(self, client_id: str, callback: str = CALLBACK, **changes: str | None) -> httpx2.Response:
        """The authorization request, followed until a page is shown or the browser would leave."""
        request = {
            "client_id": client_id,
            "response_type": "code",
            "redirect_uri": callback,
            "scope": "openid groups",
            "state": "the-state",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        } | changes
        return self._follow(self.http.get(f"{self.issuer}/auth", params={k: v for k, v in request.items() if v}))

    def submit(self, page: httpx2.Response, **form: str) -> httpx2.Response:
        return self._follow(self.http.post(str(page.url), data=form))

    def sign_in(self, client_id: str, account: str, callback: str = CALLBACK, **changes: str | None) -> dict[str, str]:
        """The answer at the callback after a login with the right password."""
        page = self.open(client_id, callback, **changes)
        return answer(self.submit(page, login=account, password=f"{account}-demo"))

    def exchange(self, client_id: str, code: str, callback: str = CALLBACK, **changes: str) -> httpx2.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": client_id,
            "code": code,
            "redirect_uri": callback,
            "code_verifier": self.verifier,
        } | changes
        return self.http.post(f"{self.issuer}/token", data=form)

    def tokens(self, client_id: str, account: str, **changes: str | None) -> dict[str, Any]:
        """Everything the token endpoint gives after a login."""
        code = self.sign_in(client_id, account, CALLBACK, **changes)["code"]
        answered = self.exchange(client_id, code)
        assert answered.status_code == 200, answered.text
        body: dict[str, Any] = answered.json()
        return body

    def _follow(self, answered: httpx2.Response) -> httpx2.Response:
        while answered.status_code in (302, 303):
            target = urljoin(str(answered.url), answered.headers["location"])
            if not target.startswith(f"{self.issuer}/"):
                return answered
            answered = self.http.get(target)
        return answered


def answer(left: httpx2.Response) -> dict[str, str]:
    """The parameters that the client gets at its callback."""
    assert left.status_code == 303, left.text
    return {name: values[0] for name, values in parse_qs(urlsplit(left.headers["location"]).query).items()}


def claims(token: str) -> dict[str, Any]:
    """The claims of a JWT, unverified."""
    return _part(token, 1)


def header(token: str) -> dict[str, Any]:
    """The header of a JWT."""
    return _part(token, 0)


def _part(token: str, index: int) -> dict[str, Any]:
    part: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[index] + "=="))
    return part


def seconds_from_now(epoch: float) -> float:
    return epoch - time.time()
