"""Why a line may not be sent to a device, and what an abbreviated line means there."""

import re

from mcp_common.device_commands.dialogues import problem_with_directory, problem_with_probe
from mcp_common.device_commands.filters import problem_with_filters
from mcp_common.device_commands.refused_shows import refusal_of
from mcp_common.device_commands.words import AFTER_SHOW, FIRST, OperatingSystem, meanings

READS = ("show", "ping", "traceroute", "dir")
LONGEST_COMMAND = 200

_NX_READS = (*READS, "ping6", "traceroute6")
_COMMAND = re.compile(r"[A-Za-z0-9 _.,:/*=-]+")
_AWAY = re.compile(
    r"(?:^|\s)(?:https?|s?ftp|tftp|scp|rcp|pram|cns\w{0,8}|nfs|smb|[xyz]modem)\d{0,2}:|//", re.IGNORECASE
)
_SAYS_NOTHING = "say what to show"
_AMBIGUOUS = "the word after show is ambiguous"
_UNKNOWN = "this system has no such word after show"


def reads_of(system: OperatingSystem | None) -> tuple[str, ...]:
    """The first words that are let through."""
    return _NX_READS if system == "nx-os" else READS


def problem_with(command: str, os: OperatingSystem | None = None) -> str | None:
    """Why this line may not be sent to a device, or None when it only reads.

    `command` is judged as it is: what is sent must be the very same text. `os` is the system of the device, which says
    what its abbreviations mean. None is for a sender that does not know it, such as a controller's command runner:
    then first words must be written in full, and only what no system takes amiss is let through. One thing is the
    sender's to know: on IOS XR `show tech-support` writes a file.
    """
    if not command or len(command) > LONGEST_COMMAND or command != command.strip():
        return f"a command has 1 to {LONGEST_COMMAND} characters, without blanks around it"
    head, *filters = command.split("|")
    if not _COMMAND.fullmatch(head) or "  " in head.rstrip() or not head.strip():
        return "a command is one line of plain ASCII words with single blanks, and no other signs than _ . , : / * = -"
    if _AWAY.search(head):
        return "addresses of other systems (ftp:, http:, scp: …) are not allowed"
    words = head.split()
    first = _only(words[0], FIRST[os]) if os else words[0].lower()
    if first not in reads_of(os):
        return _only_reads(os)
    return _problem_of(first, words[1:], os) or problem_with_filters([first, *words[1:]], filters, os)


def spelled_out(command: str, os: OperatingSystem) -> str:
    """The line with its first word, and the word after `show`, in full: `sh run | i vlan` is `show running-config | …`.

    Words that are unknown or ambiguous stay as they are.
    """
    head, bar, rest = command.partition("|")
    words = head.split()
    if words:
        words[0] = _only(words[0], FIRST[os]) or words[0]
    if len(words) > 1 and words[0] == "show":
        words[1] = _only(words[1], AFTER_SHOW[os]) or words[1]
    return " ".join(words) + (f" |{rest}" if bar else "")


def _problem_of(first: str, rest: list[str], os: OperatingSystem | None) -> str | None:
    if first == "show":
        return _problem_of_show([word.lower() for word in rest], os)
    return problem_with_directory(rest) if first == "dir" else problem_with_probe(first, rest, os)


def _problem_of_show(rest: list[str], os: OperatingSystem | None) -> str | None:
    if not rest:
        return _SAYS_NOTHING
    if os:
        found = meanings(rest[0], AFTER_SHOW[os])
        if len(found) != 1:
            return _UNKNOWN if not found else f"{_AMBIGUOUS}: {', '.join(found[:6])}"
        rest = [found[0], *rest[1:]]
    return refusal_of(rest, os)


def _only(word: str, known: frozenset[str]) -> str | None:
    """The one word that is meant; None where there is none, or several."""
    found = meanings(word, known)
    return found[0] if len(found) == 1 else None


def _only_reads(os: OperatingSystem | None) -> str:
    how = "each written in full" if os is None else "in full or shortened so that it can be nothing else"
    return (
        f"only {', '.join(reads_of(os))} are run here, {how}: never anything that configures, saves, clears or debugs"
    )
