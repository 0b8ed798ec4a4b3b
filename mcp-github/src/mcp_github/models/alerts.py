"""Alerts of GitHub's scanners. No secret that a scanner found is ever part of them."""

from datetime import datetime

from pydantic import AliasPath, ConfigDict, Field

from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput
from mcp_github.models.shared import Answered


class Alert(Answered):
    """What all alerts have."""

    number: int
    state: Untrusted | None = None
    created: datetime | None = Field(default=None, validation_alias="created_at")
    url: Untrusted | None = Field(default=None, validation_alias="html_url")


class CodeScanningAlert(Alert):
    """A flaw found in code."""

    model_config = ConfigDict(populate_by_name=False)  # GitHub has objects under some of these names

    rule: Untrusted | None = Field(default=None, validation_alias=AliasPath("rule", "id"))
    severity: Untrusted | None = Field(default=None, validation_alias=AliasPath("rule", "security_severity_level"))
    level: Untrusted | None = Field(default=None, validation_alias=AliasPath("rule", "severity"))
    description: UntrustedOutput | None = Field(default=None, validation_alias=AliasPath("rule", "description"))
    tool: Untrusted | None = Field(default=None, validation_alias=AliasPath("tool", "name"))
    path: Untrusted | None = Field(default=None, validation_alias=AliasPath("most_recent_instance", "location", "path"))
    line: int | None = Field(default=None, validation_alias=AliasPath("most_recent_instance", "location", "start_line"))
    message: UntrustedOutput | None = Field(
        default=None, validation_alias=AliasPath("most_recent_instance", "message", "text")
    )


class CodeScanningPage(Page):
    """Some of the alerts."""

    alerts: list[CodeScanningAlert]


class DependabotAlert(Alert):
    """A dependency with a known vulnerability."""

    package: Untrusted | None = Field(default=None, validation_alias=AliasPath("dependency", "package", "name"))
    ecosystem: Untrusted | None = Field(default=None, validation_alias=AliasPath("dependency", "package", "ecosystem"))
    manifest: Untrusted | None = Field(default=None, validation_alias=AliasPath("dependency", "manifest_path"))
    severity: Untrusted | None = Field(default=None, validation_alias=AliasPath("security_advisory", "severity"))
    summary: UntrustedOutput | None = Field(default=None, validation_alias=AliasPath("security_advisory", "summary"))
    advisory: Untrusted | None = Field(default=None, validation_alias=AliasPath("security_advisory", "ghsa_id"))
    cve: Untrusted | None = Field(default=None, validation_alias=AliasPath("security_advisory", "cve_id"))
    vulnerable: Untrusted | None = Field(
        default=None, validation_alias=AliasPath("security_vulnerability", "vulnerable_version_range")
    )
    fixed_in: Untrusted | None = Field(
        default=None, validation_alias=AliasPath("security_vulnerability", "first_patched_version", "identifier")
    )


class DependabotPage(Page):
    """Some of the alerts."""

    alerts: list[DependabotAlert]


class SecretAlert(Alert):
    """A secret that lies in the repository. Which one it is is not shown."""

    type: Untrusted | None = Field(default=None, validation_alias="secret_type_display_name")
    validity: Untrusted | None = Field(default=None, description="active, inactive or unknown")
    resolution: Untrusted | None = None
    publicly_leaked: bool | None = None
    push_protection_bypassed: bool | None = None


class SecretPage(Page):
    """Some of the alerts."""

    alerts: list[SecretAlert]
