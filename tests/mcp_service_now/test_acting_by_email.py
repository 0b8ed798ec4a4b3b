"""Where an instance maps logins to e-mail addresses, the caller is whom calls run as, not a namesake."""

from typing import Any

import pytest

from mcp_common.testing.plugin import Connect
from simulators.servicenow import Behaviour
from simulators.world import World
from simulators.world.story import FLAGSHIP
from tests.mcp_service_now.calling import error_of
from tests.mcp_service_now.signing import believing, signing


@pytest.fixture
def behaviour() -> Behaviour:
    return believing(subject="email")


@pytest.fixture
def upstream_secret() -> dict[str, Any]:
    return signing(base_url="http://127.0.0.1", jwt_user_claim="email")


async def test_nobody_approves_their_own_change_under_a_namesakes_user_name(connect: Connect, world: World) -> None:
    """The token's user name is that of somebody else here, and its e-mail address the requester's."""
    email = world.people["changemanager"].email
    me: dict[str, Any] = {"subject": "s-1", "preferred_username": "netops", "email": email}
    asked = {"short_description": "Raise it", "ci": FLAGSHIP, "group": "Change Management"}
    async with connect("change-managers", **me) as client:
        made = (await client.call_tool("create_change", asked)).structured_content or {}
        assert made["change"]["requested_by"]["name"] == "Ingrid Solberg"
        number = made["change"]["number"]
        await client.call_tool("move_change", {"change": number, "state": "Assess"})
        said = await client.call_tool("approve_change", {"change": number}, raise_on_error=False)
    assert error_of(said)["text"].startswith("Separation of duties")
