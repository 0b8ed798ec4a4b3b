"""What a tool needs: a resource, an action, and optionally a finer object."""

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

Action = Literal["read", "write", "execute"]

_PERMISSION = re.compile(r"(?P<resource>[a-z][a-z0-9-]*)(?:/(?P<object>[a-z][a-z0-9_-]*))?:(?P<action>[a-z]+)")


@dataclass(frozen=True, slots=True)
class Permission:
    """`catalyst-center/template:write` as its three parts."""

    resource: str
    action: Action
    object: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Permission":
        """Read `resource[/object]:action`.

        Raises:
            ValueError: when it has another form, or an action other than read, write, execute.

        """
        found = _PERMISSION.fullmatch(text)
        if found is None or found["action"] not in get_args(Action):
            raise ValueError(
                f"{text!r} is not a permission: expected 'resource[/object]:action' "
                f"with an action of {', '.join(get_args(Action))}"
            )
        return cls(found["resource"], cast("Action", found["action"]), found["object"])

    def __str__(self) -> str:
        return f"{self.resource}{f'/{self.object}' if self.object else ''}:{self.action}"
