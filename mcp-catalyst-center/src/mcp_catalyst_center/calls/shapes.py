"""What the answers of Catalyst Center share, whatever they are about."""

from typing import Any, Generic, TypeVar

from pydantic import RootModel, model_validator

Item = TypeVar("Item")

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


class Payload(RootModel[Item], Generic[Item]):
    """What an answer holds, whether it comes bare or as `{"response": …, "version": …}`."""

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: Any) -> Any:
        if isinstance(value, dict) and "response" in value and value.keys() <= {"response", "version", "page"}:
            return value["response"]
        return value
