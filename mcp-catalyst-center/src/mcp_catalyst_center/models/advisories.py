"""Cisco's security advisories, as the tools return them."""

from pydantic import Field

from mcp_catalyst_center.models.shared import Answered, Count
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted


class Advisory(Answered):
    """A security advisory that concerns devices of the network."""

    id: Untrusted = Field(validation_alias="advisoryId")
    impact: Untrusted | None = Field(default=None, validation_alias="sir", description="CRITICAL, HIGH, MEDIUM ...")
    cves: list[Untrusted] | None = None
    devices: Count = Field(default=None, validation_alias="deviceCount", description="How many devices it concerns")
    found_by: Untrusted | None = Field(
        default=None,
        validation_alias="detectionType",
        description="VERSION: by the software alone, so it may not apply",
    )
    url: Untrusted | None = Field(default=None, validation_alias="publicationUrl")


class AdvisoryPage(Page):
    """Some of the advisories, the gravest first."""

    advisories: list[Advisory]
