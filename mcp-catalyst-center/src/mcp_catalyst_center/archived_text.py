"""The text in a downloaded file, which may be a zip. What a zip claims about itself is not believed."""

import io
import zipfile
import zlib
from typing import Final

from mcp_common.errors import UpstreamFailed
from mcp_common.upstreams.answer_forms import TooLarge

LARGEST_TEXT: Final = 4 * 1024 * 1024
_MOST_ENTRIES: Final = 20
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def text_in(body: bytes) -> str:
    """The text of a file, or of the one file in a zip. No name in a zip is ever used as a path.

    Raises:
        TooLarge: it unpacks to more than `LARGEST_TEXT` bytes.
        UpstreamFailed: it is no text (a VLAN database is none), encrypted, broken, or not one file.

    """
    if body.startswith(b"PK"):
        body = _unpacked(body)
    if b"\x00" in body:
        raise _unreadable("it is no text. A VLAN database, for one, is not.")
    return body.decode("utf-8", errors="replace")


def _unpacked(body: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = [entry for entry in archive.infolist()[: _MOST_ENTRIES + 1] if not entry.is_dir()]
            if len(entries) != 1:
                raise _unreadable("the zip does not hold exactly one file.")
            if entries[0].flag_bits & _ENCRYPTED:
                raise _unreadable("the zip needs a password.")
            with archive.open(entries[0]) as file:
                content = file.read(LARGEST_TEXT + 1)
    except _BROKEN as problem:
        raise _unreadable("the zip is broken.", detail=f"{type(problem).__name__}: {problem}"[:200]) from None
    if len(content) > LARGEST_TEXT:
        raise TooLarge(f"The archived file unpacks to more than {LARGEST_TEXT // 1024 // 1024} MiB.")
    return content


def _unreadable(why: str, *, detail: str | None = None) -> UpstreamFailed:
    return UpstreamFailed(f"The archived file cannot be shown: {why}", detail=detail)
