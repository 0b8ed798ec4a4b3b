"""The archive tools, called by an MCP client, against the simulator; and zips nobody sends in good faith."""

import contextlib
import io
import struct
import zipfile
from typing import Any

import httpx2
import pytest
from fastmcp.exceptions import ToolError
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from mcp_catalyst_center.archived_text import LARGEST_TEXT, text_in
from mcp_catalyst_center.login import TOKEN_PATH
from mcp_catalyst_center.tools.archive import get_archived_config
from mcp_common.errors import UpstreamFailed
from mcp_common.testing.plugin import Connect
from mcp_common.testing.upstream import FarSide, SteppingClock
from simulators.catalyst_center import create_app
from simulators.catalyst_center.behaviour import Behaviour
from simulators.catalyst_center.controller import Controller
from simulators.cli.config import secrets_in
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.world import World
from simulators.world.story import FLAGSHIP, LEVEL
from tests.mcp_catalyst_center.calling import call, pages
from tests.mcp_catalyst_center.far_side import V1, bare, client_of, enveloped

FILE = "66666666-0000-4000-8000-000000000001"
DOWNLOAD = f"POST {V1}/networkDeviceConfigFiles/{FILE}/downloadMasked"


@pytest.fixture(params=["text", "zip"])
def upstream_app(
    request: pytest.FixtureRequest, world: World, simulated_clock: SteppedClock, faults: Faults
) -> Starlette:
    """Controllers that give files out as they are, and in zips."""
    behaviour = Behaviour(masked_download=request.param)
    return create_app(world, clock=simulated_clock, faults=faults, behaviour=behaviour)


async def archived(connect: Connect, world: World, hostname: str, **arguments: Any) -> list[dict[str, Any]]:
    device = world.device_named(hostname)
    return await pages(connect, "list_archived_configs", "configs", device_id=device.id, limit=2, **arguments)


async def test_the_archive_of_a_device_is_listed_newest_first(connect: Connect, world: World) -> None:
    found = await archived(connect, world, FLAGSHIP)
    assert [config["created_by"] for config in found] == ["CONFIG_CHANGE_EVENT", "SCHEDULED", "SCHEDULED_FIRST_TIME"]
    assert {config["type"] for config in found} == {"RUNNINGCONFIG"}
    first = await call(connect, "list_archived_configs", device_id=world.device_named(FLAGSHIP).id, limit=1)
    assert (first["total"], first["more"]) == (3, True)


async def test_a_comparison_shows_the_change_that_began_the_trouble(connect: Connect, world: World) -> None:
    after, before, _ = await archived(connect, world, FLAGSHIP)
    found = await call(connect, "compare_archived_configs", before_id=before["id"], after_id=after["id"])
    assert (found["same"], found["added"], found["removed"]) == (False, 1, 1)
    assert f"+ storm-control broadcast level {LEVEL}\n" in found["diff"]["text"]
    assert (found["before"]["id"], found["after"]["created_by"]) == (before["id"], "CONFIG_CHANGE_EVENT")
    same = await call(connect, "compare_archived_configs", before_id=after["id"], after_id=after["id"])
    assert (same["same"], same["diff"]["text"]) == (True, "")


async def test_an_archived_configuration_is_read_in_parts_without_its_secrets(connect: Connect, world: World) -> None:
    device = world.device_named(FLAGSHIP)
    config = (await archived(connect, world, FLAGSHIP))[0]
    text, start = "", 0
    for _ in range(20):
        found = await call(connect, "get_archived_config", config_id=config["id"], start=start)
        text += found["content"]["text"]
        if not found["content"]["more"]:
            break
        start = found["content"]["next_start"]
    assert text.endswith("end\n")
    assert len(text) == found["content"]["total_chars"]
    assert [secret for secret in secrets_in(world, device) if secret in text] == []


async def test_a_secret_the_controller_does_not_mask_is_masked_here(
    connect: Connect, world: World, controller: Controller
) -> None:
    device, project = world.device_named("zrh01-f01-acc-01"), world.template_named("Access VLAN").project_id
    text = "snmp-server community HuNt3r-2 RO\n"
    made = await call(connect, "create_template", project_id=project, name="Leaky", content=text)
    await call(connect, "commit_template", template_id=made["id"], comment="c")
    await call(connect, "deploy_template", template_id=made["id"], device_id=device.id)
    newest, before, *_ = await archived(connect, world, device.hostname)
    (file,) = [file for file in controller.archive.every_file() if file.id == newest["id"]]
    assert b"HuNt3r-2" in controller.archive.masked(file)
    found = await call(connect, "compare_archived_configs", before_id=before["id"], after_id=newest["id"])
    assert "+snmp-server community <masked> RO" in found["diff"]["text"]
    shown = await call(connect, "get_archived_config", config_id=newest["id"], start=-400)
    assert "snmp-server community <masked> RO" in shown["content"]["text"]


async def test_a_vlan_database_is_no_text(connect: Connect, world: World) -> None:
    (config, *_) = await archived(connect, world, FLAGSHIP, type="VLAN")
    with pytest.raises(ToolError, match="it is no text"):
        await call(connect, "get_archived_config", config_id=config["id"])


async def test_an_unknown_file_says_where_ids_come_from(connect: Connect) -> None:
    with pytest.raises(ToolError, match=r"no archived configuration with this id\. Ask list_archived_configs"):
        await call(connect, "get_archived_config", config_id="00000000-0000-4000-8000-000000000000")


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return body.getvalue()


def bomb(size: int, claimed: int | None = None) -> bytes:
    """A zip of zeros, which may lie about how many there are."""
    body = bytearray(packed(("sw1.cfg", b" " * size)))
    if claimed is not None:
        where = body.rindex(b"PK\x01\x02")
        body[where + 24 : where + 28] = struct.pack("<I", claimed)
        body[22:26] = struct.pack("<I", claimed)
    return bytes(body)


def marked(local: int, central: int, value: int) -> bytes:
    """A zip with another value in a byte of both heads of its file."""
    body = bytearray(packed(("sw1.cfg", b"hostname a\n")))
    body[local] = body[body.rindex(b"PK\x01\x02") + central] = value
    return bytes(body)


REFUSED: dict[str, tuple[bytes, str]] = {
    "bomb": (bomb(50 * 1024 * 1024), "unpacks to more than 4 MiB"),
    "bomb that says it is small": (bomb(50 * 1024 * 1024, claimed=10), "cannot be shown|more than 4 MiB"),
    "zip in a zip": (packed(("a.zip", packed(("b.cfg", b"x\x00")))), "it is no text"),
    "two files": (packed(("a.cfg", b"x"), ("b.cfg", b"y")), "exactly one file"),
    "very many files": (packed(*((f"{n}", b"") for n in range(3_000))), "exactly one file"),
    "no file": (packed(), "exactly one file"),
    "only a folder": (packed(("a/", b"")), "exactly one file"),
    "password": (marked(6, 8, 1), "needs a password"),
    "half a zip": (packed(("a.cfg", b"hostname a\n"))[:-30], "broken"),
    "no zip at all": (b"PK\x03\x04 and then nothing", "broken"),
    "method nobody knows": (marked(8, 10, 99), "broken"),
}


@pytest.mark.parametrize("body", [body for body, _ in REFUSED.values()], ids=list(REFUSED))
def test_what_is_no_plain_zip_is_refused_in_our_words(body: bytes) -> None:
    why = next(why for known, why in REFUSED.values() if known is body)
    with pytest.raises(UpstreamFailed, match=why):
        text_in(body)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/shadow", "C:\\boot.ini", "a" * 60_000, "\x1b[2J\u202e.cfg", "ä/東.cfg"]
)
def test_names_in_a_zip_are_only_names(name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert text_in(packed((name, b"hostname a\n"))) == "hostname a\n"
    assert list(tmp_path.iterdir()) == []


def test_the_largest_text_is_still_shown() -> None:
    assert len(text_in(bomb(LARGEST_TEXT))) == LARGEST_TEXT
    with pytest.raises(UpstreamFailed):
        text_in(bomb(LARGEST_TEXT + 1))


@given(st.binary(max_size=300), st.integers(0, 200), st.binary(max_size=4))
def test_whatever_comes_is_text_or_an_error_of_ours(body: bytes, at: int, change: bytes) -> None:
    good = bytearray(packed(("sw1.cfg", b"hostname a\n")))
    good[at : at + len(change)] = change
    for content in (body, b"PK" + body, bytes(good)):
        with contextlib.suppress(UpstreamFailed):
            assert isinstance(text_in(content), str)


async def test_a_file_with_a_lying_name_and_too_much_in_it_is_refused() -> None:
    side = FarSide()
    side.on(f"POST {TOKEN_PATH}", bare({"Token": "t0k3n"}))
    side.on(f"GET {V1}/networkDeviceConfigFiles/{FILE}", enveloped({"id": FILE, "fileType": "RUNNINGCONFIG"}))
    headers = {"Content-Disposition": 'attachment; filename="../../../root/.ssh/authorized_keys"'}
    side.on(
        DOWNLOAD,
        httpx2.Response(200, content=b"hostname a\nenable secret HuNt3r-2\n", headers=headers),
        httpx2.Response(200, content=b"x" * (4 * 1024 * 1024 + 1)),
    )
    catalyst: Any = client_of(side, SteppingClock())
    found = await get_archived_config(catalyst, FILE)
    assert found.content.text == "hostname a\nenable secret <masked>\n"
    with pytest.raises(UpstreamFailed):
        await get_archived_config(catalyst, FILE)
