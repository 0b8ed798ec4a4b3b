"""What a service demands of its way to an upstream, whatever that speaks: HTTP or a vendor's own library."""

from typing import ClassVar, Protocol, Self

from mcp_common.runtime import Platform
from mcp_common.upstreams.account import Credentials


class Connection(Protocol):
    """Made once for a service, used by all its calls, closed with it. `UpstreamClient` is the one for HTTP.

    `service` is the name in errors and in /readyz, `secret_path` where its account lies in the secret store.
    """

    service: ClassVar[str]
    secret_path: ClassVar[str]

    @classmethod
    def connected(cls, credentials: Credentials, platform: Platform) -> Self:
        """Make one that reads its account from `credentials`; nothing is sent yet."""

    async def ready(self) -> None:
        """Find out cheaply whether calls can work now.

        Raises:
            PlatformError: saying what is missing.

        """

    async def aclose(self) -> None:
        """Close what is open."""
