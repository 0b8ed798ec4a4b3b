"""Tools that read devices' own APIs."""

from collections.abc import Sequence
from typing import Annotated

import anyio.to_thread

from mcp_common.errors import Conflict
from mcp_common.tools import Upstream, tool
from mcp_common.untrusted import text_range
from mcp_radkit.api_paths import check_reads
from mcp_radkit.arguments import ApiPath, DeviceName, Start
from mcp_radkit.bodies import without_secrets
from mcp_radkit.client import RadkitClient
from mcp_radkit.library.port import ApiPath as OfferedPath
from mcp_radkit.library.port import HttpAnswer, Port
from mcp_radkit.models.http import HttpRead

Radkit = Annotated[RadkitClient, Upstream]

_SECONDS = 30.0
_CHARS = 12_000
_NO_DOCUMENT = "This device has no Swagger document: name the path. get_device tells what RADKit can do with it."
_NO_API = "RADKit reaches no API of this device. get_device tells what it can do with it."


@tool("radkit/http:read", toolset="http", upstream="device.http.get, device.swagger.get, device.swagger.paths")
async def http_get(radkit: Radkit, device: DeviceName, path: ApiPath | None = None, start: Start = 0) -> HttpRead:
    """GET a path of a device's own API; without a path, the paths its Swagger document offers."""
    abilities = (await radkit.device(device)).abilities

    async def read(port: Port) -> HttpAnswer:
        if path is None:
            return _listing(await port.api_paths(device, _SECONDS))
        if "http" in abilities:
            return await port.http_get(device, path, _SECONDS)
        return await port.swagger_get(device, path, _SECONDS)

    if not {"http", "swagger"} & set(abilities) or (path is None and "swagger" not in abilities):
        raise Conflict(_NO_API if path is not None else _NO_DOCUMENT)
    if path is not None and "http" in abilities:
        check_reads(path)
    answer = await radkit.call(read)
    body = await anyio.to_thread.run_sync(without_secrets, answer.text, answer.content_type)
    return HttpRead(
        device=device,
        status=answer.status,
        content_type=answer.content_type or None,
        body=text_range(body, start=start, max_chars=_CHARS),
    )


def _listing(paths: Sequence[OfferedPath]) -> HttpAnswer:
    """One line for each path that can be read."""
    reads = sorted(each.path for each in paths if "GET" in each.methods)
    return HttpAnswer(200, "text/plain", "".join(f"{path}\n" for path in reads))
