"""A write that looks after itself afterwards, by an author who did not think of failures; for these tests only."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel

from mcp_common.tools import Upstream, tool
from mcp_common.upstream import UpstreamClient
from mcp_common.upstreams.retry import RetryPolicy
from mcp_common.upstreams.upstream_wire import Limits


class Orders(UpstreamClient):
    """The far side."""

    service: ClassVar[str] = "Orders"
    secret_path: ClassVar[str] = "api/orders"
    limits: ClassVar[Limits] = Limits(retry=RetryPolicy(attempts=1))


class Order(BaseModel):
    """What was ordered."""

    state: str


@tool("catalyst-center/template:write", toolset="orders")
async def place_order(orders: Annotated[Orders, Upstream], name: str) -> Order:
    """Look, order, and look again."""
    await orders.get(Any, "/stock", name)
    await orders.send(Any, "POST", "/orders", body={"name": name})
    found = await orders.get(dict[str, str], "/orders", name)
    return Order(state=found["state"])
