"""Reads a request: its body within the limit, its headers, its caller."""

import re
from typing import Any

from pydantic_core import from_json
from starlette.types import Receive, Scope

from mcp_common.errors import Unauthenticated
from mcp_common.principal import Principal
from mcp_rest_api_proxy.frame import frame_of
from mcp_rest_api_proxy.problems import Malformed, TooLarge, WrongContentType
from mcp_rest_api_proxy.upstream_mcp import OnBehalf

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_RESTRICTION, _MOST = re.compile(rb"[\x20-\x7e]{0,2000}"), 16
_EXPECTED = 'Send a JSON object of the form {"arguments": {…}}.'


class HungUp(Exception):
    """The caller closed the connection before the request was complete; there is nobody to answer."""


def caller_of(scope: Scope) -> Principal:
    """The verified caller; the time it took to verify is noted in the frame.

    Raises:
        Unauthenticated: there is none.
    """
    state = scope["state"]
    principal = state.get("principal")
    if not isinstance(principal, Principal):
        raise Unauthenticated("Send an access token as 'Authorization: Bearer …'.")
    frame_of(scope).timings["auth"] = state.get("auth_seconds", 0.0)
    return principal


def behalf_of(scope: Scope, idempotency_key: str | None = None, confirm: str | None = None) -> OnBehalf:
    """What is forwarded in the caller's name."""
    frame = frame_of(scope)
    given = restrictions(scope)
    return OnBehalf(scope["state"]["token"], frame.traceparent, frame.request_id, idempotency_key, confirm, given)


def restrictions(scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
    """The X-MCP-… headers, by which a caller gives something up for this request: a server takes away, and never adds.

    Raises:
        Malformed: too many, too long, or not ASCII. To leave one out would give back what was given up.
    """
    found = tuple((name, value) for name, value in scope["headers"] if name.startswith(b"x-mcp-"))
    if len(found) > _MOST or not all(_RESTRICTION.fullmatch(value) for _, value in found):
        raise Malformed(f"X-MCP headers are at most {_MOST}, each of at most 2000 visible ASCII characters.")
    return found


def idempotency_key(scope: Scope) -> str | None:
    """The Idempotency-Key header, with or without the quotes of a structured-field string.

    Raises:
        Malformed: more than one, or not 1 to 200 visible ASCII characters.
    """
    found = [value for name, value in scope["headers"] if name == b"idempotency-key"]
    if not found:
        return None
    key: str = found[0].decode("latin-1").strip()
    if len(key) > 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if len(found) > 1 or not _KEY.fullmatch(key):
        raise Malformed("Idempotency-Key must come once and hold 1 to 200 visible ASCII characters.")
    return key


def confirmation(scope: Scope) -> str | None:
    """The Confirm header: what a 428 gave as `confirm`, once a person has agreed.

    Raises:
        Malformed: more than one, or not 1 to 200 visible ASCII characters.
    """
    found = [value for name, value in scope["headers"] if name == b"confirm"]
    if not found:
        return None
    token: str = found[0].decode("latin-1").strip()
    if len(found) > 1 or not _KEY.fullmatch(token):
        raise Malformed("Confirm must come once and hold what a 428 answer gave as 'confirm', as it came.")
    return token


def check_content_type(scope: Scope) -> None:
    """Refuse a body that is not declared as JSON.

    Raises:
        WrongContentType: naming the type to send.
    """
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind = value.split(b";")[0].strip().lower()
            if kind == b"application/json" or (kind.startswith(b"application/") and kind.endswith(b"+json")):
                return
            break
    raise WrongContentType("The body must be JSON: send 'Content-Type: application/json'.")


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body.

    Raises:
        TooLarge: it is, or says it will be, larger than `limit` bytes.
        HungUp: the caller went away.
    """
    refusal = f"The body is larger than {limit} bytes. Send less at once."
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and (len(value) > 15 or int(value) > limit):
            raise TooLarge(refusal)
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise HungUp
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLarge(refusal)
        if not message.get("more_body", False):
            return body


def arguments_in(body: bytes) -> dict[str, Any]:
    """The `arguments` of a call; an empty body or object means none.

    Raises:
        Malformed: naming what is wrong, never repeating a value.
    """
    if not body.strip():
        return {}
    try:
        parsed = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Malformed(f"The body is not JSON: {error}. {_EXPECTED}") from None
    if not isinstance(parsed, dict):
        raise Malformed(f"The body is not a JSON object. {_EXPECTED}")
    if parsed.keys() - {"arguments"}:
        raise Malformed(f"The body has members other than 'arguments'. {_EXPECTED}")
    arguments = parsed.get("arguments", {})
    if not isinstance(arguments, dict):
        raise Malformed(f"'arguments' is not an object. {_EXPECTED}")
    return arguments
