"""Commands on a device's terminal, with a status for each and one for all, as RADKit gives them."""

import asyncio
from collections.abc import Sequence
from typing import Any

from simulators.cli import Box, answer_of, session
from simulators.radkit.behaviour import DeviceState
from simulators.radkit.service import Service
from simulators.world.models import Device

SUCCESS, FAILURE, PARTIAL, PROCESSING = "SUCCESS", "FAILURE", "PARTIAL_SUCCESS", "PROCESSING"


async def executed(service: Service, device: Device, commands: Sequence[str], patience: float) -> dict[str, Any]:
    """What came of commands that were run one after the other; `patience` is for each of them, 0 for none."""
    state, behaviour = service.state_of(device.hostname), service.behaviour
    if state == "unreachable":
        await asyncio.sleep(behaviour.connect_seconds)
        return _failed(f"Could not connect to {device.management_ip}:22: connection timed out", FAILURE)
    if state == "hanging" or 0 < patience < behaviour.command_seconds:
        await asyncio.sleep(patience or behaviour.command_seconds)
        return _failed(f"No answer within {patience:g} seconds", PROCESSING)
    results = []
    for number, command in enumerate(commands):
        await asyncio.sleep(behaviour.command_seconds)
        if state == "partial" and number:
            results.append(_result(command, FAILURE, "", "The session was closed by the device"))
            continue
        service.executed.append((device.hostname, command))
        results.append(_result(command, SUCCESS, _printed(service, device, command, state), ""))
    statuses = {result["status"] for result in results}
    whole = SUCCESS if statuses == {SUCCESS} else PARTIAL
    return {"status": whole, "status_message": "" if whole == SUCCESS else "Some commands failed", "results": results}


def _printed(service: Service, device: Device, command: str, state: DeviceState) -> str:
    """The record of the terminal: prompt, echo, output, prompt. A command nobody knows is a success all the same."""
    if state == "silent":
        return ""
    now = service.clock()
    pushed = [push.cli for push in service.happenings.pushes(device.hostname, now)]
    output = answer_of(Box(service.world, device, now, pushed, service.happenings.uplink(now)), command)
    if output.changes:
        service.changed.append(command)
    text = f"{device.hostname}#{session(device, command, output)}"
    if state == "huge":
        line = "%LINK-3-UPDOWN: Interface GigabitEthernet1/0/1, changed state to up\n"
        filler = line * (service.behaviour.huge_characters // len(line))
        return f"{device.hostname}#{command}\n{filler}{device.hostname}#"
    return text


def _result(command: str, status: str, data: str, message: str) -> dict[str, str]:
    return {"command": command, "status": status, "data": data, "status_message": message}


def _failed(message: str, status: str) -> dict[str, Any]:
    return {"status": status, "status_message": message, "results": []}
