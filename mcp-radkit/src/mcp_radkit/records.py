"""Structured records out of an output, where a parser knows the command."""

from typing import Any

from mcp_common.device_commands import OperatingSystem


def records_of(command: str, text: str, system: OperatingSystem) -> list[dict[str, Any]] | None:
    """What a parser reads out of `text`, which holds no secrets any more; None where none knows the command."""
    return None
