"""HTML as plain text: what a reader of the page would read, without what it would do.

No character is looked at more than a bounded number of times: `html.parser` needs minutes for 100 kB of tags that
never end, and whoever writes articles could stop the server with it.
"""

import re
from collections import Counter
from html import unescape

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figure", "footer", "form", "header"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr"),
        *("ul", "caption", "fieldset", "figcaption"),
    }
)
_SILENT = frozenset({"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "textarea"})
_CELLS = frozenset({"td", "th"})

_NAME = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]{0,60}+)")
_TAG_END = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_LONGEST_TAG = 500
"""Up to so many characters a `>` in quotes ends no tag; in a longer one, or with quotes left open, the first does."""
_RAW_ENDS = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "textarea")}
"""Where what these hold ends: nothing in it is a tag."""


class _Reader:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self._silent: list[str] = []
        self._silenced: Counter[str] = Counter()
        self._verbatim = 0

    def read(self, html: str) -> None:
        """Go through the page once, from each `<` to its `>`."""
        at = 0
        while (begin := html.find("<", at)) >= 0:
            self._data(html[at:begin])
            if (after := self._markup(html, begin)) is None:
                self._data("<")
                after = begin + 1
            at = after
        self._data(html[at:])

    def _markup(self, html: str, begin: int) -> int | None:
        """Where what begins here ends; None where it is only a sign."""
        if html.startswith("<!--", begin):
            return _behind("-->", html, begin + 4)
        if html.startswith(("<!", "<?"), begin):
            return _behind(">", html, begin + 2)
        tag = _NAME.match(html, begin)
        if tag is None:
            return None
        name = tag["name"].lower()
        found = _TAG_END.match(html, tag.end(), tag.end() + _LONGEST_TAG)
        after = found.end() if found else _behind(">", html, tag.end())
        if tag["end"]:
            self._close(name)
            return after
        self._open(name)
        if (raw_end := _RAW_ENDS.get(name)) is None:
            return after
        closing = raw_end.search(html, after)
        return closing.start() if closing else len(html)

    def _open(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
            self._silenced[tag] += 1
        elif tag in _BLOCKS or tag == "br":
            self.parts.append("\n- " if tag == "li" else "\n")
            self._verbatim += tag == "pre"
        elif tag in _CELLS:
            self.parts.append(" | ")

    def _close(self, tag: str) -> None:
        if self._silenced[tag]:
            while (closed := self._silent.pop()) != tag:
                self._silenced[closed] -= 1
            self._silenced[tag] -= 1
        elif tag in _BLOCKS and tag != "li":
            self.parts.append("\n")
            self._verbatim = max(0, self._verbatim - (tag == "pre"))

    def _data(self, data: str) -> None:
        if data and not self._silent:
            text = unescape(data)
            self.parts.append(text if self._verbatim else _spaced(text))


def _behind(mark: str, html: str, start: int) -> int:
    """Where the page goes on behind a mark; at its end where the mark is missing, as browsers have it."""
    found = html.find(mark, start)
    return len(html) if found < 0 else found + len(mark)


def _spaced(text: str) -> str:
    """Blanks and line ends of the source are one blank, as a browser has it."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def text_of(html: str) -> str:
    """The text, with a line for each block, `- ` before list entries and ` | ` between cells."""
    reader = _Reader()
    reader.read(html)
    lines = [line.rstrip().removeprefix(" | ") for line in "".join(reader.parts).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line if line.strip() else "")
    return "\n".join(kept).strip()
