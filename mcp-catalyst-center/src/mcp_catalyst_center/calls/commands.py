"""The command runner: allowed words, requests, and the files they end in."""

import re
from collections.abc import Sequence

from pydantic import Field, TypeAdapter, ValidationError

from mcp_catalyst_center.calls.shapes import UUID, Payload
from mcp_catalyst_center.calls.tasks import Task, TaskAccepted
from mcp_catalyst_center.client import V1, CatalystClient
from mcp_catalyst_center.models.commands import CommandStatus
from mcp_catalyst_center.models.shared import Answered
from mcp_common.device_output import without_frame
from mcp_common.errors import UpstreamFailed

_POLLER = f"{V1}/network-device-poller/cli"
_FILE_ID = re.compile(rf"fileId\W{{1,6}}({UUID})")
_LARGEST = 16 * 1024 * 1024
_NO_FILE = "Catalyst Center does not have this output any more. Run the commands again."
_NO_DEVICE = "Catalyst Center does not know one of these devices. Ask list_devices for the ids there are."
_STATES: dict[str, CommandStatus] = {"SUCCESS": "succeeded", "BLACKLISTED": "blocked", "BLOCKLISTED": "blocked"}


class DeviceOutputs(Answered):
    """What one device answered: state -> command -> text. Which states there are differs by release."""

    device_id: str = Field(validation_alias="deviceUuid")
    responses: dict[str, dict[str, str | None] | None] | None = Field(default=None, validation_alias="commandResponses")

    def outputs(self) -> list[tuple[str, CommandStatus, str]]:
        """Command, what became of it, and the text; a state nobody knows is a failure that names it."""
        found: list[tuple[str, CommandStatus, str]] = []
        for state, texts in (self.responses or {}).items():
            status = _STATES.get(state.upper(), "failed")
            for command, text in (texts or {}).items():
                known = state.upper() in {*_STATES, "FAILURE"}
                found.append((command, status, without_frame(command, text or "") if known else f"{state}: {text}"))
        return found


_OUTPUTS = TypeAdapter(list[DeviceOutputs])


async def allowed_words(catalyst: CatalystClient) -> set[str]:
    """The first words this controller lets through, in lower case."""
    answer = await catalyst.get(Payload[list[str]], f"{_POLLER}/legit-reads", keep=600.0)
    return {word.strip().lower() for word in answer.root}


async def start_run(
    catalyst: CatalystClient, commands: Sequence[str], device_ids: Sequence[str], *, seconds: int, find_out: str
) -> str:
    """Send the commands, once, and answer the id of the task. Each device has so many seconds for all."""
    body = {
        "name": "mcp-platform",
        "description": "Read by the MCP platform",
        "commands": list(commands),
        "deviceUuids": list(device_ids),
        "timeout": seconds,
    }
    answer = await catalyst.send(
        Payload[TaskAccepted], "POST", f"{_POLLER}/read-request", body=body, missing=_NO_DEVICE, find_out=find_out
    )
    return answer.root.task_id


def file_of(task: Task) -> str | None:
    """The file a task names in its text, once there is one."""
    found = _FILE_ID.search(task.text)
    return found[1] if found else None


async def read_outputs(catalyst: CatalystClient, file_id: str) -> list[DeviceOutputs]:
    """What every device answered.

    Raises:
        UpstreamFailed: when the file is not one of the command runner, or broken.

    """
    file = await catalyst.read_file(f"{V1}/file", file_id, largest=_LARGEST, missing=_NO_FILE)
    try:
        return _OUTPUTS.validate_json(file.body)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise UpstreamFailed(
            "Catalyst Center ran the commands, but the file with their output cannot be read. Run them again.",
            detail=f"file {file_id}: {first['loc']}: {first['msg'][:200]}",
        ) from None
