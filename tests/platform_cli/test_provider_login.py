"""The OpenID provider as people and their clients use it: login page, PKCE, audiences, refresh."""

import httpx2
import pytest

from platform_cli.login import one_time_code
from tests.platform_cli.browser import CALLBACK, Browser, answer, claims, header, seconds_from_now
from tests.platform_cli.conftest import RESOURCE

CLI = "mcp-platform-cli"


def test_login_gives_a_signed_access_token_that_says_who_and_how(browser: Browser) -> None:
    token = browser.tokens(CLI, "netops")["access_token"]
    said = claims(token)
    assert header(token) | {"kid": ""} == {"alg": "RS256", "typ": "at+jwt", "kid": ""}
    assert {name: said[name] for name in ("sub", "preferred_username", "email", "groups", "acr", "amr", "aud")} == {
        "sub": "netops",
        "preferred_username": "netops",
        "email": "netops@example.com",
        "groups": ["network-engineers"],
        "acr": "pwd",
        "amr": ["pwd"],
        "aud": "mcp-platform",
    }
    assert said["iss"] == browser.issuer
    assert said["client_id"] == CLI
    assert -5 <= seconds_from_now(said["auth_time"]) <= 5
    assert 3500 <= seconds_from_now(said["exp"]) <= 3605


@pytest.mark.parametrize(
    ("account", "groups"),
    [
        ("admin", ["admin"]),
        ("servicedesk", ["service-desk"]),
        ("developer", ["developers"]),
        ("changemanager", ["change-managers"]),
        ("nobody", []),
    ],
)
def test_each_seeded_account_has_its_group(browser: Browser, account: str, groups: list[str]) -> None:
    assert claims(browser.tokens(CLI, account)["access_token"])["groups"] == groups


@pytest.mark.parametrize("resource", [RESOURCE, f"{RESOURCE}/"])
def test_a_token_asked_for_one_service_is_addressed_to_it_alone(browser: Browser, resource: str) -> None:
    assert claims(browser.tokens(CLI, "netops", resource=resource)["access_token"])["aud"] == resource


def test_a_resource_nobody_registered_is_refused(browser: Browser) -> None:
    refused = answer(browser.open(CLI, resource="https://elsewhere.example/mcp"))
    assert refused["error"] == "invalid_target"
    assert RESOURCE in refused["error_description"]


def test_a_wrong_password_shows_the_page_again_and_gives_no_code(browser: Browser) -> None:
    page = browser.open(CLI)
    again = browser.submit(page, login="admin", password="guess")
    assert again.status_code == 401
    assert "The account or password is wrong." in again.text


@pytest.mark.parametrize("account", ["", "__proto__", "nosuch"])
def test_an_unknown_account_is_refused_like_a_wrong_password(browser: Browser, account: str) -> None:
    again = browser.submit(browser.open(CLI), login=account, password="")
    assert (again.status_code, "The account or password is wrong." in again.text) == (401, True)


def test_what_was_typed_is_shown_escaped(browser: Browser) -> None:
    again = browser.submit(browser.open(CLI), login='"><script>x</script>', password="x")
    assert "<script>" not in again.text


def test_a_request_without_pkce_is_refused(browser: Browser) -> None:
    refused = answer(browser.open(CLI, code_challenge=None, code_challenge_method=None))
    assert (refused["error"], "PKCE" in refused["error_description"]) == ("invalid_request", True)


def test_the_plain_pkce_method_is_refused(browser: Browser) -> None:
    assert answer(browser.open(CLI, code_challenge_method="plain"))["error"] == "invalid_request"


def test_a_code_without_its_verifier_is_worth_nothing(browser: Browser) -> None:
    code = browser.sign_in(CLI, "admin")["code"]
    refused = browser.exchange(CLI, code, code_verifier="x" * 43)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_code_works_once(browser: Browser) -> None:
    code = browser.sign_in(CLI, "admin")["code"]
    assert browser.exchange(CLI, code).status_code == 200
    assert browser.exchange(CLI, code).json()["error"] == "invalid_grant"


def test_the_answer_names_its_issuer_and_the_state(browser: Browser) -> None:
    answered = browser.sign_in(CLI, "admin")
    assert (answered["iss"], answered["state"]) == (browser.issuer, "the-state")


def test_cancelling_the_login_tells_the_client(browser: Browser) -> None:
    refused = answer(browser.submit(browser.open(CLI), cancel="yes"))
    assert (refused["error"], refused["error_description"]) == ("access_denied", "The login was cancelled.")


def test_a_second_login_in_the_same_browser_asks_nothing(browser: Browser) -> None:
    browser.sign_in(CLI, "admin")
    assert "code" in answer(browser.open(CLI))


def test_a_login_page_of_another_browser_shows_nothing(browser: Browser) -> None:
    page = browser.open(CLI)
    with httpx2.Client(trust_env=False) as other:
        stolen = other.post(str(page.url), data={"login": "admin", "password": "admin-demo"})
    assert (stolen.status_code, "expired" in stolen.text) == (400, True)


def test_an_unknown_redirect_address_shows_an_error_page_instead_of_redirecting(browser: Browser) -> None:
    page = browser.open(CLI, callback="https://elsewhere.example/callback")
    assert (page.status_code, "redirect_uri" in page.text) == (400, True)


def test_a_native_client_may_listen_on_any_loopback_port(browser: Browser) -> None:
    callback = CALLBACK.replace("127.0.0.1", "127.0.0.1:53682")
    code = browser.sign_in(CLI, "admin", callback)["code"]
    assert browser.exchange(CLI, code, callback).status_code == 200


def test_refreshing_rotates_the_refresh_token_and_keeps_who_and_how(browser: Browser) -> None:
    first = browser.tokens(CLI, "netops", resource=RESOURCE)
    second = refresh(browser, first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    before, after = claims(first["access_token"]), claims(second.json()["access_token"])
    kept = ("sub", "groups", "acr", "amr", "auth_time", "aud")
    assert [after[name] for name in kept] == [before[name] for name in kept]


def test_a_refresh_token_used_twice_ends_the_whole_login(browser: Browser) -> None:
    first = browser.tokens(CLI, "netops")["refresh_token"]
    second = refresh(browser, first).json()["refresh_token"]
    assert refresh(browser, first).json()["error"] == "invalid_grant"
    assert refresh(browser, second).json()["error"] == "invalid_grant"


def test_a_stronger_login_needs_the_one_time_code(browser: Browser) -> None:
    browser.sign_in(CLI, "admin")
    page = browser.open(CLI, acr_values="mfa")
    assert "One-time code" in page.text
    assert browser.submit(page, login="admin", password="admin-demo", code="000000").status_code == 401
    code = one_time_code("admin-demo")
    answered = answer(browser.submit(page, login="admin", password="admin-demo", code=code))
    said = claims(browser.exchange(CLI, answered["code"]).json()["access_token"])
    assert (said["acr"], said["amr"]) == ("mfa", ["pwd", "otp", "mfa"])


def refresh(browser: Browser, token: str) -> httpx2.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": CLI}
    return browser.http.post(f"{browser.issuer}/token", data=form)
