"""`mcp-platform up`: the whole platform in the foreground, until Ctrl-C."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

from platform_cli.layout import Layout, Trouble
from platform_cli.parts import Part, table
from platform_cli.preflight import pid_file, problems
from platform_cli.supervisor import Supervisor
from platform_cli.welcome import welcome

Say = Callable[[str], None]


async def up(layout: Layout, say: Say) -> None:
    """Start everything, say what is where, and run until told to stop.

    Raises:
        Trouble: before the start when something stands in the way; later when a part ends or does not get ready.
            All parts are stopped by then.
    """
    parts = table(layout)
    if found := problems(layout, parts):
        raise Trouble("\n".join(["Nothing was started.", *(f"- {problem}" for problem in found)]))
    began = time.monotonic()
    layout.run.mkdir(parents=True, exist_ok=True)
    layout.happenings.unlink(missing_ok=True)
    pid_file(layout).write_text(str(os.getpid()))

    def report(part: Part, state: str) -> None:
        say(f"{time.monotonic() - began:5.1f} s  {part.label:40} {state}")

    supervisor = Supervisor(parts, layout.logs, report)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked_to_stop(number: signal.Signals) -> None:
        if stop.is_set():
            supervisor.kill()
        else:
            say(f"\nStopping ({number.name}).")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, asked_to_stop, number)

    async def run() -> None:
        await supervisor.start()
        say(welcome(layout, supervisor.not_ready, time.monotonic() - began))
        await supervisor.watch()

    running, stopping = asyncio.create_task(run()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not running.done():
            running.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)
        await supervisor.stop()
        pid_file(layout).unlink(missing_ok=True)
    if not running.cancelled():
        running.result()
