"""What a device answered over SNMP."""

from pydantic import BaseModel, Field

from mcp_common.untrusted import Untrusted, UntrustedOutput


class SnmpValue(BaseModel):
    """One value."""

    oid: str
    type: Untrusted | None = None
    value: UntrustedOutput


class SnmpValues(BaseModel):
    """Single values, those asked for that exist."""

    device: Untrusted
    values: list[SnmpValue]


class SnmpWalk(BaseModel):
    """Some of the values below an OID, in its order."""

    device: Untrusted
    values: list[SnmpValue]
    total: int
    more: bool = Field(description="True when more follow")
    next_oid: str | None = Field(default=None, description="Pass as `after` to go on")
    withheld: int | None = Field(default=None, description="How many values of this walk are secret and not shown")
