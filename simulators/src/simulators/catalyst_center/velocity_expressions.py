"""Velocity's expressions: references, literals, lists, arithmetic, comparison, logic."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+)|(?P<string>\"[^\"]*\"|'[^']*')|\$!?\{?(?P<name>[A-Za-z_]\w*(?:\.\w+(?:\(\))?)*)\}?"
    r"|(?P<symbol>\|\||&&|==|!=|<=|>=|\.\.|[-+*/%<>!(),\[\]])|(?P<word>true|false|null|and|or|not|eq|ne|gt|lt|ge|le)\b)"
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "gt": ">", "lt": "<", "ge": ">=", "le": "<="}
_LITERALS = {"true": True, "false": False, "null": None}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.floordiv,
    "%": operator.mod,
}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


class TemplateFault(Exception):
    """The template cannot be rendered; the text says why."""


def truth(value: object) -> bool:
    """Velocity's: anything but null and false, and since 2.0 nothing empty."""
    return bool(value) or (isinstance(value, int) and not isinstance(value, bool))


def look_up(path: str, values: Mapping[str, Any]) -> Any:
    """`a.b` and `list.size()`; None when it is not there."""
    name, *rest = path.split(".")
    value = values.get(name)
    for part in rest:
        if part == "size()":
            value = len(value) if isinstance(value, list | str) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def evaluate(source: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression. Raises: TemplateFault."""
    parser = _Parser(source, values)
    value = parser.level(0)
    if parser.tokens:
        raise TemplateFault(f"expression cannot be read: {source.strip()}")
    return value


def _number(value: object) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    raise TemplateFault(f"not a number: {value}")


class _Parser:
    """Reads and evaluates at once."""

    def __init__(self, source: str, values: Mapping[str, Any]) -> None:
        self.tokens: list[tuple[str, str]] = []
        self._values = values
        self._source = source.strip()
        at = 0
        while at < len(self._source):
            match = _TOKEN.match(self._source, at)
            if match is None or match.lastgroup is None:
                raise TemplateFault(f"expression cannot be read: {self._source}")
            at = match.end()
            kind, text = match.lastgroup, match[match.lastgroup]
            self.tokens.append(("symbol", _WORDS[text]) if text in _WORDS and kind == "word" else (kind, text))

    def level(self, depth: int) -> Any:
        if depth == len(_LEVELS):
            return self._unary()
        left = self.level(depth + 1)
        while self.tokens and self.tokens[0] in [("symbol", symbol) for symbol in _LEVELS[depth]]:
            symbol = self.tokens.pop(0)[1]
            left = _apply(symbol, left, self.level(depth + 1))
        return left

    def _unary(self) -> Any:
        if self._skip("!"):
            return not truth(self._unary())
        if self._skip("-"):
            return -_number(self._unary())
        return self._atom()

    def _atom(self) -> Any:
        if self._skip("("):
            value = self.level(0)
            self._expect(")")
            return value
        if self._skip("["):
            return self._list()
        kind, text = self.tokens.pop(0) if self.tokens else ("end", "")
        match kind:
            case "number":
                return int(text)
            case "string":
                return text[1:-1]
            case "name":
                return look_up(text, self._values)
            case "word":
                return _LITERALS[text]
        raise TemplateFault(f"expression cannot be read: {self._source}")

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while not self._skip("]"):
            items.append(self.level(0))
            if self._skip(".."):
                first, last = _number(items.pop()), _number(self.level(0))
                items += range(first, min(last, first + 10_000) + 1)
            elif not self._skip(",") and self.tokens[:1] != [("symbol", "]")]:
                raise TemplateFault(f"expression cannot be read: {self._source}")
        return items

    def _skip(self, symbol: str) -> bool:
        found = self.tokens[:1] == [("symbol", symbol)]
        if found:
            self.tokens.pop(0)
        return found

    def _expect(self, symbol: str) -> None:
        if not self._skip(symbol):
            raise TemplateFault(f"'{symbol}' is missing: {self._source}")


def _apply(symbol: str, left: Any, right: Any) -> Any:
    if symbol in ("&&", "||"):
        return (truth(left) and truth(right)) if symbol == "&&" else (truth(left) or truth(right))
    if symbol in ("==", "!="):
        return (str(left) == str(right)) is (symbol == "==")
    if symbol in _COMPARE:
        return _COMPARE[symbol](_number(left), _number(right))
    if symbol == "+":
        text = isinstance(left, str) or isinstance(right, str)
        return f"{left}{right}" if text else _number(left) + _number(right)
    if symbol in "/%" and _number(right) == 0:
        raise TemplateFault("division by zero")
    return _ARITHMETIC[symbol](_number(left), _number(right))
