"""The adapter over a scripted library of the documented form, for what the double does not do."""

import functools
import threading
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import anyio.lowlevel
import pytest

from mcp_common.errors import Busy, NotFound, PlatformError, UpstreamTimeout
from mcp_radkit.library import adapter
from mcp_radkit.library.adapter import LibraryPort
from mcp_radkit.library.port import DeviceFacts
from mcp_radkit.library.threads import Threads


class Future:
    """Does what a script says when somebody waits."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self._do = do

    def wait(self, timeout: float | None = None) -> "Future":
        self.result = self._do()
        return self


def status(value: str, **members: Any) -> SimpleNamespace:
    return SimpleNamespace(status=SimpleNamespace(value=value), status_message="", **members)


class Outputs(dict[str, Any]):
    """Results by command, or by device."""

    def __init__(self, found: dict[str, Any], state: str = "SUCCESS", message: str = "") -> None:
        super().__init__(found)
        self.status, self.status_message = SimpleNamespace(value=state), message


class Library:
    """One device, whose exec, snmp and http do what the test says."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed = False
        self._do = do
        internal = SimpleNamespace(host="10.0.0.1", device_type=SimpleNamespace(value="IOS_XR"), snmp_version="3")
        device = SimpleNamespace(
            name="r1",
            attributes=SimpleNamespace(internal=internal),
            exec=self._exec,
            snmp=SimpleNamespace(get=lambda oid: Future(do), walk=lambda oid: Future(do)),
            http=SimpleNamespace(get=lambda path: Future(do)),
        )
        self.inventory = {"r1": device}

    def _exec(self, commands: list[str], **options: Any) -> Future:
        self.sent.append({"commands": commands, **options})
        return Future(self._do)

    def update_inventory(self) -> None:
        return

    def close(self) -> None:
        self.closed = True


def port_over(library: Library, most: int = 4) -> LibraryPort:
    return LibraryPort(library, library, Threads(most))


async def test_exactly_what_was_asked_is_passed_on_and_nothing_else() -> None:
    library = Library(lambda: {"r1": {"show clock": status("SUCCESS", data="12:00")}})
    (answer,) = await port_over(library).execute("r1", ["show clock"], 9.0)
    assert (answer.outcome, answer.text) == ("succeeded", "12:00")
    assert library.sent == [
        {"commands": ["show clock"], "timeout": 9.0, "reset_before": False, "reset_after": False, "sudo": False}
    ]


async def test_a_result_without_the_device_is_understood_too() -> None:
    library = Library(lambda: Outputs({"show clock": status("SUCCESS", data=b"12:00")}))
    (answer,) = await port_over(library).execute("r1", ["show clock"], 9.0)
    assert answer.text == "12:00"


async def test_each_command_has_its_own_end() -> None:
    found = Outputs(
        {
            "a": status("SUCCESS", data="A"),
            "b": status("PARTIAL_SUCCESS", data="B"),
            "c": status("PROCESSING", data=None),
            "d": status("FAILURE", data=None),
            "e": status("SOMETHING_NEW", data="E"),
        },
        "PARTIAL_SUCCESS",
        "not all of it",
    )
    answers = await port_over(Library(lambda: {"r1": found})).execute("r1", ["a", "b", "c", "d", "e", "f"], 9.0)
    outcomes = [answer.outcome for answer in answers]
    assert outcomes == ["succeeded", "partial", "timed_out", "failed", "failed", "partial"]
    assert answers[-1].message == "not all of it"


async def test_no_result_at_all_is_an_error() -> None:
    with pytest.raises(PlatformError) as caught:
        await port_over(Library(lambda: None)).execute("r1", ["show clock"], 9.0)
    assert caught.value.code == "unavailable"


async def test_an_output_beyond_all_measure_is_cut_and_says_so() -> None:
    library = Library(lambda: {"r1": {"a": status("SUCCESS", data="x" * 2_500_000)}})
    (answer,) = await port_over(library).execute("r1", ["a"], 9.0)
    assert len(answer.text) < 2_000_100
    assert answer.dropped == 500_000


async def test_a_future_that_never_ends_costs_a_thread_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "GRACE", 0.05)
    gate = threading.Event()
    library = Library(lambda: gate.wait(30))
    port = port_over(library, most=2)
    for _ in range(2):
        with pytest.raises(UpstreamTimeout):
            await port.execute("r1", ["show clock"], 0.05)
    with pytest.raises(Busy):
        await port.execute("r1", ["show clock"], 0.05)
    gate.set()


class LoginExpiredError(Exception):
    pass


class WeirdError(Exception):
    pass


class DeviceNotFound(Exception):
    pass


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (TimeoutError("60 s"), "upstream_timeout"),
        (ConnectionError("gone"), "unavailable"),
        (OSError("no route"), "unavailable"),
        (LoginExpiredError("token=abcdef123456"), "upstream_unauthorized"),
        (DeviceNotFound("r1"), "not_found"),
        (WeirdError("password=hunter2"), "upstream_failed"),
        (AttributeError("no such thing"), "upstream_failed"),
        (RecursionError(), "upstream_failed"),
    ],
)
async def test_whatever_the_library_raises_is_an_error_of_ours_whose_text_tells_nothing_of_it(
    raised: Exception, code: str
) -> None:
    def fail() -> None:
        raise raised

    asked: list[Callable[[LibraryPort], Awaitable[object]]] = [
        lambda port: port.execute("r1", ["a"], 1.0),
        lambda port: port.snmp_walk("r1", "1.3.6.1.2.1.1", 1.0),
        lambda port: port.http_get("r1", "/restconf/data", 1.0),
    ]
    for ask in asked:
        with pytest.raises(PlatformError) as caught:
            await ask(port_over(Library(fail)))
        assert caught.value.code == code
        assert not str(raised) or str(raised) not in str(caught.value)
        assert "hunter2" not in str(caught.value.detail)


async def test_rows_come_in_lists_and_by_number() -> None:
    row = SimpleNamespace(oid_str=".1.3.6.1.2.1.1.5.0", type=SimpleNamespace(value="OctetString"), value=b"r1")
    for result in ([row], {0: row}):
        library = Library(functools.partial(dict.get, {0: result}, 0))
        (found,) = await port_over(library).snmp_get("r1", ["1.3.6.1.2.1.1.5.0"], 1.0)
        assert (found.oid, found.type, found.value) == ("1.3.6.1.2.1.1.5.0", "OctetString", "r1")


async def test_an_http_answer_may_have_its_text_as_a_method() -> None:
    answer = SimpleNamespace(status_code=200, headers={"Content-Type": "text/plain"}, text=lambda: "hello")
    found = await port_over(Library(lambda: answer)).http_get("r1", "/restconf", 1.0)
    assert (found.status, found.content_type, found.text) == (200, "text/plain", "hello")


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"content": b'{"a": 1}'}, '{"a": 1}'),
        ({"text": None, "json": {"a": 1}}, '{"a": 1}'),
        ({"json": lambda: [1]}, "[1]"),
        ({}, ""),
    ],
)
async def test_an_http_answer_may_have_bytes_or_json_only(members: dict[str, Any], text: str) -> None:
    answer = SimpleNamespace(status_code=200, **members)
    found = await port_over(Library(lambda: answer)).http_get("r1", "/restconf", 1.0)
    assert (found.content_type, found.text) == ("", text)


@pytest.mark.parametrize("operations", [{"get": {}, "put": {}}, SimpleNamespace(get=1, put=2), ["GET", "PUT"]])
async def test_the_paths_of_a_swagger_document_have_methods_of_either_form(operations: object) -> None:
    library = Library(lambda: None)
    device = library.inventory["r1"]
    device.swagger = SimpleNamespace(paths={"/x": operations})
    device.update_swagger = lambda: Future(lambda: None)
    (path,) = await port_over(library).api_paths("r1", 1.0)
    assert (path.path, path.methods) == ("/x", ("GET", "PUT"))


async def test_abilities_are_known_by_the_names_of_older_and_newer_releases() -> None:
    library = Library(lambda: None)
    internal = {"host": "h", "device_type": "IOS", "snmp_config": True, "terminal_config": True, "http_config": False}
    library.inventory["r1"].attributes.internal = internal
    assert await port_over(library).devices() == [DeviceFacts("r1", "h", "IOS", "", ("cli", "snmp"))]


async def test_the_inventory_is_read_with_attributes_of_either_form() -> None:
    assert await port_over(Library(lambda: None)).devices() == [DeviceFacts("r1", "10.0.0.1", "IOS_XR", "", ("snmp",))]
    with pytest.raises(NotFound):
        await port_over(Library(lambda: None)).execute("r2", ["a"], 1.0)


async def test_what_comes_when_nobody_waits_any_more_is_cleared_away() -> None:
    gate, cleared = threading.Event(), threading.Event()

    def slow() -> str:
        gate.wait(10)
        return "opened"

    threads = Threads(1)
    with pytest.raises(UpstreamTimeout):
        await threads.run(slow, seconds=0.05, unwanted=lambda found: cleared.set())
    gate.set()
    with anyio.fail_after(5):
        while not cleared.is_set() or threads.running:
            await anyio.lowlevel.checkpoint()


async def test_closing_ends_the_client() -> None:
    library = Library(lambda: None)
    await port_over(library).close()
    assert library.closed
