"""HTML as plain text: what a reader of the page would read, without what it would do."""

from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figure", "footer", "form", "header"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr"),
        *("ul", "caption", "fieldset", "figcaption"),
    }
)
_SILENT = frozenset({"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "textarea"})
_CELLS = frozenset({"td", "th"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS or tag == "br":
            self.parts.append("\n- " if tag == "li" else "\n")
            self._verbatim += tag == "pre"
        elif tag in _CELLS:
            self.parts.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in _BLOCKS and tag != "li":
            self.parts.append("\n")
            self._verbatim = max(0, self._verbatim - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data if self._verbatim else _spaced(data))


def _spaced(text: str) -> str:
    """Blanks and line ends of the source are one blank, as a browser has it."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def text_of(html: str) -> str:
    """The text, with a line for each block, `- ` before list entries and ` | ` between cells."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.rstrip().removeprefix(" | ") for line in "".join(reader.parts).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line if line.strip() else "")
    return "\n".join(kept).strip()
