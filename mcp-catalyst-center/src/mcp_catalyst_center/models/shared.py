"""What all answers share. Everything an upstream may leave out or send as null is optional."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_LATEST = 253_402_300_799_000  # the last millisecond datetime can hold, rounded to the second


def _moment(value: object) -> object:
    """Epoch milliseconds, as a number or as a string of one, are what Catalyst Center calls a time."""
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LATEST:
        return datetime.fromtimestamp(value / 1000, UTC)
    return None


def _count(value: object) -> object:
    """A number, which arrives as one or as a string; -1 stands for unknown."""
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Count = Annotated[int | None, BeforeValidator(_count)]


class Answered(BaseModel):
    """Base of what is read from Catalyst Center under its names and given out under ours."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")
