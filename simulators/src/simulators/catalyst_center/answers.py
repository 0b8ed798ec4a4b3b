"""The shapes answers come in, and paging."""

from collections.abc import Sequence
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

T = TypeVar("T")


class Refused(Exception):
    """Ends a request with the intent API's error envelope."""

    def __init__(self, status: int, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def response(self) -> Response:
        """The answer."""
        error = {"errorCode": self.code, "message": self.message, "detail": self.detail or self.message}
        return JSONResponse({"response": error, "version": "1.0"}, self.status)


def bad_request(detail: str) -> Refused:
    """A query or body the controller does not take."""
    return Refused(400, "Bad request", "Invalid input request", detail)


def not_found(kind: str, key: str) -> Refused:
    """Nothing has this id."""
    return Refused(404, "Not found", "Resource not found", f"No {kind} found with id: {key}")


def bare(content: object) -> Response:
    """An answer without envelope."""
    return JSONResponse(content)


def enveloped(content: object, **beside: object) -> Response:
    """`{"response": …, "version": "1.0"}`."""
    return JSONResponse({"response": content, **beside, "version": "1.0"})


def accepted(task_id: str) -> Response:
    """202, naming a task."""
    return JSONResponse({"response": {"taskId": task_id, "url": f"/api/v1/task/{task_id}"}, "version": "1.0"}, 202)


def page(request: Request, items: Sequence[T], *, cap: int, default: int | None = None) -> Sequence[T]:
    """The part of `items` that `offset` (1-based) and `limit` ask for. Raises: Refused 400, out of range."""
    offset = whole_number(request, "offset", 1)
    limit = whole_number(request, "limit", cap if default is None else default)
    if offset < 1:
        raise bad_request("Invalid offset: the first record has offset 1")
    if not 1 <= limit <= cap:
        raise bad_request(f"Invalid limit: limit should be between 1 and {cap}")
    return items[offset - 1 : offset - 1 + limit]


def whole_number(request: Request, name: str, default: int) -> int:
    """A numeric query part. Raises: Refused 400."""
    text = request.query_params.get(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise bad_request(f"Invalid {name}: {text}") from error


def flag(request: Request, name: str) -> bool:
    """A query part that says true."""
    return request.query_params.get(name, "").lower() == "true"


def values(request: Request, name: str) -> list[str]:
    """All values of a query part, repeated or separated by commas."""
    return [value.strip() for text in request.query_params.getlist(name) for value in text.split(",") if value.strip()]


async def json_object(request: Request) -> dict[str, Any]:
    """The body. Raises: Refused 400, not a JSON object."""
    try:
        body = await request.json()
    except ValueError as error:
        raise bad_request("Request body is not valid JSON") from error
    if not isinstance(body, dict):
        raise bad_request("Request body should be an object")
    return body
