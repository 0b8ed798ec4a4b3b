"""Somebody with a browser, who signs in where a client sends them."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthToken

from tests.platform_cli.browser import Browser


@dataclass
class Person:
    """A seeded account at a browser; `asked` is where the last client sent it, `answered` where it came back."""

    account: str
    issuer: str
    http: httpx2.Client
    asked: str = ""
    answered: str = ""

    def sign_in(self, url: str) -> str:
        """Follow the client's link to the login page and send the form; where the browser is then sent."""
        browser = Browser(self.issuer, self.http)
        page = browser._follow(self.http.get(url))
        assert page.status_code == 200, page.text
        left = browser.submit(page, login=self.account, password=f"{self.account}-demo")
        assert left.status_code == 303, left.text
        self.asked, self.answered = url, left.headers["location"]
        return self.answered

    async def open_browser(self, url: str) -> None:
        """The redirect handler of a Python client."""
        self.sign_in(url)

    async def come_back(self) -> AuthorizationCodeResult:
        """Its callback handler."""
        answer = parse_qs(urlsplit(self.answered).query)
        return AuthorizationCodeResult(code=answer["code"][0], state=answer["state"][0], iss=answer["iss"][0])


class Memory:
    """Where the official client keeps its registration and tokens."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Recorded(httpx2.AsyncHTTPTransport):
    """The network, with a note of every request: method, path, status."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self.seen: list[tuple[str, str, int]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        self.seen.append((request.method, request.url.path, response.status_code))
        return response
