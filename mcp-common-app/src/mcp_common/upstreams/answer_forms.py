"""What a client answers beside plain values: with headers, as a file, or as errors that say more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from mcp_common.errors import UpstreamFailed

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Reply(Generic[Value]):
    """A parsed answer and the headers it came with; their names are found in any case."""

    value: Value
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file, read completely.

    `content_type` is in lower case and without parameters, empty where the upstream names none. `filename` is the
    last part of the name the upstream gives, one visible line; None where it gives none.
    """

    content_type: str
    filename: str | None
    body: bytes = field(repr=False)


class TooLarge(UpstreamFailed):
    """The answer is larger than what is read; asking again gives the same."""

    retryable: ClassVar[bool] = False


class Redirected(UpstreamFailed):
    """The upstream points elsewhere, and nothing was followed.

    `location` is what it said, an address that may itself grant access: it goes into no log and no answer.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, status: int, location: str, detail: str | None = None) -> None:
        super().__init__(message, detail=detail)
        self.redirect_status = status
        self.location = location
