"""Tools of a small server behind the proxy: one for each kind of outcome."""

from pydantic import BaseModel

from mcp_common import errors
from mcp_common.tools import Caller, tool


class Device(BaseModel):
    id: str
    hostname: str
    uptime: int | None = None


class Site(BaseModel):
    """Refers to itself, so its schema keeps references."""

    name: str
    parts: list["Site"] = []


class Who(BaseModel):
    subject: str
    groups: tuple[str, ...]


class Blob(BaseModel):
    text: str


class Deployment(BaseModel):
    number: int


ERRORS: dict[str, errors.PlatformError] = {
    "not_found": errors.NotFound("Catalyst Center has no such device."),
    "conflict": errors.Conflict("The deployment is still running."),
    "busy": errors.Busy("Catalyst Center is busy.", retry_after=7.2),
    "upstream_rejected": errors.UpstreamRejected("Catalyst Center refused the request."),
    "upstream_failed": errors.UpstreamFailed("Catalyst Center failed."),
    "upstream_unauthorized": errors.UpstreamUnauthorized("Catalyst Center refused the platform's account."),
    "unavailable": errors.Unavailable("Catalyst Center is down.", retry_after=30),
    "upstream_timeout": errors.UpstreamTimeout("Catalyst Center did not answer."),
    "outcome_unknown": errors.OutcomeUnknown("Look at get_deployment_status."),
    "internal": errors.Internal("A fault of ours."),
}
deployments: list[str] = []


@tool("catalyst-center/device:read", toolset="inventory")
async def get_device(device_id: str, uptime: int | None = None) -> Device:
    """Show one device."""
    return Device(id=device_id, hostname="sjc-core-01", uptime=uptime)


@tool("catalyst-center/device:read", toolset="inventory")
async def fail(code: str) -> Device:
    """Fail in the named way."""
    raise ERRORS[code]


@tool("catalyst-center/device:read", toolset="inventory")
async def who_am_i(caller: Caller) -> Who:
    """Tell who calls."""
    return Who(subject=caller.subject, groups=caller.groups)


@tool("catalyst-center/site:read", toolset="inventory")
async def get_site(site: Site) -> Site:
    """Show a site."""
    return site


@tool("catalyst-center/device:read", toolset="inventory")
async def big(size: int) -> Blob:
    """Answer with much text."""
    return Blob(text="x" * size)


@tool("catalyst-center/template:write", toolset="deployments")
async def deploy(device_id: str) -> Deployment:
    """Deploy to a device."""
    deployments.append(device_id)
    return Deployment(number=len(deployments))


@tool(
    "catalyst-center/template:write",
    toolset="deployments",
    destructive=True,
    confirm="Take device {device_id} out of service?",
)
async def retire(device_id: str) -> Deployment:
    """Take a device out of service."""
    deployments.append(device_id)
    return Deployment(number=len(deployments))
