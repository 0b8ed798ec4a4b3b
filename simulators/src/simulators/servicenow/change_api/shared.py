"""What the calls of the Change API share: paths, roles, the change that is meant, the form of answers."""

from collections.abc import Collection, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.request_log import Endpoint
from simulators.servicenow.answers import Refused, bad_request, json_object, no_record, result
from simulators.servicenow.change.pairs import typed
from simulators.servicenow.change.states import state_of
from simulators.servicenow.display import View
from simulators.servicenow.gateway import guarded
from simulators.servicenow.incoming import actual_values
from simulators.servicenow.instance import instance_of
from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.store import Record, as_text

BASES = ("/api/sn_chg_rest/change", "/api/sn_chg_rest/v1/change")
READ, WRITE, DELETE = ("sn_change_read",), ("sn_change_write",), ("change_manager",)
TYPES = ("normal", "standard", "emergency")
PAGE = 500
_GENERATED = ("sys_id", "sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by", "sys_mod_count")


def serving(path: str, endpoint: Endpoint, method: str = "GET", roles: tuple[str, ...] = READ) -> list[Route]:
    """The routes of a call under both base paths, for holders of any of `roles`."""

    async def serve(request: Request) -> Response:
        instance = instance_of(request)
        if not instance.user_of(request).holds(*roles):
            raise Refused(403, "User Not Authorized", "Failed API level ACL Validation")
        instance.workers.settle()
        try:
            return await endpoint(request)
        except Refused as refused:
            raise _scripted(refused) from refused

    return [guarded(f"{base}{path}", serve, method) for base in BASES]


def _scripted(refused: Refused) -> Refused:
    """A write a rule has stopped is a bad request in this API, which knows no 403 of its own."""
    if refused.status == 403 and refused.message == "Operation Failed":
        return bad_request(refused.message, refused.detail)
    return refused


def origin(request: Request) -> str:
    """The instance's address, as links start."""
    return str(request.base_url).rstrip("/")


def view_of(request: Request) -> View:
    """How the caller sees records."""
    instance = instance_of(request)
    return View(instance, instance.user_of(request), f"{origin(request)}/api/now/table")


def change_of(request: Request, name: str = "id") -> Record:
    """The change in the path; under a path of a type only one of that type. Raises: Refused 404."""
    change = instance_of(request).record("change_request", request.path_params[name])
    kind = type_of(request)
    if kind and change["type"] != kind:
        raise no_record()
    return change


def type_of(request: Request) -> str:
    """The type the path is for; empty for all."""
    kinds = [part for part in request.url.path.split("/change/", 1)[-1].split("/")[:1] if part in TYPES]
    return kinds[0] if kinds else ""


def shown(request: Request, table: str, record: Record, ignored: Collection[str] | None = None) -> dict[str, object]:
    """A record as answered; after a write with the names that were passed over."""
    pairs = typed(view_of(request), table, record)
    return pairs if ignored is None else pairs | {"__meta": {"ignoredFields": list(ignored)}}


async def sent(request: Request) -> dict[str, str]:
    """What the caller gives: parameters of the address, overridden by members of the body."""
    address = {name: value for name, value in request.query_params.items() if not name.startswith("sysparm_")}
    return address | {name: as_text(value) for name, value in (await json_object(request)).items()}


def sorted_out(
    request: Request, table: str, given: Mapping[str, str], locked: Collection[str] = ()
) -> tuple[dict[str, str], list[str]]:
    """What can be written, and the names that are passed over: unknown, generated or locked ones."""
    columns = SCHEMA.fields(table)
    known = {
        name: value
        for name, value in given.items()
        if name in columns and not columns[name].read_only and name not in (*_GENERATED, *locked)
    }
    instance = instance_of(request)
    values = actual_values(instance, instance.user_of(request), table, known)
    return values, [name for name in given if name not in known and name != "encrypted_fields"]


def named_state(given: dict[str, str]) -> dict[str, str]:
    """A state given by name becomes its value. Raises: Refused 400."""
    if "state" not in given:
        return given
    state = state_of(given["state"])
    if state is None:
        raise bad_request("Invalid state", f"{given['state']} is not a state of a change request")
    return given | {"state": state}


def answered(request: Request, table: str, record: Record, ignored: Collection[str] | None = None) -> Response:
    """One record."""
    return result(shown(request, table, record, ignored))


def offset_of(request: Request) -> tuple[int, int]:
    """Where a page starts and how long it is."""
    query = request.query_params
    start, size = query.get("sysparm_offset", ""), query.get("sysparm_limit", "")
    return int(start) if start.isdecimal() else 0, int(size) if size.isdecimal() else PAGE
