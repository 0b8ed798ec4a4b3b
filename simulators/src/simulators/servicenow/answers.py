"""The shapes answers come in."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Refused(Exception):
    """Ends a request with the instance's error envelope."""

    def __init__(
        self, status: int, message: str, detail: str | None = None, *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.detail = detail
        self.headers = headers

    def response(self) -> Response:
        """The answer."""
        error = {"message": self.message, "detail": self.detail}
        return JSONResponse({"error": error, "status": "failure"}, self.status, headers=self.headers)


def invalid_table(name: str) -> Refused:
    """No table is called so."""
    return Refused(400, f"Invalid table {name}")


def no_record() -> Refused:
    """There is none, or the caller may not know of it."""
    return Refused(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")


def acl_exception(operation: str) -> Refused:
    """`operation` is Insert, Update or Delete."""
    return Refused(403, "Operation Failed", f"ACL Exception {operation} Failed due to security constraints")


def data_policy(labels: list[str]) -> Refused:
    """Fields that must not be empty are."""
    listed = ", ".join(labels)
    return Refused(
        403,
        "Operation Failed",
        f"Data Policy Exception: The following fields are mandatory: {listed}",
    )


def aborted(detail: str = "Operation against file was aborted by Business Rule") -> Refused:
    """A business rule said no."""
    return Refused(403, "Operation Failed", detail)


def bad_request(message: str, detail: str | None = None) -> Refused:
    """What was sent cannot be taken."""
    return Refused(400, message, detail)


def result(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`{"result": …}`."""
    return JSONResponse({"result": content}, status, headers=headers)


async def json_object(request: Request) -> dict[str, Any]:
    """The body; an empty one is an empty object. Raises: Refused 400 or 415."""
    body = await request.body()
    if not body:
        return {}
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refused(415, "Unsupported media type", f"Content-Type {kind} is not supported")
    try:
        content = await request.json()
    except ValueError as error:
        raise bad_request("Exception while reading request", "Cannot decode: the body is not JSON") from error
    if not isinstance(content, dict):
        raise bad_request("Exception while reading request", "The body is not an object")
    return content


def flag(request: Request, name: str) -> bool:
    """A query parameter that says true."""
    return request.query_params.get(name, "").lower() == "true"


def whole_number(request: Request, name: str, default: int) -> int:
    """A query parameter; what is not a number counts as absent."""
    text = request.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else default
