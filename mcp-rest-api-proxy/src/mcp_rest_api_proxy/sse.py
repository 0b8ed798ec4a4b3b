"""Reads JSON messages out of a server-sent event stream (WHATWG HTML, section 9.2.6), as its bytes arrive."""

import re

_LINE_END = re.compile(rb"\r\n|\n|\r")


class EventStream:
    """Feed it bytes; it gives back the data of each event that is complete."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._first = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """The data of the events this chunk completes."""
        text = self._rest + chunk
        if self._first and len(text) >= 3:
            self._first = False
            text = text.removeprefix(b"\xef\xbb\xbf")
        held = b""
        if text.endswith(b"\r"):  # the line feed of this line end may be in the next chunk
            text, held = text[:-1], b"\r"
        *lines, rest = _LINE_END.split(text)
        self._rest = rest + held
        return [data for line in lines if (data := self._take(line)) is not None]

    def _take(self, line: bytes) -> bytes | None:
        if not line:
            data, self._data = b"\n".join(self._data), []
            return data or None
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        return None
