"""What a caller may pass. A model wrote it, so each value is held to a form before anything is done with it."""

from typing import Annotated

from pydantic import AfterValidator

from mcp_common.device_commands import LONGEST_COMMAND
from mcp_common.fields import described
from mcp_radkit.api_paths import confined_path
from mcp_radkit.oids import plain_oid

MOST_DEVICES = 20
MOST_COMMANDS = 10
MOST_OIDS = 10

_NAME = r"^[A-Za-z0-9_][A-Za-z0-9._:-]{0,127}$"

DeviceName = Annotated[str, described("Name", pattern=_NAME)]
DeviceNames = Annotated[
    list[Annotated[str, described(pattern=_NAME)]],
    described(f"Up to {MOST_DEVICES} names", min_length=1, max_length=MOST_DEVICES),
]
Wild = Annotated[str, described("With *", min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:*-]+$")]
Kind = Annotated[str, described("'IOS_XE'", min_length=1, max_length=64, pattern=r"^[A-Za-z0-9 ._-]+$")]

Command = Annotated[str, described("Exact command", min_length=1, max_length=LONGEST_COMMAND)]
Commands = Annotated[
    list[Annotated[str, described(min_length=1, max_length=LONGEST_COMMAND)]],
    described(f"Up to {MOST_COMMANDS}", min_length=1, max_length=MOST_COMMANDS),
]
RunId = Annotated[str, described("A run_id", pattern=r"^[A-Za-z0-9_-]{16}$")]
Parsed = Annotated[bool, described("Records instead of text, where possible")]

Oid = Annotated[str, described("OID", min_length=3, max_length=512), AfterValidator(plain_oid)]
Oids = Annotated[
    list[Annotated[str, described(min_length=3, max_length=512), AfterValidator(plain_oid)]],
    described(f"Up to {MOST_OIDS} OIDs", min_length=1, max_length=MOST_OIDS),
]
AfterOid = Annotated[
    str,
    described("`next_oid`, to go on", min_length=3, max_length=512),
    AfterValidator(plain_oid),
]
ApiPath = Annotated[
    str,
    described("'/restconf/data/…'", min_length=2, max_length=1024),
    AfterValidator(confined_path),
]

Start = Annotated[int, described("First character; below 0: from end", ge=-10_000_000, le=10_000_000)]
Seconds = Annotated[int, described("Time for all", ge=5, le=300)]
