"""What the service answers besides calls, and what it refuses before any."""

import dataclasses
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastmcp.utilities.asgi_transport import StreamingASGITransport, run_asgi_lifespan

from mcp_common.runtime import Platform
from mcp_common.service import McpService
from mcp_common.testing.issuer import SigningIssuer
from tests.mcp_common.service.test_two_adapters import request

Http = Callable[[], httpx2.AsyncClient]


async def test_without_a_token_the_challenge_names_the_metadata_and_the_metadata_names_the_issuer(
    http: Http, issuer: SigningIssuer
) -> None:
    body, headers = request("greet", {"name": "x"})
    async with http() as client:
        refused = await client.post("/mcp", json=body, headers=headers)
        assert refused.status_code == 401
        challenge = refused.headers["www-authenticate"]
        url = challenge.split('resource_metadata="', 1)[1].split('"', 1)[0]
        metadata = (await client.get(url)).json()
    assert metadata["authorization_servers"] == [issuer.issuer]
    assert metadata["resource"] == "http://127.0.0.1:8000/mcp"


async def test_the_metadata_tells_which_scopes_to_ask_for(service: McpService, platform: Platform) -> None:
    told = dataclasses.replace(platform, scopes_supported=("openid", "groups"))
    network = StreamingASGITransport(service.build(told).app)
    async with httpx2.AsyncClient(transport=network, base_url="http://127.0.0.1:8000") as client:
        metadata = (await client.get("/.well-known/oauth-protected-resource/mcp")).json()
    assert metadata["scopes_supported"] == ["openid", "groups"]


async def test_the_path_may_end_in_a_slash(http: Http, issuer: SigningIssuer) -> None:
    body, headers = request("greet", {"name": "x"})
    headers["authorization"] = f"Bearer {issuer.token(groups=['admin'])}"
    async with http() as client:
        assert (await client.post("/mcp/", json=body, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/mcp",
        "/mcp/",
        "/mcp%0A",
        "/mcp%0a/",
        "/mcp//",
        "//mcp",
        "/mcp/.",
        "/%6dcp",
        "/mcp%2f",
        "/MCP",
        "/mcp;x",
        "/x/../mcp",
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "OPTIONS", "DELETE"])
async def test_no_spelling_of_the_path_leads_in_without_a_token(http: Http, path: str, method: str) -> None:
    body, headers = request("greet", {"name": "x"})
    async with http() as client:
        answer = await client.request(method, path, json=body, headers=headers)
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers


async def test_an_open_path_is_open_under_its_own_name_only(http: Http) -> None:
    async with http() as client:
        answers = [await client.get(path) for path in ("/metrics%0A", "/metrics/", "/readyz/x", "/docs", "/")]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "evil.example"}, 421),
    ],
)
async def test_a_foreign_origin_or_host_is_refused_on_every_path(
    http: Http, issuer: SigningIssuer, header: dict[str, str], status: int
) -> None:
    body, headers = request("greet", {"name": "x"})
    headers |= {"authorization": f"Bearer {issuer.token(groups=['admin'])}", **header}
    async with http() as client:
        assert (await client.post("/mcp", json=body, headers=headers)).status_code == status
        assert (await client.get("/metrics", headers=header)).status_code == status


async def test_health_and_metrics_need_no_token(http: Http) -> None:
    async with http() as client:
        answers: dict[str, Any] = {path: await client.get(path) for path in ("/healthz", "/readyz", "/metrics")}
    assert {path: answer.status_code for path, answer in answers.items()} == {
        "/healthz": 200,
        "/readyz": 200,
        "/metrics": 200,
    }


async def test_logins_are_counted_with_their_time_whether_they_held_or_not(http: Http, issuer: SigningIssuer) -> None:
    body, headers = request("greet", {"name": "x"})
    async with http() as client:
        for token in (issuer.token(groups=["admin"]), issuer.token(exp=1), "nonsense.of.somebody"):
            await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})
        told = (await client.get("/metrics")).text
    for line in (
        'mcp_auth_total{result="ok"} 1.0',
        'mcp_auth_total{result="expired"} 1.0',
        'mcp_auth_total{result="malformed"} 1.0',
        'mcp_auth_duration_seconds_count{result="ok"} 1.0',
    ):
        assert line in told


async def test_a_caller_who_sends_too_much_is_told_when_to_come_back_and_others_are_not_held_up(
    service: McpService, platform: Platform, issuer: SigningIssuer
) -> None:
    settings = platform.settings.model_copy(update={"rate_limit": 0.01, "rate_burst": 2})
    built = service.build(dataclasses.replace(platform, settings=settings))
    body, headers = request("greet", {"name": "x"})

    async def answer(client: httpx2.AsyncClient, subject: str) -> httpx2.Response:
        token = issuer.token(subject=subject, groups=["admin"])
        return await client.post("/mcp", json=body, headers={**headers, "authorization": f"Bearer {token}"})

    async with run_asgi_lifespan(built.http):
        network = StreamingASGITransport(built.app)
        async with httpx2.AsyncClient(transport=network, base_url="http://127.0.0.1:8000") as client:
            answers = [await answer(client, "alice") for _ in range(3)]
            other = await answer(client, "bob")
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "rate_limited"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 100
    assert "www-authenticate" not in answers[-1].headers
    assert other.status_code == 200
