"""Commands for network devices that a model wrote: only what reads may pass, whatever the far side would still allow.

A command is admitted by what it is, never by the absence of what is known to be bad: plain ASCII, a first word that
reads, a word after `show` that the system has, and a form that the word has. IOS, IOS XE, IOS XR and NX-OS all
abbreviate and all have pipes: a line is judged by what the device would make of it.
"""

from mcp_common.device_commands.filters import FILTERS, filters_of
from mcp_common.device_commands.judging import LONGEST_COMMAND, READS, problem_with, reads_of, spelled_out
from mcp_common.device_commands.words import OperatingSystem

__all__ = [
    "FILTERS",
    "LONGEST_COMMAND",
    "READS",
    "OperatingSystem",
    "filters_of",
    "problem_with",
    "reads_of",
    "spelled_out",
]
