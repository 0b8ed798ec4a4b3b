"""Software images, and how devices stand to their golden one."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from mcp_catalyst_center.models.shared import Answered
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted


def _product_names(value: object) -> object:
    if not isinstance(value, list):
        return None
    found = (part.get("productName") for part in value if isinstance(part, dict))
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))


class SoftwareImage(Answered):
    """An image that Catalyst Center has, or knows of."""

    id: str
    name: Untrusted | None = None
    version: Untrusted | None = None
    golden: bool | None = Field(default=None, validation_alias="isGoldenTagged", description="Tagged as golden")
    imported: bool | None = Field(default=None, description="False: only known from cisco.com")
    type: Untrusted | None = Field(default=None, validation_alias="imageType")
    integrity: Untrusted | None = Field(default=None, validation_alias="integrityStatus")
    recommended: Untrusted | None = None
    products: Annotated[list[Untrusted] | None, BeforeValidator(_product_names)] = Field(
        default=None, validation_alias="productNames"
    )


class ImagePage(Page):
    """Some of the images."""

    images: list[SoftwareImage]


class ImageCompliance(BaseModel):
    """What a device runs and what it should run."""

    device_id: str
    hostname: Untrusted | None = None
    address: Untrusted | None = None
    product: Untrusted | None = None
    status: Untrusted | None = Field(default=None, description="OUTDATED: it does not run its golden image")
    update: Untrusted | None = Field(default=None, description="How far an update to the golden image is")
    running: Untrusted | None = Field(default=None, description="Version")
    golden: Untrusted | None = Field(default=None, description="Version; absent where none is tagged for it")
    running_image: Untrusted | None = None
    golden_image: Untrusted | None = None


class ImageCompliancePage(Page):
    """How some devices stand to their golden image."""

    devices: list[ImageCompliance]
