"""Log in to the embedded OpenID provider as a seeded account: authorization code with PKCE, through its login page."""

import base64
import hashlib
import hmac
import secrets
import struct
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from platform_cli.layout import Layout, Trouble

CLIENT_ID = "mcp-platform-cli"
REDIRECT_URI = "http://127.0.0.1/callback"
SCOPE = "openid profile email groups mcp"


@dataclass(frozen=True)
class Login:
    """Who logs in, and for what. `resource`: the service the token is for; None: the whole platform."""

    account: str
    password: str
    resource: str | None = None
    second_factor: bool = False

    @classmethod
    def seeded(cls, account: str, resource: str | None = None, *, second_factor: bool = False) -> "Login":
        """A seeded account, whose password is its name and `-demo`."""
        return cls(account, f"{account}-demo", resource, second_factor)


def access_token(layout: Layout, login: Login) -> str:
    """An access token of the account.

    Raises:
        Trouble: when the provider does not answer or refuses the login.
    """
    issuer = layout.url("oidc")
    try:
        with httpx2.Client(timeout=10.0, trust_env=False) as http:
            return _authorize(http, issuer, login)
    except httpx2.HTTPError as error:
        raise Trouble(
            f"The OpenID provider at {issuer} does not answer ({type(error).__name__}): "
            "start the platform with make run."
        ) from error


def _authorize(http: httpx2.Client, issuer: str, login: Login) -> str:
    endpoints = http.get(f"{issuer}/.well-known/openid-configuration").raise_for_status().json()
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    request = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "scope": SCOPE,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": login.account,
    }
    if login.resource:
        request["resource"] = login.resource
    if login.second_factor:
        request["acr_values"] = "mfa"
    began = http.get(endpoints["authorization_endpoint"], params=request)
    page = urljoin(issuer, began.headers.get("location", ""))
    if page.startswith(REDIRECT_URI) or began.status_code != 303:
        raise _refused(_answer(page))
    answer = _sign_in(http, page, login)
    if answer.get("state") != state or answer.get("iss") != issuer:
        raise Trouble("The answer of the OpenID provider belongs to another request; try again.")
    if "code" not in answer:
        raise _refused(answer)
    tokens = http.post(
        endpoints["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "code": answer["code"],
            "code_verifier": verifier,
            "redirect_uri": REDIRECT_URI,
        },
    )
    body = tokens.json()
    if tokens.status_code != 200:
        raise _refused(body)
    return str(body["access_token"])


def _sign_in(http: httpx2.Client, page: str, login: Login) -> dict[str, str]:
    """Post the login form, follow the way back, and read the answer out of the redirect that would leave."""
    form = {"login": login.account, "password": login.password}
    if login.second_factor:
        form["code"] = one_time_code(login.password)
    answer = http.post(page, data=form)
    if answer.status_code == 401:
        raise Trouble(f"The OpenID provider knows no account {login.account!r} with that password.")
    while answer.status_code in (302, 303):
        target = urljoin(str(answer.url), answer.headers["location"])
        if target.startswith(f"{REDIRECT_URI}?"):
            return _answer(target)
        answer = http.get(target)
    raise Trouble(f"The OpenID provider's login page answered HTTP {answer.status_code}.")


def one_time_code(secret: str, now: float | None = None) -> str:
    """The code a person's authenticator would show (RFC 6238, 30 s, six digits)."""
    counter = struct.pack(">Q", int((time.time() if now is None else now) // 30))
    mac = hmac.digest(secret.encode(), counter, "sha1")
    number = struct.unpack_from(">I", mac, mac[19] & 0xF)[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def _answer(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _refused(answer: dict[str, str]) -> Trouble:
    why = answer.get("error_description") or answer.get("error") or "no reason given"
    return Trouble(f"The OpenID provider refused the login: {why}.")
