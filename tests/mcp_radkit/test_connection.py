"""The way to RADKit: logins of all kinds, rotation, refusals, and the far side slow, gone or talking nonsense."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcp_common.errors import Busy, NotFound, PlatformError, Unavailable, UpstreamUnauthorized
from mcp_common.vault import Secret
from mcp_radkit.client import RadkitClient, RadkitLimits
from mcp_radkit.login import Terms
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.radkit import IDENTITY, SERIAL, TOKEN
from simulators.radkit.service import Service
from simulators.world.models import Device
from tests.simulated import SharedClock

PEM = "-----BEGIN {0}-----\nMIIB\n-----END {0}-----\n"
CERTIFICATE = {
    "identity": IDENTITY,
    "service_serial": SERIAL,
    "certificate": PEM.format("CERTIFICATE"),
    "chain": PEM.format("CERTIFICATE"),
    "private_key": PEM.format("ENCRYPTED PRIVATE KEY"),
    "private_key_password_base64": "c2VjcmV0",
}


class Store:
    """The secret store, as far as a client sees it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data, self.version = data, 1

    async def __call__(self) -> Secret:
        if not self.data:
            raise NotFound("nothing there")
        return Secret(self.data, self.version)

    def rotate(self, **changes: Any) -> None:
        self.data, self.version = self.data | changes, self.version + 1


@asynccontextmanager
async def opened(
    secret: dict[str, Any] | Store, clock: SteppedClock, *, production: bool = False, **limits: Any
) -> AsyncIterator[RadkitClient]:
    class Hasty(RadkitClient):
        pass

    Hasty.clock = SharedClock(clock)
    Hasty.limits = RadkitLimits(**limits)
    store = secret if isinstance(secret, Store) else Store(secret)
    client = Hasty(store, production=production)
    try:
        yield client
    finally:
        await client.aclose()


@pytest.mark.parametrize("proof", [CERTIFICATE, {"access_token": TOKEN, "service_serial": SERIAL}])
async def test_the_cloud_takes_a_certificate_or_a_token(
    proof: dict[str, Any],
    upstream_secret: dict[str, Any],
    simulated_clock: SteppedClock,
    switch: Device,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("RADKIT_SIMULATOR_URL", f"http://127.0.0.1:{upstream_secret['port']}")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with opened({"client_module": "simulators.radkit.client", **proof}, simulated_clock) as client:
        assert switch.hostname in await client.inventory()
    assert [*os.scandir(tmp_path)] == []


async def test_a_new_secret_opens_a_new_connection_without_a_restart(
    upstream_secret: dict[str, Any], simulated_clock: SteppedClock, radkit: Service
) -> None:
    store = Store(upstream_secret)
    async with opened(store, simulated_clock) as client:
        await client.ready()
        await client.ready()
        assert radkit.logins == 1
        store.rotate(note="renewed")
        await client.ready()
        assert radkit.logins == 2


async def test_a_refused_account_is_not_tried_again_at_once(
    upstream_secret: dict[str, Any], simulated_clock: SteppedClock, radkit: Service
) -> None:
    store = Store(upstream_secret | {"password": "wrong"})
    async with opened(store, simulated_clock) as client:
        for _ in range(5):
            with pytest.raises(UpstreamUnauthorized, match="api/radkit"):
                await client.ready()
        assert len(radkit.requests) == 1
        simulated_clock.advance(31)
        with pytest.raises(UpstreamUnauthorized):
            await client.ready()
        assert len(radkit.requests) == 2
        store.rotate(password=upstream_secret["password"])
        await client.ready()


async def test_everybody_shares_one_login(
    upstream_secret: dict[str, Any], simulated_clock: SteppedClock, radkit: Service
) -> None:
    async with opened(upstream_secret, simulated_clock) as client, anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(client.ready)
    assert radkit.logins == 1


async def test_the_simulator_is_refused_in_production(
    upstream_secret: dict[str, Any], simulated_clock: SteppedClock, radkit: Service
) -> None:
    async with opened(upstream_secret, simulated_clock, production=True) as client:
        with pytest.raises(Unavailable, match="refused with ENVIRONMENT=production"):
            await client.ready()
    assert len(radkit.requests) == 0


async def test_without_ciscos_library_it_says_what_to_install(simulated_clock: SteppedClock) -> None:
    async with opened({"access_token": "x", "service_serial": "y"}, simulated_clock) as client:
        with pytest.raises(Unavailable, match=r"mcp-radkit\[radkit\]"):
            await client.ready()


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ({}, "nothing lies at"),
        ({"client_module": "os"}, "client_module must be"),
        ({"client_module": "simulators.radkit.client", "x": "y"}, "needs host"),
        ({"host": "radkit.example", "username": "u"}, "lacks password"),
        ({"host": "radkit.example", "port": "8181"}, "port must be"),
        ({"base_url": "https://", "username": "u", "password": "p"}, "base_url must be"),
        ({"certificate": "x"}, "lacks identity"),
    ],
)
async def test_what_a_secret_lacks_is_named(
    secret: dict[str, Any], problem: str, simulated_clock: SteppedClock
) -> None:
    async with opened(secret, simulated_clock) as client:
        with pytest.raises(Unavailable, match=problem):
            await client.ready()


def test_terms_do_not_show_their_secrets() -> None:
    terms = Terms.of({"host": "radkit.example", "username": "u", "password": "hunter2hunter2"}, production=True)
    assert "hunter2" not in repr(terms)
    assert terms.port == 8181


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "drop_before"}, "unavailable"),
        ({"kind": "drop_after"}, "unavailable"),
        ({"kind": "half_body"}, "unavailable"),
        ({"kind": "status", "status": 401}, "upstream_unauthorized"),
        ({"kind": "status", "status": 403}, "upstream_failed"),
        ({"kind": "status", "status": 404}, "upstream_failed"),
        ({"kind": "status", "status": 429}, "upstream_failed"),
        ({"kind": "status", "status": 500}, "upstream_failed"),
        ({"kind": "status", "status": 503}, "unavailable"),
        ({"kind": "html", "status": 502}, "unavailable"),
        ({"kind": "html", "status": 200}, "upstream_failed"),
        ({"kind": "broken_json"}, "upstream_failed"),
        ({"kind": "wrong_json"}, "upstream_failed"),
    ],
)
async def test_whatever_the_far_side_does_the_caller_gets_a_typed_error_and_then_goes_on(
    fault: dict[str, Any],
    code: str,
    upstream_secret: dict[str, Any],
    simulated_clock: SteppedClock,
    faults: Faults,
    switch: Device,
) -> None:
    async with opened(upstream_secret, simulated_clock, trip_after=100) as client:
        await client.ready()
        faults.add(fault.pop("kind"), "/devices/*", **fault)
        with pytest.raises(PlatformError) as caught:
            await client.call(lambda port: port.execute(switch.hostname, ["show clock"], 5))
        assert caught.value.code == code
        faults.clear()
        (answer,) = await client.call(lambda port: port.execute(switch.hostname, ["show clock"], 5))
        assert answer.outcome == "succeeded"


async def test_a_service_that_stays_away_is_left_alone_for_a_while(
    upstream_secret: dict[str, Any], simulated_clock: SteppedClock, radkit: Service
) -> None:
    radkit.reachable = False
    async with opened(upstream_secret, simulated_clock, trip_after=3) as client:
        for _ in range(3):
            with pytest.raises(Unavailable):
                await client.ready()
        asked = len(radkit.requests)
        with pytest.raises(Unavailable, match="paused"):
            await client.ready()
        assert len(radkit.requests) == asked
        radkit.reachable = True
        simulated_clock.advance(16)
        await client.ready()


async def test_more_callers_than_places_are_told_to_come_again(
    upstream_secret: dict[str, Any], simulated_clock: SteppedClock, switch: Device, faults: Faults
) -> None:
    faults.add("latency", "/devices/*", latency=0.5)
    refused: list[Busy] = []
    async with opened(upstream_secret, simulated_clock, concurrency=1, waiting=0) as client:
        await client.ready()

        async def ask() -> None:
            try:
                await client.call(lambda port: port.snmp_get(switch.hostname, ["1.3.6.1.2.1.1.5.0"], 5))
            except Busy as problem:
                refused.append(problem)

        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(ask)
    assert len(refused) == 2
    assert refused[0].retry_after
