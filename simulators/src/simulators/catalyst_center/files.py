"""Files the controller keeps for whoever started the work that made them."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import not_found
from simulators.catalyst_center.controller import controller_of
from simulators.catalyst_center.devices import INTENT
from simulators.catalyst_center.gateway import guarded


async def get_file(request: Request) -> Response:
    """The content alone, in no envelope."""
    key = request.path_params["id"]
    stored = controller_of(request).files.get(key)
    if stored is None:
        raise not_found("file", key)
    headers = {"Content-Disposition": f'attachment; filename="{stored.name or key}"', "fileName": stored.name or key}
    return Response(stored.content, media_type=stored.content_type, headers=headers)


routes = [guarded(f"{INTENT}/file/{{id}}", get_file)]
