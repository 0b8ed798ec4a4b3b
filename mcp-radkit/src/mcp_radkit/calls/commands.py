"""Commands on devices: judged before anything is sent, then run on many devices at once, one terminal for each."""

import re
from collections.abc import Sequence

import anyio

from mcp_common.device_commands import problem_with
from mcp_common.device_output import without_frame
from mcp_common.errors import Busy, InvalidArguments, PlatformError, Unavailable, UpstreamTimeout, UpstreamUnauthorized
from mcp_common.tools import ProgressReporter
from mcp_radkit.client import RadkitClient
from mcp_radkit.library.port import DeviceFacts, Executed, Outcome
from mcp_radkit.library.troubles import no_device
from mcp_radkit.operating_system import operating_system_of
from mcp_radkit.runs.kept import MOST_CHARS, DeviceRun

AT_ONCE = 8
"""Devices of one run that are at work at the same time."""
_OURS = (Unavailable, UpstreamUnauthorized, Busy)
"""What concerns all devices: when it befalls each of them, it is the answer to the call."""
_NOT_THERE = "RADKit has no device of this name."
_NO_TURN = "Other runs kept this device's terminal busy all the time. Try again later."
_NO_TIME = "The time was over before this device's turn came. Ask for fewer devices, or give more seconds."
_NOTHING_IN_TIME = "The device did not answer within the time given."


class Runner:
    """One run: which devices, which commands, how long all of it may take."""

    def __init__(
        self, radkit: RadkitClient, commands: Sequence[str], *, seconds: float, progress: ProgressReporter
    ) -> None:
        self._radkit = radkit
        self._commands = list(dict.fromkeys(commands))
        self._seconds = seconds
        self._progress = progress
        self._troubles: list[PlatformError] = []
        self._done = 0
        self._room = MOST_CHARS

    async def run(self, names: Sequence[str]) -> list[DeviceRun]:
        """Run the commands on the devices, and answer in that order.

        Raises:
            InvalidArguments: a command does more than read. Nothing was sent to any device.
            NotFound: there is none of these devices.
            PlatformError: RADKit serves none of them.

        """
        names = list(dict.fromkeys(names))
        inventory = await self._radkit.inventory()
        there = [inventory[name] for name in names if name in inventory]
        if not there:
            raise no_device()
        check_commands(self._commands, there)
        self._room = MOST_CHARS // (len(there) * len(self._commands))
        found: dict[str, DeviceRun] = {}
        places = anyio.Semaphore(AT_ONCE)
        ends = anyio.current_time() + self._seconds
        await self._progress(0, len(there), f"Running {len(self._commands)} commands on {len(there)} devices")

        async def one(device: DeviceFacts) -> None:
            async with places:
                results = await self._on(device, ends)
            found[device.name] = DeviceRun(device.name, device.kind, tuple(results))
            self._done += 1
            await self._progress(self._done, len(there), f"{device.name} has answered")

        async with anyio.create_task_group() as tasks:
            for device in there:
                tasks.start_soon(one, device)
        if len(self._troubles) == len(there):
            raise self._troubles[0]
        return [found.get(name) or DeviceRun(name, "", self._all("failed", _NOT_THERE)) for name in names]

    async def _on(self, device: DeviceFacts, ends: float) -> Sequence[Executed]:
        """What a device answers, or why it does not."""
        async with self._radkit.alone_on(device.name, ends - anyio.current_time()) as alone:
            left = ends - anyio.current_time()
            if not alone or left < 1:
                return self._all("timed_out", _NO_TIME if alone else _NO_TURN)
            try:
                answers = await self._radkit.call(lambda port: port.execute(device.name, self._commands, left))
            except UpstreamTimeout:
                return self._all("timed_out", _NOTHING_IN_TIME)
            except PlatformError as problem:
                if isinstance(problem, _OURS):
                    self._troubles.append(problem)
                return self._all("failed", problem.message)
        return [_bare(answer, self._room) for answer in answers]

    def _all(self, outcome: Outcome, message: str) -> tuple[Executed, ...]:
        return tuple(Executed(command, outcome, message=message) for command in self._commands)


def check_commands(commands: Sequence[str], devices: Sequence[DeviceFacts]) -> None:
    """Refuse what does more than read on any of the devices.

    Raises:
        InvalidArguments: naming the first such command's place, and the reason.

    """
    for system in dict.fromkeys(operating_system_of(device.kind) for device in devices):
        for number, command in enumerate(commands, start=1):
            if problem := problem_with(command, os=system):
                where = f" on {system}" if system else ""
                raise InvalidArguments(f"commands: number {number} is not run{where}: {problem}.")


_COMPLAINT = re.compile(
    r"\s{0,200}\^?\s{0,200}%\s{0,3}(?:invalid|ambiguous|incomplete|unknown|unrecognized|bad|permission denied)",
    re.IGNORECASE,
)


def is_complaint(text: str) -> bool:
    """True when a device printed that it does not know the command. RADKit calls that a success."""
    return _COMPLAINT.match(text[:600]) is not None


def _bare(answer: Executed, room: int) -> Executed:
    """Without echo and prompt, and no longer than `room`: all outputs of a run are kept together."""
    text = without_frame(answer.command, answer.text).strip("\n")
    if dropped := answer.dropped + max(0, len(text) - room):
        text = f"{text[:room]}\n[{dropped} more characters were printed and not kept]"
    return Executed(answer.command, answer.outcome, text, answer.message, dropped)
