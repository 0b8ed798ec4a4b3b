"""What differs between instances, releases and days; every field has the default of a new instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulators.world.people import build_people

USERNAME = "mcp-platform"
PASSWORD = "mcp-platform-demo"  # noqa: S105  # of a simulator that holds nothing
CLIENT_ID = "mcp-platform"
CLIENT_SECRET = "mcp-platform-demo-client"  # noqa: S105  # the same

HOUR = 3600


def _accounts() -> dict[str, str]:
    """The integration's account, and everybody of the company with `<account>-demo`."""
    return {USERNAME: PASSWORD} | {account: f"{account}-demo" for account in build_people()}


@dataclass(frozen=True, slots=True)
class RateRule:
    """So many requests per hour and user: for one user, for holders of a role, or (neither) for everybody."""

    per_hour: int
    user: str = ""
    role: str = ""
    method: str = ""
    path: str = "/api/now/*"
    name: str = "Table API"


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """An application registered for OAuth. `runs_as` is whom client_credentials makes its holder.

    `public_key` (PEM, RS256) switches the JWT bearer grant on; `subject` is the sys_user column that `sub` names.
    """

    secret: str = CLIENT_SECRET
    runs_as: str = USERNAME
    public_key: str = ""
    key_id: str = ""
    audience: str = ""
    """What `aud` must be; unless given, the client id or the address of the token endpoint."""
    subject: Literal["user_name", "email"] = "user_name"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Times in seconds of the simulator's clock."""

    accounts: Mapping[str, str] = field(default_factory=_accounts)
    clients: Mapping[str, OAuthClient] = field(default_factory=lambda: {CLIENT_ID: OAuthClient()})
    api_keys: Mapping[str, str] = field(default_factory=dict)
    """Key (header `x-sn-apikey`) to user; none unless given."""
    access_token_lifetime: float = 1799.0
    refresh_token_lifetime: float = 8_640_000.0
    clock_skew: float = 300.0
    """How far the times of a JWT may be off."""
    session_lifetime: float = 1800.0
    time_zone: str = "Europe/Zurich"
    """Of users who have set none: display values of dates are in it."""
    invalid_query_returns_no_rows: bool = False
    """The property glide.invalid_query.returns_no_rows; without it an invalid part is ignored."""
    sessions: bool = True
    """Answers open a session by cookie. A request that brings one back is its first user's, whoever it proves to be."""
    html_unauthorized: bool = False
    """401 with the login page's HTML instead of the JSON envelope."""
    hibernating: bool = False
    """Every answer is 200 and a page that says the instance sleeps."""
    rate_rules: tuple[RateRule, ...] = ()
    query_limit: int = 10_000
    worker_seconds: float = 0.5
    """How long asynchronous work of the Change API takes."""
    silent_moves: bool = False
    """A move of a change that is not allowed answers 200 and moves nothing, as where the state is read-only."""
    requester_may_approve: bool = True
    """An instance lets people approve what they asked for unless somebody has forbidden it."""
    attachment_limit: int = 1024 * 1024 * 24
    """Bytes; larger files are refused."""
