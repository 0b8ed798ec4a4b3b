"""Text that GitHub renders: what its pages do not show to people is not shown to a model either."""

import re
from typing import Annotated

from pydantic import BeforeValidator

from mcp_common.untrusted import UntrustedMark
from mcp_github.models.shared import passage

LEFT_OUT = "[a comment that people do not see was left out]"

_OPEN, _CLOSE = "<!--", "-->"
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*(?:#|<>)[^\n]*$", re.MULTILINE)
"""A link definition that leads nowhere: the usual way to write a comment without HTML."""


def without_comments(text: str) -> str:
    """The text without comments; one that does not end goes on to the end of the text, as it does on a page.

    Comments in blocks of code go, too: only a page knows for certain where a block of code begins.
    """
    kept: list[str] = []
    at = 0
    while (begin := text.find(_OPEN, at)) >= 0:
        kept += [text[at:begin], LEFT_OUT]
        end = text.find(_CLOSE, begin + 2)  # "<!-->" is a whole comment
        at = len(text) if end < 0 else end + len(_CLOSE)
    return _DEFINITION.sub(LEFT_OUT, "".join([*kept, text[at:]]))


def _rendered(value: object) -> object:
    return passage(without_comments(value)) if isinstance(value, str) else None


Markdown = Annotated[str | None, BeforeValidator(_rendered), UntrustedMark()]
"""Several lines that GitHub renders, without secrets, hidden characters and comments."""
