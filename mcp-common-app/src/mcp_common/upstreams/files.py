"""Files: what an answer says about one, and where a redirect to storage may lead."""

import re
from email.message import Message
from typing import Final

import httpx2

from mcp_common.untrusted import visible
from mcp_common.upstreams.address import Address, is_loopback
from mcp_common.upstreams.answer_forms import FileAnswer
from mcp_common.upstreams.upstream_wire import Received

LARGEST_FILE: Final = 4 * 1024 * 1024

_LONGEST_NAME: Final = 255
_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")


def file_of(received: Received) -> FileAnswer:
    """The file an answer holds."""
    kind = received.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return FileAnswer(
        kind if _TYPE.fullmatch(kind) else "",
        filename_of(received.headers.get("Content-Disposition")),
        received.body,
    )


def filename_of(disposition: str | None) -> str | None:
    """Read the name out of a Content-Disposition header (RFC 6266): its last path part, visible and bounded."""
    if not disposition or len(disposition) > 4 * _LONGEST_NAME:
        return None
    message = Message()
    message["Content-Disposition"] = " ".join(visible(disposition).split())
    try:
        name = message.get_filename()
    except (ValueError, LookupError, TypeError):  # RFC 2231 with a charset there is not, or parts out of order
        return None
    last = " ".join(visible(re.split(r"[/\\]", name or "")[-1]).split())[:_LONGEST_NAME].strip()
    return last if last.strip(". ") else None


def storage_behind(location: str, address: Address) -> httpx2.URL | None:
    """Where a redirect leads, if it may be followed: https to elsewhere, this machine only from an upstream on it."""
    base = httpx2.URL(address.base_url)
    try:
        url = base.join(location)
    except (httpx2.InvalidURL, ValueError):
        return None
    if not url.host or url.userinfo:
        return None
    if is_loopback(url.host):
        return url if is_loopback(base.host) and url.scheme in {"http", "https"} else None
    return url if url.scheme == "https" else None
