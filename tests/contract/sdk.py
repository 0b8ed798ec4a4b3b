"""Cisco's SDK as the tests of this folder use it: the checks it makes of requests are compiled when first needed."""

from collections.abc import Callable
from typing import Any

import fastjsonschema
import pytest
import requests
from catalystcentersdk import CatalystCenterAPI

from simulators.catalyst_center import PASSWORD, USERNAME

_compile = fastjsonschema.compile


def logged_in(url: str, version: str, session: requests.Session, password: str = PASSWORD) -> Any:
    """The SDK for one version of the API, logged in.

    It never closes a session it made itself, so it is given one. Making it compiles some thousand schemas, of which
    a test needs a handful. Raises: ApiError, the login was refused.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fastjsonschema, "compile", _Late)
        return CatalystCenterAPI(username=USERNAME, password=password, base_url=url, version=version, session=session)


class _Late:
    """A compiled schema that is compiled on its first use."""

    def __init__(self, definition: Any) -> None:
        self._definition = definition
        self._check: Callable[[Any], Any] | None = None

    def __call__(self, data: Any) -> Any:
        if self._check is None:
            self._check = _compile(self._definition)
        return self._check(data)
