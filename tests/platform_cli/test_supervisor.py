"""Parts start in order, are watched, and are gone afterwards."""

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from mcp_common.testing.waiting import eventually
from platform_cli.layout import Layout, Trouble
from platform_cli.parts import Part
from platform_cli.preflight import problems
from platform_cli.supervisor import Limits, Supervisor
from tests.platform_cli.conftest import free_port

SERVE = """
import http.server, sys
status = int(sys.argv[2])
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b'{"checks": {"upstream": {"ok": false, "reason": "it sleeps"}}}')
{before}
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def serving(name: str, before: str = "", status: int = 200, **more: Any) -> Part:
    port = free_port()
    program = SERVE.replace("{before}", before)
    command = (sys.executable, "-c", program, str(port), str(status))
    return Part(name=name, label=f"part {name}", command=command, port=port, ready="/readyz", **more)


class Stage:
    """A supervisor, and what it reported."""

    def __init__(self, folder: Path, *parts: Part, limits: Limits | None = None) -> None:
        self.reported: list[tuple[str, str]] = []
        self.supervisor = Supervisor(parts, folder, self.note, limits)

    def note(self, part: Part, state: str) -> None:
        self.reported.append((part.name, state))


async def test_parts_start_after_what_they_need_and_stop_in_reverse(tmp_path: Path) -> None:
    done: list[str] = []

    async def seed() -> None:
        assert "second" not in stage.supervisor.processes, "the second starts only when the first is seeded"
        done.append("seeded")

    stage = Stage(tmp_path, serving("first", then=seed), serving("second", needs=("first",)))
    await stage.supervisor.start()
    pids = [process.pid for process in stage.supervisor.processes.values()]
    await stage.supervisor.stop()
    assert done == ["seeded"]
    assert stage.reported == [("first", "ready"), ("second", "ready"), ("second", "stopped"), ("first", "stopped")]
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_a_part_that_ends_at_once_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    before = "print('one line\\nthe reason'); sys.exit(3)"
    stage = Stage(tmp_path, serving("good"), serving("bad", before))
    with pytest.raises(Trouble, match="The part bad ended with exit code 3") as trouble:
        await stage.supervisor.start()
    await stage.supervisor.stop()
    assert "the reason" in str(trouble.value)
    assert str(tmp_path / "bad.log") in str(trouble.value)


async def test_a_part_that_dies_later_is_noticed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, serving("steady"), serving("frail"))
    await stage.supervisor.start()
    watching = asyncio.create_task(stage.supervisor.watch())
    stage.supervisor.processes["frail"].kill()
    with pytest.raises(Trouble, match="The part frail was ended by SIGKILL"):
        await watching
    await stage.supervisor.stop()


async def test_a_part_that_never_answers_is_given_up(tmp_path: Path) -> None:
    stage = Stage(tmp_path, serving("mute", "import time; time.sleep(60)"), limits=Limits(ready=0.3))
    with pytest.raises(Trouble, match="The part mute was not ready after 0 s: nothing answers"):
        await stage.supervisor.start()
    await stage.supervisor.stop()


async def test_an_optional_part_that_lacks_something_is_named_and_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    stage = Stage(tmp_path, serving("new", status=503, optional=True), limits=Limits(optional=0.2))
    await stage.supervisor.start()
    assert stage.supervisor.not_ready == {"new": "upstream: it sleeps"}
    await stage.supervisor.stop()


async def test_what_a_part_started_and_a_part_that_ignores_the_request_to_end_are_gone_too(tmp_path: Path) -> None:
    before = """
import signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
"""
    stage = Stage(tmp_path, serving("stubborn", before), limits=Limits(stop=0.2))
    await stage.supervisor.start()
    child = int((tmp_path / "stubborn.log").read_text().split()[0])
    parent = stage.supervisor.processes["stubborn"].pid
    await stage.supervisor.stop()
    await eventually(gone(child))
    assert not psutil.pid_exists(parent)


async def test_a_part_is_told_to_end_when_the_supervisor_is_killed_outright(tmp_path: Path) -> None:
    port = free_port()
    program = f"""
import asyncio
from pathlib import Path
from platform_cli.parts import Part
from platform_cli.supervisor import Supervisor
command = ({sys.executable!r}, "-m", "http.server", "{port}", "--bind", "127.0.0.1")
part = Part(name="only", label="only", command=command, port={port}, ready="/")
async def run():
    supervisor = Supervisor([part], Path({str(tmp_path)!r}), lambda part, state: None)
    await supervisor.start()
    print(supervisor.processes["only"].pid, flush=True)
    await supervisor.watch()
asyncio.run(run())
"""
    pipe = asyncio.subprocess.PIPE
    supervisor = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=pipe)
    assert supervisor.stdout is not None
    part = int(await supervisor.stdout.readline())
    supervisor.kill()
    await supervisor.wait()
    await eventually(gone(part))


async def test_a_port_in_use_is_named_with_its_holder_before_anything_starts(tmp_path: Path) -> None:
    part = serving("one")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", part.port))
        holder.listen()
        [problem] = problems(Layout(tmp_path), [part])
    assert f"Port {part.port} of the part one is in use by " in problem
    assert f"(process {os.getpid()})" in problem
    assert "--port-offset" in problem


def test_a_missing_program_is_named_with_the_mend(tmp_path: Path) -> None:
    part = Part(name="x", label="thing", command=(str(tmp_path / "absent"),), port=free_port())
    [problem] = problems(Layout(tmp_path), [part])
    assert problem == f"The thing is not installed: {tmp_path / 'absent'} is missing. Run make install."


def test_production_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    [problem] = problems(Layout(tmp_path), [])
    assert problem.startswith("ENVIRONMENT is production")


def gone(pid: int) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE

    return ask
