"""What all answers share: GitHub's forms under our names, text of others marked, cut and without device secrets."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mcp_common.device_secrets import MASK, mask_secrets
from mcp_common.untrusted import Untrusted, UntrustedMark, UntrustedOutput, visible

LONGEST_PASSAGE = 8_000
SHORTEST_PASSAGE = 200

HIDDEN = "[hidden: by somebody who cannot push to this repository]"


_KEY_LINES = re.compile(
    r"^(?P<keep>[ +-]?+[ \t]{0,16})(?:(?=[^\n]{0,80}[G-Zg-z+/])[A-Za-z0-9+/]{48,80}={0,2}"
    r"|[A-Za-z0-9+/]{4,80}={0,2}(?=\n[ +-]?[ \t]{0,16}-----END [A-Z ]{0,40}PRIVATE KEY))[ \t]{0,4}$",
    re.MULTILINE,
)


def _login(value: object) -> object:
    """The name of a user, of whom GitHub answers a whole object; a deleted one is null."""
    return value.get("login") if isinstance(value, dict) else value


def _name(value: object) -> object:
    """The name of a label, which may come as an object or as text."""
    return value.get("name") if isinstance(value, dict) else value


def _names(value: object) -> object:
    return [_name(part) for part in value] if isinstance(value, list) else None


def _logins(value: object) -> object:
    return [_login(part) for part in value] if isinstance(value, list) else None


def passage(value: object) -> object:
    """Several lines, without device secrets and hidden characters; a cut is announced."""
    if not isinstance(value, str):
        return None
    shown, _ = mask_secrets(visible(value).strip())
    if len(shown) > LONGEST_PASSAGE:
        return f"{shown[:LONGEST_PASSAGE]}\n[{len(shown) - LONGEST_PASSAGE} more characters]"
    return shown or None


Login = Annotated[Untrusted | None, BeforeValidator(_login)]
"""A user, by name."""
Logins = Annotated[list[Untrusted] | None, BeforeValidator(_logins)]
Names = Annotated[list[Untrusted] | None, BeforeValidator(_names)]
"""Labels, topics and the like."""
Title = UntrustedOutput
Passage = Annotated[str | None, BeforeValidator(passage), UntrustedMark()]


class Answered(BaseModel):
    """Base of what is read from GitHub under its names and given out under ours."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")


class Patched(Answered):
    """A file that a commit, comparison or pull request changes."""

    path: Untrusted = Field(validation_alias="filename")
    status: Untrusted | None = None
    before: Untrusted | None = Field(default=None, validation_alias="previous_filename", description="Path it had")
    additions: int | None = None
    deletions: int | None = None
    patch: str | None = Field(default=None, description="Unified diff without secrets, untrusted; none for binaries")
    cut: bool | None = Field(default=None, description="True when the patch goes on")


def bounded_passages(texts: Sequence[str | None], max_chars: int) -> list[str | None]:
    """What several people said, of at most `max_chars` together; the last (newest) come first into their room."""
    left, shown = max_chars, []
    for text in reversed(texts):
        kept = text
        if text is not None and len(text) > max(left, SHORTEST_PASSAGE):
            length = max(left, SHORTEST_PASSAGE)
            kept = f"{text[:length]}\n[{len(text) - length} more characters: ask for fewer comments at once]"
        left -= len(kept or "")
        shown.append(kept)
    return shown[::-1]


def bounded_patches(files: list[Patched], max_chars: int) -> list[Patched]:
    """The files with their patches masked, of at most `max_chars` together; the rest are cut at line ends."""
    left, shown = max_chars, []
    for file in files:
        patch = None if file.patch is None else without_secrets(file.patch)
        if patch is not None and len(patch) > left:
            patch = patch[: patch.rfind("\n", 0, left) + 1]
            shown.append(file.model_copy(update={"patch": patch or None, "cut": True}))
        else:
            shown.append(file.model_copy(update={"patch": patch}))
        left -= len(patch or "")
    return shown


def without_secrets(part: str) -> str:
    """A part of a file or patch: what lies in the middle of a private key has no beginning to be known by."""
    return _KEY_LINES.sub(rf"\g<keep>{MASK}", mask_secrets(visible(part))[0])
