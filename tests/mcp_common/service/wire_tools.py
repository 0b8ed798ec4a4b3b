"""A way to an upstream that is not HTTP, and a tool that uses it."""

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel

from mcp_common.runtime import Platform
from mcp_common.tools import Upstream, tool
from mcp_common.upstreams.account import Credentials


class OtherWay:
    service: ClassVar[str] = "Other way"
    secret_path: ClassVar[str] = "api/other"
    opened: ClassVar[list["OtherWay"]] = []

    def __init__(self, credentials: Credentials, environment: str) -> None:
        self.credentials, self.environment = credentials, environment
        self.asked = self.closed = 0

    @classmethod
    def connected(cls, credentials: Credentials, platform: Platform) -> Self:
        way = cls(credentials, platform.settings.environment)
        cls.opened.append(way)
        return way

    async def ready(self) -> None:
        self.asked += 1

    async def aclose(self) -> None:
        self.closed += 1


class Seen(BaseModel):
    """What the tool saw."""

    version: int | None
    environment: str


@tool("catalyst-center/device:read", toolset="devices", upstream="-")
async def read_secret_version(way: Annotated[OtherWay, Upstream]) -> Seen:
    """Read which version of the secret is there."""
    return Seen(version=(await way.credentials()).version, environment=way.environment)
