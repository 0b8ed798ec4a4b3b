"""How ServiceNow wraps what it answers."""

from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class One(BaseModel, Generic[Item]):
    """`{"result": {…}}`."""

    result: Item


class Listed(BaseModel, Generic[Item]):
    """`{"result": […]}`."""

    result: list[Item]
