"""The way to Catalyst Center: the login and what all calls share. The calls themselves are in `calls`."""

from contextlib import suppress
from typing import ClassVar

from mcp_catalyst_center.calls.shapes import Payload
from mcp_catalyst_center.login import RENEW_AFTER, TOKEN_HEADER, TOKEN_PATH, TokenAnswer, basic_authorization
from mcp_common.errors import Busy
from mcp_common.upstream import Account, UpstreamClient
from mcp_common.upstreams.upstream_login import Login

V1 = "/dna/intent/api/v1"
V2 = "/dna/intent/api/v2"
DATA = "/dna/data/api/v1"
DEVICES = f"{V1}/network-device"
TEMPLATES = f"{V1}/template-programmer/template"

PAGE = 500
"""The most that Catalyst Center answers at once."""


class CatalystClient(UpstreamClient):
    """Catalyst Center as the tools see it, release 2.3.7 and later."""

    service: ClassVar[str] = "Catalyst Center"
    secret_path: ClassVar[str] = "api/catalyst-center"  # noqa: S105 - where it is, not what it is

    async def log_in(self, account: Account) -> Login:
        """Trade the account for a token."""
        headers = basic_authorization(account.secret)
        answer = await self.exchange_login(account, TokenAnswer, TOKEN_PATH, headers=headers)
        return Login({TOKEN_HEADER: answer.token}, RENEW_AFTER)

    async def ready(self) -> None:
        """Count the devices: cheap, and it takes login, network and the inventory service to answer."""
        with suppress(Busy):  # who limits the rate is there
            await self.get(Payload[int], f"{DEVICES}/count")
