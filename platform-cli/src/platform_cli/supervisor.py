"""Start the parts, wait until they are ready, watch them, and stop them in reverse order."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from platform_cli.layout import Trouble
from platform_cli.parts import Part
from platform_cli.status import SILENCE, why_no_connection, why_not_ready

POLL_SECONDS = 0.05
TAIL_LINES = 12

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """Seconds: until a part must be ready, until an optional one that answers must be, and given to one to end."""

    ready: float = 60.0
    optional: float = 10.0
    stop: float = 12.0


class Supervisor:
    """The processes of one run. `report` hears each part's name and what became of it."""

    def __init__(
        self, parts: Sequence[Part], logs: Path, report: Callable[[Part, str], None], limits: Limits | None = None
    ) -> None:
        self.parts = list(parts)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.not_ready: dict[str, str] = {}
        self._logs = logs
        self._report = report
        self._limits = limits or Limits()
        self._ready = {part.name: asyncio.Event() for part in parts}

    def log(self, part: Part) -> Path:
        """The file with the output of a part."""
        return self._logs / f"{part.name}.log"

    async def start(self) -> None:
        """Start every part as soon as what it needs is ready; return when all are.

        Raises:
            Trouble: when a part ends or is not ready in time, with the end of its log.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        async with httpx2.AsyncClient(timeout=2.0, trust_env=False) as http:
            tasks = [asyncio.create_task(self._bring_up(part, http)) for part in self.parts]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def watch(self) -> None:
        """Return only by raising: when a part ends.

        Raises:
            Trouble: naming the part, with the end of its log.
        """
        while True:
            self._check_all_alive()
            await asyncio.sleep(POLL_SECONDS * 4)

    async def stop(self) -> None:
        """End every process group, last started first; none is left when this returns."""
        for name, process in reversed(self.processes.items()):
            if process.poll() is None:
                _signal_group(process, signal.SIGTERM)
                deadline = time.monotonic() + self._limits.stop
                while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - a process, no event
                    await asyncio.sleep(POLL_SECONDS)
            # Also when the part itself has ended: something it started may not have.
            _signal_group(process, signal.SIGKILL)
            process.wait()
            self._report(self._part(name), "stopped")
        self.processes.clear()

    def kill(self) -> None:
        """End every process group at once, without asking."""
        for process in self.processes.values():
            _signal_group(process, signal.SIGKILL)

    async def _bring_up(self, part: Part, http: httpx2.AsyncClient) -> None:
        for name in part.needs:
            await self._ready[name].wait()
        self._spawn(part)
        if await self._wait_ready(part, http):
            if part.then is not None:
                await part.then()
            self._report(part, "ready")
        else:
            self._report(part, f"runs, not ready: {self.not_ready[part.name]}")
        self._ready[part.name].set()

    def _spawn(self, part: Part) -> None:
        with self.log(part).open("wb") as output:
            os.fchmod(output.fileno(), 0o600)
            self.processes[part.name] = subprocess.Popen(
                part.command,
                env=part.process_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this process alone, which then stops the others in order
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads are running here
            )

    async def _wait_ready(self, part: Part, http: httpx2.AsyncClient) -> bool:
        """True when ready; False for an optional part that answers and lacks something for long."""
        began, first = time.monotonic(), None
        while reason := await _lacking(part, http):
            self._check_all_alive()
            now = time.monotonic()
            if reason != SILENCE and first is None:
                first = (now, reason)
            if part.optional and first is not None and now - first[0] > self._limits.optional:
                # What it lacked at first; asking again and again may have opened a circuit that now hides it.
                self.not_ready[part.name] = first[1]
                return False
            if now - began > self._limits.ready:
                raise Trouble(
                    f"The {part.label} was not ready after {now - began:.0f} s: {reason}.\n{self._tail(part)}"
                )
            await asyncio.sleep(POLL_SECONDS)
        return True

    def _check_all_alive(self) -> None:
        for part in self.parts:
            self._check_alive(part)

    def _check_alive(self, part: Part) -> None:
        process = self.processes.get(part.name)
        if process is not None and (code := process.poll()) is not None:
            how = f"ended with exit code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
            raise Trouble(f"The {part.label} {how}.\n{self._tail(part)}")

    def _tail(self, part: Part) -> str:
        path = self.log(part)
        lines = path.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join([f"The end of {path}:", *(f"    {line}" for line in lines)])

    def _part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)


async def _lacking(part: Part, http: httpx2.AsyncClient) -> str:
    return await why_not_ready(http, f"{part.url}{part.ready}") if part.ready else await why_no_connection(part.port)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _die_with_parent() -> None:
    """Linux: the child is told to end when this process is killed outright, so that nothing stays behind."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
