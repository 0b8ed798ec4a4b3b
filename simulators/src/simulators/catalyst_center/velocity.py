"""The part of Velocity that configuration templates use: references, #set, #if, #foreach, comments.

$name ${name} $!name $list.size() $foreach.count   #set( $a = 1 )   #foreach( $x in $list ) … #end
#if( $a == "x" && !$b ) … #elseif( … ) … #else … #end   ## comment
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.catalyst_center.velocity_expressions import TemplateFault, evaluate, look_up, truth

_DIRECTIVE = re.compile(r"##[^\n]*|#(set|if|elseif|foreach)\s*\(|#\{?(else|end)\}?")
_BLANK_BEFORE = re.compile(r"(?:^|(?<=\n))[ \t]*\Z")
_BLANK_AFTER = re.compile(r"[ \t]*(?:\n|\Z)")
_REFERENCE = re.compile(r"\$(!?)(?:\{([\w.()]+)\}|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*(?:\(\))?)*))")
_LOOP = re.compile(r"\s*\$\{?(\w+)\}?\s+in\s+(.+)", re.DOTALL)
_SET = re.compile(r"\s*\$\{?(\w+)\}?\s*=(?!=)(.+)", re.DOTALL)
_MOST_STEPS = 100_000


@dataclass
class _Block:
    """A directive with what belongs to it. `kind` is text, set, if or foreach."""

    kind: str
    argument: str = ""
    branches: list[tuple[str | None, list["_Block"]]] = field(default_factory=list)


def render(source: str, values: Mapping[str, Any]) -> str:
    """The text. Raises: TemplateFault."""
    blocks, rest = _parse(list(_tokens(source)), 0, top=True)
    if rest:
        raise TemplateFault("#end without #if or #foreach")
    return _Renderer(dict(values)).render(blocks)


def check(source: str) -> None:
    """Parse without rendering. Raises: TemplateFault."""
    _, rest = _parse(list(_tokens(source)), 0, top=True)
    if rest:
        raise TemplateFault("#end without #if or #foreach")


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    """Text and directives. A line that holds nothing but a directive disappears with its line end."""
    at = 0
    while match := _DIRECTIVE.search(source, at):
        before, kind, argument, end = source[at : match.start()], match[1] or match[2], "", match.end()
        if match[1]:
            argument, end = _argument(source, end)
        blank = _BLANK_BEFORE.search(source[: match.start()])
        after = _BLANK_AFTER.match(source, end)
        if blank and after and blank.start() >= at:
            before, end = source[at : blank.start()], after.end()
        if before:
            yield "text", before
        if kind:
            yield kind, argument
        at = end
    if at < len(source):
        yield "text", source[at:]


def _argument(source: str, start: int) -> tuple[str, int]:
    """What stands between the brackets, and where they end."""
    depth = 1
    for at in range(start, len(source)):
        depth += {"(": 1, ")": -1}.get(source[at], 0)
        if depth == 0:
            return source[start:at], at + 1
    raise TemplateFault("a bracket is not closed")


def _parse(tokens: list[tuple[str, str]], depth: int, *, top: bool) -> tuple[list[_Block], list[tuple[str, str]]]:
    """Blocks up to #end, #else or #elseif, and the tokens from there on."""
    if depth > 50:
        raise TemplateFault("nested too deeply")
    blocks: list[_Block] = []
    while tokens:
        kind, argument = tokens[0]
        if kind in ("end", "else", "elseif"):
            return blocks, tokens
        tokens = tokens[1:]
        block = _Block(kind, argument)
        if kind in ("if", "foreach"):
            tokens = _parse_branches(block, tokens, depth)
        blocks.append(block)
    if not top:
        raise TemplateFault("#end is missing")
    return blocks, []


def _parse_branches(block: _Block, tokens: list[tuple[str, str]], depth: int) -> list[tuple[str, str]]:
    condition: str | None = block.argument
    while True:
        body, tokens = _parse(tokens, depth + 1, top=False)
        block.branches.append((condition, body))
        (kind, argument), tokens = tokens[0], tokens[1:]
        if kind == "end":
            return tokens
        condition = argument if kind == "elseif" else None


class _Renderer:
    """Walks the blocks with the values of one rendering."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self._steps = 0

    def render(self, blocks: list[_Block]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _block(self, block: _Block) -> str:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise TemplateFault("the template does not come to an end")
        match block.kind:
            case "text":
                return _REFERENCE.sub(self._reference, block.argument)
            case "set":
                return self._set(block.argument)
            case "if":
                for condition, body in block.branches:
                    if condition is None or truth(evaluate(condition, self._values)):
                        return self.render(body)
                return ""
        return self._loop(block)

    def _reference(self, match: re.Match[str]) -> str:
        """What is not there stays as it is written; with $! it disappears."""
        value = look_up(match[2] or match[3], self._values)
        if value is None:
            return "" if match[1] else match[0]
        return ("true" if value else "false") if isinstance(value, bool) else str(value)

    def _set(self, argument: str) -> str:
        parts = _SET.fullmatch(argument)
        if parts is None:
            raise TemplateFault(f"#set({argument}) cannot be read")
        self._values[parts[1]] = evaluate(parts[2], self._values)
        return ""

    def _loop(self, block: _Block) -> str:
        parts = _LOOP.fullmatch(block.argument)
        if parts is None:
            raise TemplateFault(f"#foreach({block.argument}) cannot be read")
        items = evaluate(parts[2], self._values)
        before = {name: self._values.get(name) for name in (parts[1], "foreach", "velocityCount")}
        text = ""
        for count, item in enumerate(items if isinstance(items, list | range) else [], start=1):
            self._values |= {parts[1]: item, "velocityCount": count}
            self._values["foreach"] = {"count": count, "index": count - 1, "hasNext": count < len(items)}
            text += self.render(block.branches[0][1])
        self._values |= before
        return text
