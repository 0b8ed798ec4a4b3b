"""What the assurance data API (`/dna/data/api/v1`) does its own way: errors in an array, a page beside the response."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.catalyst_center.answers import Refused, enveloped, page, whole_number

DATA = "/dna/data/api/v1"


class DataRefused(Refused):
    """Ends a request with an array of errors whose codes are numbers."""

    def response(self) -> Response:
        """The answer."""
        error = {"errorCode": int(self.code), "message": self.message, "detail": self.detail or self.message}
        return JSONResponse({"response": [error], "version": "1.0"}, self.status)


def no_such(kind: str, key: str) -> DataRefused:
    """Nothing has this id."""
    return DataRefused(404, "404", f"No {kind} found", f"No data found for id: {key}")


def invalid(detail: str) -> DataRefused:
    """A query or body that is not taken."""
    return DataRefused(400, "400", "Invalid request", detail)


def paged(
    request: Request, records: Sequence[dict[str, object]], *, cap: int, default: int, sort_by: str, order: str
) -> Response:
    """One page, and what it is a page of."""
    try:
        chosen = page(request, records, cap=cap, default=default)
        place = {"limit": whole_number(request, "limit", default), "offset": whole_number(request, "offset", 1)}
    except Refused as refused:
        raise invalid(refused.detail) from refused
    sorting = [{"name": sort_by, "order": order}]
    return enveloped(list(chosen), page={**place, "count": len(records), "sortBy": sorting})
