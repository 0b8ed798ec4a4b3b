"""Tools about software images."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_catalyst_center.arguments import Role
from mcp_catalyst_center.calls.images import (
    image_compliance_total,
    image_total,
    read_image_compliance,
    read_images,
)
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.images import ImageCompliancePage, ImagePage
from mcp_common.fields import described
from mcp_common.paging import decode_cursor, slice_ahead
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("name", "version", "golden", "products")
_SHOWN_OF_DEVICE = ("hostname", "product", "status", "update", "running", "golden")
_Part = Annotated[str, described("Part of the file name", min_length=3, max_length=128, pattern=r"^[A-Za-z0-9._-]+$")]


@tool("catalyst-center/image:read", toolset="images", upstream="GET images, images/count")
async def list_images(
    catalyst: Catalyst,
    name: _Part | None = None,
    golden: Annotated[bool | None, Field(description="Only those tagged golden, or not")] = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> ImagePage:
    """List the software images Catalyst Center has."""
    offset = decode_cursor(cursor)
    found = await read_images(catalyst, name=name, golden=golden, offset=offset, limit=limit + 1)
    page = slice_ahead(found, offset, limit)
    total = page.total if page.total is not None else await image_total(catalyst, name=name, golden=golden)
    images = [select(image, fields, default=_SHOWN) for image in page.items]
    return ImagePage(images=images, more=page.more, next_cursor=page.next_cursor, total=total)


@tool(
    "catalyst-center/image:read",
    toolset="images",
    upstream="GET networkDeviceImages, networkDeviceImages/count, network-device",
)
async def list_image_compliance(
    catalyst: Catalyst,
    status: Annotated[
        Literal["OUTDATED", "UP_TO_DATE", "UNKNOWN", "CONFLICTED", "UNSUPPORTED"] | None,
        Field(description="UNKNOWN: no image is tagged golden for the device"),
    ] = "OUTDATED",
    role: Role | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> ImageCompliancePage:
    """List devices that do not run their golden image (or those of another status), with both versions."""
    offset = decode_cursor(cursor)
    found = await read_image_compliance(catalyst, status=status, role=role, offset=offset, limit=limit + 1)
    page = slice_ahead(found, offset, limit)
    total = page.total if page.total is not None else await image_compliance_total(catalyst, status=status, role=role)
    devices = [select(device, fields, default=_SHOWN_OF_DEVICE, always=("device_id",)) for device in page.items]
    return ImageCompliancePage(devices=devices, more=page.more, next_cursor=page.next_cursor, total=total)
