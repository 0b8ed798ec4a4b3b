"""What a terminal's record holds beside the output."""

import re

_PROMPT = re.compile(r"[\w.()/:-]{1,80}[#>]\s*")


def without_frame(command: str, text: str) -> str:
    """Leave out the echoed command and the prompts around the output: `sw1#show clock … sw1#`."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines and _is_echo(lines[0], command.strip()):
        lines = lines[1:]
    if lines and _PROMPT.fullmatch(lines[-1]):
        lines = lines[:-1]
    return "\n".join(lines)


def _is_echo(line: str, command: str) -> bool:
    line = line.strip()
    if not line.endswith(command):
        return False
    before = line[: len(line) - len(command)]
    return not before or _PROMPT.fullmatch(before) is not None
