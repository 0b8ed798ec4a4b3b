"""Clients of the network: how they are in sum, and one by its MAC address."""

from pydantic import Field

from mcp_catalyst_center.calls.shapes import Payload, Whole
from mcp_catalyst_center.client import V1, CatalystClient
from mcp_catalyst_center.models.clients import Client, ClientGroup, ClientHealth, Hop
from mcp_catalyst_center.models.health import Percent
from mcp_catalyst_center.models.shared import Answered, Count, Moment
from mcp_common.errors import NotFound
from mcp_common.untrusted import Untrusted

_NO_CLIENT = "Catalyst Center knows no client with this MAC address; it forgets clients that have left."
_MOST_HOPS = 20


class _Category(Answered):
    value: Untrusted | None = None


class _Part(Answered):
    category: _Category | None = Field(default=None, validation_alias="scoreCategory")
    clients: Count = Field(default=None, validation_alias="clientCount")

    @property
    def name(self) -> str:
        return (self.category.value if self.category else None) or ""


class _Kind(_Part):
    score: Percent = Field(default=None, validation_alias="scoreValue")
    measured: Moment = Field(default=None, validation_alias="endtime")
    parts: list[_Part] | None = Field(default=None, validation_alias="scoreList")

    def group(self) -> ClientGroup:
        counts = {part.name: part.clients for part in self.parts or []}
        return ClientGroup(
            kind=self.name or None,
            clients=self.clients,
            good_percent=self.score,
            good=counts.get("GOOD"),
            fair=counts.get("FAIR"),
            poor=counts.get("POOR"),
            idle=counts.get("IDLE"),
            no_data=counts.get("NODATA"),
        )


class _SiteOfClients(Answered):
    kinds: list[_Kind] | None = Field(default=None, validation_alias="scoreDetail")


class _Node(Answered):
    id: str | None = None
    name: Untrusted | None = None


class _Link(Answered):
    source: str | None = None
    target: str | None = None
    state: Untrusted | None = Field(default=None, validation_alias="linkStatus")
    source_port: Untrusted | None = Field(default=None, validation_alias="sourceInterfaceName")
    target_port: Untrusted | None = Field(default=None, validation_alias="targetInterfaceName")


class _Topology(Answered):
    nodes: list[_Node] | None = None
    links: list[_Link] | None = None

    def hops(self) -> list[Hop]:
        names = {node.id: node.name for node in self.nodes or []}
        return [
            Hop(
                source=names.get(link.source) or link.source,
                source_port=link.source_port,
                target=names.get(link.target) or link.target,
                target_port=link.target_port,
                state=link.state,
            )
            for link in (self.links or [])[:_MOST_HOPS]
        ]


class _ClientAnswer(Whole):
    client: Client | None = Field(default=None, validation_alias="detail")
    topology: _Topology | None = None


async def read_client_health(catalyst: CatalystClient) -> ClientHealth:
    """The latest health of all clients."""
    sites = (await catalyst.get(Payload[list[_SiteOfClients]], f"{V1}/client-health")).root
    kinds = [kind for site in sites[:1] for kind in site.kinds or []]
    measured = [kind.measured for kind in kinds if kind.measured is not None]
    return ClientHealth(kinds=[kind.group() for kind in kinds], measured=max(measured, default=None))


async def read_client(catalyst: CatalystClient, mac: str) -> Client:
    """One client.

    Raises:
        NotFound: also where Catalyst Center answers with an empty client.

    """
    answer = await catalyst.get(_ClientAnswer, f"{V1}/client-detail", query={"macAddress": mac}, missing=_NO_CLIENT)
    if answer.client is None or answer.client.mac is None:
        raise NotFound(_NO_CLIENT)
    path = answer.topology.hops() if answer.topology else []
    return answer.client.model_copy(update={"path": path})
