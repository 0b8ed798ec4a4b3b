"""Notifications of the network, as the tools return them."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AliasPath, BeforeValidator, Field

from mcp_catalyst_center.models.shared import Answered, Moment
from mcp_common.tools import Page
from mcp_common.untrusted import Untrusted, UntrustedOutput

_MOST_MEMBERS = 20


def _in_words(value: object) -> object:
    """The details, which have been seen as text and as an object."""
    if isinstance(value, dict):
        return "; ".join(_members(value))
    return value if isinstance(value, str) else None


def _members(value: dict[Any, Any]) -> Iterator[str]:
    for name, part in list(value.items())[:_MOST_MEMBERS]:
        if isinstance(part, str | int | float) and part != "":
            yield f"{name}: {part}"


class Event(Answered):
    """Something the network or Catalyst Center itself gave notice of."""

    id: str | None = Field(default=None, validation_alias="instanceId")
    when: Moment = Field(default=None, validation_alias="timestamp")
    name: Untrusted | None = None
    description: Untrusted | None = None
    severity: Untrusted | None = Field(default=None, description="1 is the gravest, 5 is information")
    category: Untrusted | None = None
    domain: Untrusted | None = None
    subdomain: Untrusted | None = Field(default=None, validation_alias="subDomain")
    kind: Untrusted | None = Field(default=None, validation_alias="eventId")
    source: Untrusted | None = None
    site: Untrusted | None = Field(default=None, validation_alias="eventHierarchy")
    site_id: str | None = Field(default=None, validation_alias=AliasPath("network", "siteId"))
    device_id: str | None = Field(default=None, validation_alias=AliasPath("network", "deviceId"))
    details: Annotated[UntrustedOutput | None, BeforeValidator(_in_words)] = None


class EventPage(Page):
    """Some of the events, newest first."""

    events: list[Event]
