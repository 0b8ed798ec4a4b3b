"""What the controller says of itself."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import enveloped
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.gateway import guarded


async def release(request: Request) -> Response:
    """Release and packages."""
    controller = controller_of(request)
    version = controller.behaviour.release
    answer = {
        "name": f"dnac-{version}",
        "installedVersion": version,
        "systemVersion": version.split("-", maxsplit=1)[0],
        "supportedDirectUpdates": [],
        "corePackages": ["assurance", "automation-core", "ncp-system"],
        "packages": ["command-runner", "sd-access", "template-programmer"],
        "tenantId": controller.world.tenant_id,
    }
    return enveloped(answer)


routes = [guarded("/dna/intent/api/v1/dnac-release", release)]
