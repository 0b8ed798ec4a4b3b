"""GraphQL, as far as a client needs it to see how errors come: with 200."""

import re

from starlette.responses import Response

from simulators.github.answers import Json
from simulators.github.call import Call
from simulators.github.gateway import route
from simulators.github.times import iso

_FIELD = re.compile(r"\{\s*(\w+)")


async def graphql(call: Call) -> Response:
    """POST /graphql {query}: `viewer` and `rateLimit`; anything else is an error, with 200."""
    body = await call.body()
    query = body.get("query")
    if not isinstance(query, str) or not query.strip():
        return call.json({"errors": [{"message": "A query attribute must be specified and must be a string."}]})
    found = _FIELD.search(query)
    if found is None or query.count("{") != query.count("}"):
        return call.json({"errors": [{"message": "Expected one of SCHEMA, SCALAR, TYPE, ..., actual: (none)"}]})
    window = call.hub.limits.window(call.who.key, "graphql")
    data: Json = {
        "viewer": {"login": call.author.login},
        "rateLimit": {"limit": window.limit, "cost": 1, "remaining": window.limit - window.used,
                      "resetAt": iso(window.reset)},
    }  # fmt: skip
    name = found[1]
    if name in data:
        return call.json({"data": {name: data[name]}})
    error = {
        "path": ["query", name],
        "extensions": {"code": "undefinedField", "typeName": "Query", "fieldName": name},
        "locations": [{"line": 1, "column": found.start(1) + 1}],
        "message": f"Field '{name}' doesn't exist on type 'Query'",
    }
    return call.json({"errors": [error]})


routes = [route("POST", "/graphql", graphql, resource="graphql")]
