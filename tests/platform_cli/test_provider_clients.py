"""The OpenID provider as clients and services use it: discovery, registration, client credentials, opaque tokens."""

import json
import stat
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.platform_cli.browser import Browser, answer, claims, header
from tests.platform_cli.conftest import NODE, PROVIDER, RESOURCE, RunningProvider, start_provider

OPAQUE = "mcp-platform-opaque"
SERVICE = ("mcp-platform", "mcp-platform-demo")
DESKTOP = {
    "client_name": "Desktop <b>client</b>",
    "redirect_uris": ["http://localhost:3030/callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}


@pytest.mark.parametrize("path", ["openid-configuration", "oauth-authorization-server"])
def test_discovery_is_at_both_well_known_paths(provider: RunningProvider, http: httpx2.Client, path: str) -> None:
    found = http.get(f"{provider.issuer}/.well-known/{path}").json()
    assert found["issuer"] == provider.issuer
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["response_types_supported"] == ["code"]
    assert found["registration_endpoint"] == f"{provider.issuer}/reg"
    assert {"authorization_code", "refresh_token", "client_credentials"} == set(found["grant_types_supported"])


def test_the_published_keys_hold_no_private_part(provider: RunningProvider, http: httpx2.Client) -> None:
    [key] = http.get(f"{provider.issuer}/jwks").json()["keys"]
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert not {"d", "p", "q"} & key.keys()


def test_the_signing_key_is_readable_by_its_owner_only(provider: RunningProvider) -> None:
    assert stat.S_IMODE((provider.state / "jwks.json").stat().st_mode) == 0o600


def test_a_desktop_client_registers_itself_and_logs_a_person_in(browser: Browser) -> None:
    client_id = register(browser)
    callback = DESKTOP["redirect_uris"][0]
    page = browser.open(client_id, callback, resource=RESOURCE, scope=None)
    assert "Desktop &#60;b&#62;client" in page.text
    answered = answer(browser.submit(page, login="netops", password="netops-demo"))
    token = browser.exchange(client_id, answered["code"], callback).json()["access_token"]
    assert (claims(token)["aud"], claims(token)["client_id"]) == (RESOURCE, client_id)


def test_a_client_that_registers_with_an_empty_scope_gets_the_default_one(browser: Browser) -> None:
    client_id, callback = register(browser, scope=""), DESKTOP["redirect_uris"][0]
    code = browser.sign_in(client_id, "netops", callback, scope=None)["code"]
    token = browser.exchange(client_id, code, callback).json()["access_token"]
    assert claims(token)["scope"] == "openid profile email groups mcp"


@pytest.mark.parametrize(
    ("sent", "registered"),
    [
        (["http://127.0.0.1:33418/", "https://elsewhere.example/redirect"], ["http://127.0.0.1:33418/"]),
        (["editor://login/callback"], ["editor://login/callback"]),
    ],
)
def test_a_desktop_client_is_registered_with_its_addresses_on_this_machine(
    browser: Browser, sent: list[str], registered: list[str]
) -> None:
    answered = browser.http.post(f"{browser.issuer}/reg", json=DESKTOP | {"redirect_uris": sent}).json()
    assert answered["redirect_uris"] == registered
    page = browser.open(answered["client_id"], registered[0])
    left = browser.submit(page, login="netops", password="netops-demo")
    assert left.headers["location"].startswith(f"{registered[0]}?code=")


def test_a_client_not_seen_before_needs_consent_even_when_the_person_is_logged_in(browser: Browser) -> None:
    browser.sign_in("mcp-platform-cli", "netops")
    client_id, callback = register(browser), DESKTOP["redirect_uris"][0]
    page = browser.open(client_id, callback)
    assert "Allow Desktop" in page.text
    assert answer(browser.submit(page, cancel="yes"))["error"] == "access_denied"
    assert "code" in answer(browser.submit(browser.open(client_id, callback), allow="yes"))
    assert "code" in answer(browser.open(client_id, callback)), "consent is remembered"


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uris": ["http://elsewhere.example/callback"]},
        {"redirect_uris": ["https://elsewhere.example/callback"]},
        {"grant_types": ["authorization_code", "client_credentials"]},
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": "http://localhost/"},
        {"redirect_uris": {"a": 1}},
        {"redirect_uris": [None]},
        {"grant_types": "implicit"},
    ],
)
def test_registration_refuses_what_is_not_a_client_on_this_machine(browser: Browser, change: dict[str, object]) -> None:
    refused = browser.http.post(f"{browser.issuer}/reg", json=DESKTOP | change)
    assert refused.status_code == 400
    assert refused.json()["error"] in ("invalid_client_metadata", "invalid_redirect_uri")


def test_a_registered_client_cannot_give_itself_groups(browser: Browser) -> None:
    client_id = register(browser, groups=["admin"])
    code = browser.sign_in(client_id, "nobody", DESKTOP["redirect_uris"][0])["code"]
    token = browser.exchange(client_id, code, DESKTOP["redirect_uris"][0]).json()["access_token"]
    assert claims(token)["groups"] == []


def test_registrations_and_keys_outlive_a_restart(tmp_path: Path, http: httpx2.Client) -> None:
    first = start_provider(tmp_path)
    client_id = register(Browser(first.issuer, http))
    keys = http.get(f"{first.issuer}/jwks").json()
    first.stop()
    second = start_provider(tmp_path, first.port)
    assert http.get(f"{second.issuer}/jwks").json() == keys
    assert Browser(second.issuer, http).open(client_id, DESKTOP["redirect_uris"][0]).status_code == 200
    second.stop()


def test_client_credentials_give_a_token_with_the_groups_of_the_client(browser: Browser) -> None:
    answered = browser.http.post(
        f"{browser.issuer}/token",
        data={"grant_type": "client_credentials", "scope": "mcp"},
        auth=("automation", "automation-demo"),
    )
    token = answered.json()["access_token"]
    said = claims(token)
    assert header(token)["typ"] == "at+jwt"
    assert (said["sub"], said["aud"], said["groups"]) == ("automation", "mcp-platform", ["network-engineers"])


def test_client_credentials_need_the_right_secret(browser: Browser) -> None:
    refused = browser.http.post(
        f"{browser.issuer}/token", data={"grant_type": "client_credentials"}, auth=("automation", "guess")
    )
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_the_password_grant_does_not_exist(browser: Browser) -> None:
    form = {"grant_type": "password", "client_id": "mcp-platform-cli", "username": "admin", "password": "admin-demo"}
    assert browser.http.post(f"{browser.issuer}/token", data=form).json()["error"] == "unsupported_grant_type"


def test_an_opaque_token_is_answered_for_at_userinfo(browser: Browser) -> None:
    token = browser.tokens(OPAQUE, "servicedesk", scope="openid profile groups email")["access_token"]
    assert "." not in token
    said = browser.http.get(f"{browser.issuer}/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (said["sub"], said["groups"], said["email"]) == ("servicedesk", ["service-desk"], "servicedesk@example.com")


def test_an_opaque_token_for_a_service_is_answered_for_at_introspection(browser: Browser) -> None:
    token = browser.tokens(OPAQUE, "servicedesk", resource=RESOURCE)["access_token"]
    said = introspect(browser, token, SERVICE).json()
    assert (said["active"], said["aud"], said["sub"]) == (True, RESOURCE, "servicedesk")
    assert said["groups"] == ["service-desk"]
    assert introspect(browser, "no-such-token", SERVICE).json() == {"active": False}


def test_introspection_answers_no_stranger(browser: Browser) -> None:
    token = browser.tokens(OPAQUE, "servicedesk", resource=RESOURCE)["access_token"]
    assert introspect(browser, token, ("mcp-platform", "guess")).status_code == 401


@pytest.mark.parametrize("path", ["/reg", "/token", "/.well-known/oauth-authorization-server"])
def test_a_browser_client_on_this_machine_gets_its_preflight(browser: Browser, path: str) -> None:
    asked = {"Origin": "http://localhost:6274", "Access-Control-Request-Method": "POST"}
    allowed = browser.http.options(f"{browser.issuer}{path}", headers=asked)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, "http://localhost:6274")


def test_a_page_from_elsewhere_may_not_register(browser: Browser) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    refused = browser.http.options(f"{browser.issuer}/reg", headers=asked)
    assert "access-control-allow-origin" not in refused.headers


def test_another_host_name_is_not_answered(browser: Browser) -> None:
    refused = browser.http.get(f"{browser.issuer}/jwks", headers={"Host": "elsewhere.example"})
    assert refused.status_code == 421


def test_the_provider_refuses_production(tmp_path: Path) -> None:
    refused = run_provider({"ENVIRONMENT": "production", "OIDC_STATE_DIR": str(tmp_path)})
    assert (refused.returncode, "refuses to start outside development" in refused.stderr) == (1, True)


def test_a_port_in_use_is_said_in_one_sentence(provider: RunningProvider, tmp_path: Path) -> None:
    refused = run_provider({"PORT": str(provider.port), "OIDC_STATE_DIR": str(tmp_path)})
    assert (refused.returncode, f"cannot listen on 127.0.0.1:{provider.port}" in refused.stderr) == (1, True)


def test_the_node_packages_are_locked_without_registry_addresses() -> None:
    lock = json.loads((PROVIDER.parent / "package-lock.json").read_text())
    assert all(
        "resolved" not in entry and ("integrity" in entry or not name) for name, entry in lock["packages"].items()
    )


def register(browser: Browser, **changes: object) -> str:
    answered = browser.http.post(f"{browser.issuer}/reg", json=DESKTOP | changes)
    assert answered.status_code == 201, answered.text
    client_id: str = answered.json()["client_id"]
    return client_id


def introspect(browser: Browser, token: str, auth: tuple[str, str]) -> httpx2.Response:
    return browser.http.post(f"{browser.issuer}/token/introspection", data={"token": token}, auth=auth)


def run_provider(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NODE, PROVIDER], env=environment, capture_output=True, text=True, timeout=20, check=False)
