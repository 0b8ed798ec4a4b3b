"""What the answers of Catalyst Center share, whatever they are about."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from pydantic import AliasChoices, BaseModel, RootModel, model_validator

from mcp_catalyst_center.models.shared import Answered

Item = TypeVar("Item")

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


class Payload(RootModel[Item], Generic[Item]):
    """What an answer holds, whether it comes bare or as `{"response": …, "version": …}`."""

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: Any) -> Any:
        if isinstance(value, dict) and "response" in value and value.keys() <= {"response", "version", "page"}:
            value = value["response"]
        kind = cls.model_fields["root"].annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            must_hold_one_of(kind, value)
        return value


class Whole(Answered):
    """Base of an answer that is not in an envelope."""

    @model_validator(mode="before")
    @classmethod
    def _check(cls, value: Any) -> Any:
        must_hold_one_of(cls, value)
        return value


def must_hold_one_of(shape: type[BaseModel], value: object) -> None:
    """Refuse an object that says something, and nothing of what was asked: read on, it would look like an empty one.

    Raises:
        ValueError: saying so.

    """
    if isinstance(value, dict) and value and value.keys().isdisjoint(_names(shape)):
        raise ValueError(f"an object of another shape than {shape.__name__}")


def _names(shape: type[BaseModel]) -> Iterator[str]:
    for name, field in shape.model_fields.items():
        yield name
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
        yield from (choice for choice in choices if isinstance(choice, str))
