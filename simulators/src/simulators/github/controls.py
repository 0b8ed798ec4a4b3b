"""`/__sim/` of a GitHub: beside what every simulator has, tokens and the limits nobody can see coming."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.controls import BadControl, common_controls, control, json_of
from simulators.github.answers import Refused
from simulators.github.hub import hub_of


async def delete_tokens(request: Request) -> Response:
    """Every installation token is void from now on."""
    hub_of(request).tokens.void_all()
    return Response(status_code=204)


async def get_tokens(request: Request) -> Response:
    """Those issued, without the tokens themselves: what each may and where."""
    hub = hub_of(request)
    listed = [
        {
            "permissions": dict(token.permissions),
            "repositories": None
            if token.repositories is None
            else sorted(hub.by_id(one).full_name for one in token.repositories),
            "expires": token.expires,
            "revoked": token.revoked,
        }
        for token in hub.tokens.issued.values()
    ]
    return JSONResponse({"count": len(listed), "tokens": listed})


async def put_limits(request: Request) -> Response:
    """`{"secondary": 2, "status": 429, "retry_after": 30}` or `{"used_up": "search"}`."""
    body = await json_of(request)
    if not isinstance(body, dict):
        raise BadControl("an object is needed")
    limits = hub_of(request).limits
    if isinstance(body.get("used_up"), str):
        limits.use_up(body["used_up"])
    if "secondary" in body:
        times, status, after = body["secondary"], body.get("status", 403), body.get("retry_after")
        if not isinstance(times, int) or status not in (403, 429) or not isinstance(after, int | None):
            raise BadControl("secondary is a number of times, status 403 or 429, retry_after a number or absent")
        limits.refuse(times, status=status, retry_after=after)
    return Response(status_code=204)


def _refuse(problem: str) -> Response:
    return Refused(400, problem).response()


routes = [
    control("tokens", get_tokens, _refuse),
    control("tokens", delete_tokens, _refuse, "DELETE"),
    control("limits", put_limits, _refuse, "PUT"),
    *common_controls(_refuse, lambda request: hub_of(request).clock, lambda request: hub_of(request).requests),
]
