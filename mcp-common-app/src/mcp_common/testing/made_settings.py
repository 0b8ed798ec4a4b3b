"""Settings for tests: what equals is made once, since reading the environment takes longer than many a test."""

import os
from functools import cache
from typing import Any

from mcp_common.settings import Settings


def made_settings(**values: Any) -> Settings:
    """The same as `Settings(**values)`; the environment counts as it is now. Values must be hashable.

    Raises:
        pydantic.ValidationError: when a value is not one the setting takes.
    """
    environment = {name: text for name, text in os.environ.items() if name.lower() in Settings.model_fields}
    return _made(tuple(sorted(values.items())), tuple(sorted(environment.items())))


@cache
def _made(values: tuple[tuple[str, Any], ...], environment: tuple[tuple[str, str], ...]) -> Settings:
    return Settings(**dict(values))
