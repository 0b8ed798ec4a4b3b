"""The sentence a person confirms: declared with the tool, filled with the arguments the call really has.

A model chose the values, so they are shown as data: one line, nothing hidden in it, a long one shortened with a note
of how much is missing. What the sentence does not name is listed after it, so nothing that was sent stays unseen.
"""

import json
import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from mcp_common.untrusted import visible

LONGEST_VALUE = 160
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@+-]*")


def check_sentence(sentence: str, arguments: Iterable[str]) -> None:
    """Make sure that the sentence is one line and names only arguments, as plain `{name}` places.

    Raises:
        ValueError: saying what is wrong with it.
    """
    if not sentence.strip() or "\n" in sentence:
        raise ValueError("the sentence to confirm must be one line of text")
    known = set(arguments)
    for _, name, form, conversion in Formatter().parse(sentence):
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}} in the sentence to confirm must be a plain {{argument}}")
        if name not in known:
            raise ValueError(f"the sentence to confirm names {name}, which is no argument of the tool")


def filled(sentence: str, values: Mapping[str, Any], given: Iterable[str]) -> str:
    """The sentence with its values; then what else was `given`. `values` are JSON values, None where left out."""
    placed = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    text = sentence.format_map({name: shown(values.get(name)) for name in placed})
    rest = [f"{name}: {shown(values[name])}" for name in values if name in set(given) - placed]
    return f"{text} ({'; '.join(rest)})" if rest else text


def shown(value: Any) -> str:
    """One value for a person: an absent one is 'default', text with spaces or odd characters stands in quotes."""
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        line = visible(value)
        text = line if line == value and _PLAIN.fullmatch(line) else json.dumps(line, ensure_ascii=False)
    else:
        text = visible(json.dumps(value, ensure_ascii=False))
    return (
        text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… [{len(text) - LONGEST_VALUE} more characters]"
    )
