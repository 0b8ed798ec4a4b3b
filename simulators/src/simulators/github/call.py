"""One request with what its endpoint needs: who asks, about which repository, and how answers are put."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.github.accounts import Account, Identity
from simulators.github.answers import Refused, invalid, not_found
from simulators.github.hub import Hub
from simulators.github.repository import Repository

Item = TypeVar("Item")
MOST = 100


class Links:
    """Where things are to be found: `api` is the root of the API, `html` that of the pages for people."""

    def __init__(self, origin: str, prefix: str) -> None:
        self.html = origin
        self.api = origin + prefix

    def repo(self, repository: Repository, path: str = "") -> str:
        """In the API."""
        return f"{self.api}/repos/{repository.full_name}{path}"

    def page(self, repository: Repository, path: str = "") -> str:
        """For people."""
        return f"{self.html}/{repository.full_name}{path}"


class Call:
    """A request, understood. `repository` is there on routes that name one."""

    def __init__(self, request: Request, hub: Hub, who: Identity, found: Repository | None) -> None:
        self.request = request
        self.hub = hub
        self.who = who
        self._repository = found
        origin = f"{request.url.scheme}://{request.url.netloc}"
        self.links = Links(origin, request.scope.get("github.prefix", ""))

    @property
    def repository(self) -> Repository:
        """The one the path names. Raises: Refused 404."""
        if self._repository is None:
            raise not_found()
        return self._repository

    @property
    def author(self) -> Account:
        """In whose name something is written: the user's, or the App's bot."""
        return self.who.account or self.hub.bot

    @property
    def now(self) -> float:
        """The present time."""
        return self.hub.clock()

    def place(self, name: str) -> str:
        """A place of the path."""
        return str(self.request.path_params[name])

    def number(self, name: str = "number") -> int:
        """A place of the path that is a number. Raises: Refused 404."""
        text = self.place(name)
        if not text.isdecimal() or len(text) > 18:
            raise not_found()
        return int(text)

    def query(self, name: str, default: str = "") -> str:
        """A parameter."""
        return self.request.query_params.get(name, default)

    async def body(self) -> dict[str, Any]:
        """The JSON object sent; nothing is an empty one. Raises: Refused 400."""
        text = await self.request.body()
        if not text:
            return {}
        try:
            content = json.loads(text)
        except ValueError as error:
            raise Refused(400, "Problems parsing JSON") from error
        if not isinstance(content, dict):
            raise Refused(400, "Body should be a JSON object")
        return content

    def json(self, content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """An answer."""
        return JSONResponse(content, status, headers=dict(headers or {}))

    def page(self, items: Sequence[Item], render: Callable[[Item], object], *, key: str = "") -> Response:
        """One page of a list with its Link header; `key` puts it in an object with total_count."""
        shown, headers = self.slice(items)
        rendered = [render(item) for item in shown]
        return self.json({"total_count": len(items), key: rendered} if key else rendered, headers=headers)

    def slice(self, items: Sequence[Item], *, most: int | None = None) -> tuple[Sequence[Item], dict[str, str]]:
        """The items of the page asked for, and the Link header if there is more than one page."""
        size = min(max(_whole(self.query("per_page"), 30), 1), MOST)
        page = max(_whole(self.query("page"), 1), 1)
        total = len(items) if most is None else min(len(items), most)
        last = max(-(-total // size), 1)
        ends: list[tuple[str, int]] = []
        if page > 1:
            ends.append(("prev", min(page - 1, last)))
        if page < last:
            ends += [("next", page + 1), ("last", last)]
        if page > 1:
            ends.append(("first", 1))
        link = ", ".join(f'<{self._address(page=number)}>; rel="{rel}"' for rel, number in ends)
        return items[(page - 1) * size : min(page * size, total)], {"Link": link} if link else {}

    def _address(self, *, page: int) -> str:
        query = [(name, value) for name, value in self.request.query_params.multi_items() if name != "page"]
        path = self.request.scope.get("github.prefix", "") + self.request.url.path
        return f"{self.links.html}{path}?{urlencode([*query, ('page', str(page))])}"


def _whole(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default


def text_of(body: Mapping[str, Any], name: str, resource: str, *, required: bool = True) -> str:
    """A text of the body. Raises: Refused 422, missing or no text."""
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise invalid({"resource": resource, "field": name, "code": "missing_field"})
        return ""
    if not isinstance(value, str):
        raise invalid({"resource": resource, "field": name, "code": "invalid"})
    return value


def one_of(value: str, allowed: Iterable[str], resource: str, field: str) -> str:
    """Raises: Refused 422."""
    if value not in allowed:
        raise invalid({"resource": resource, "field": field, "code": "invalid"})
    return value
