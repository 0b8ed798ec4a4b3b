"""The configuration archive. Only masked files are asked for; release 2.3.7.9 and later give them out."""

from pydantic import BaseModel

from mcp_catalyst_center.archived_text import text_in
from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.client import V1, CatalystClient
from mcp_catalyst_center.models.archive import ArchivedConfig
from mcp_common.errors import UpstreamFailed

_FILES = f"{V1}/networkDeviceConfigFiles"
_LARGEST = 4 * 1024 * 1024
_NO_FILES = frozenset({"text/html", "application/json"})
_NO_FILE = "There is no archived configuration with this id. Ask list_archived_configs for the ids there are."
_TOO_OLD = "This Catalyst Center has no archive of this form; release 2.3.7.9 and later have."


class _Total(BaseModel):
    count: int


async def read_archive(
    catalyst: CatalystClient, *, device_id: str, kind: str | None, offset: int, limit: int
) -> list[ArchivedConfig]:
    """Files of a device from `offset` (0-based), newest first."""
    query = {"networkDeviceId": device_id, "fileType": kind, "offset": offset + 1, "limit": limit}
    return (await catalyst.get(Payload[list[ArchivedConfig]], _FILES, query=query, missing=_TOO_OLD)).root


async def archive_total(catalyst: CatalystClient, *, device_id: str, kind: str | None) -> int:
    """How many files a device has."""
    query = {"networkDeviceId": device_id, "fileType": kind}
    return (await catalyst.get(Payload[_Total], f"{_FILES}/count", query=query, missing=_TOO_OLD)).root.count


async def read_archived(catalyst: CatalystClient, file_id: str) -> ArchivedConfig:
    """Read what a file is."""
    return (await catalyst.get(Payload[ArchivedConfig], _FILES, file_id, missing=_NO_FILE)).root


async def read_archived_text(catalyst: CatalystClient, file_id: str) -> str:
    """Read a file's text, masked by Catalyst Center as far as it knows secrets.

    Raises:
        UpstreamFailed: it is another answer than a file, no text, or a zip that is not to be opened.

    """
    file = await catalyst.read_file(
        _FILES, file_id, "downloadMasked", method="POST", largest=_LARGEST, missing=_NO_FILE
    )
    if file.content_type in _NO_FILES:
        raise UpstreamFailed("Catalyst Center answered with a page or a message instead of the file. Try again.")
    return text_in(file.body)
