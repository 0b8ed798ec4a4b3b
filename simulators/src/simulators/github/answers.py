"""The shapes errors come in."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

DOCS = "https://docs.github.com/rest"
BAD_REFERENCE = "Reference does not exist"

Json = dict[str, Any]


class Refused(Exception):
    """Ends a request with GitHub's error body. `status` of the body is text, as GitHub has it."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: object = None,
        *,
        documentation: str = DOCS,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.documentation = documentation
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The answer."""
        body: Json = {"message": self.message}
        if self.errors is not None:
            body["errors"] = self.errors
        body |= {"documentation_url": self.documentation, "status": str(self.status)}
        return JSONResponse(body, self.status, headers=self.headers)


def not_found() -> Refused:
    """There is none, or the caller may not know of it."""
    return Refused(404, "Not Found")


def field_error(resource: str, field: str, code: str, message: str | None = None) -> Json:
    """One member of `errors`; code is missing, missing_field, invalid, already_exists, unprocessable or custom."""
    error = {"resource": resource, "field": field, "code": code}
    return error if message is None else error | {"message": message}


def invalid(*errors: Json | str) -> Refused:
    """422 Validation Failed."""
    return Refused(422, "Validation Failed", list(errors))


def unprocessable(message: str) -> Refused:
    """422 in words."""
    return Refused(422, message)
