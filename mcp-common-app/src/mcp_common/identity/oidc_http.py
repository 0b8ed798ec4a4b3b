"""Ask the identity provider for a JSON object, within bounds of time and size."""

import json
from typing import Any, NoReturn

import httpx2

from mcp_common.errors import Unavailable

RETRY_AFTER = 2.0
_TIMEOUT = httpx2.Timeout(5.0)
_MAX_BYTES = 512 * 1024


class Refused(Exception):
    """The provider answered 400, 401 or 403; what that says depends on the question."""


def provider_down(detail: str) -> Unavailable:
    """The error for a provider that gave no usable answer; `detail` is for the log."""
    return Unavailable(
        "The identity provider cannot be reached, so tokens cannot be checked. Try again shortly.",
        retry_after=RETRY_AFTER,
        detail=detail,
    )


async def ask_provider(
    http: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    what: str,
    headers: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Send one request and read the JSON object in the answer. Redirects are not followed.

    Raises:
        Refused: on 400, 401 and 403.
        Unavailable: on every other kind of non-answer; `what` names the question in its detail.

    """
    accept = {"Accept": "application/json", **(headers or {})}
    try:
        async with http.stream(
            method, url, headers=accept, data=form, timeout=_TIMEOUT, follow_redirects=False
        ) as response:
            if response.status_code in (400, 401, 403):
                raise Refused
            if response.status_code != httpx2.codes.OK:
                raise provider_down(f"{what}: HTTP {response.status_code}")
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise provider_down(f"{what}: the answer is larger than {_MAX_BYTES} bytes")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        _unreachable(what, error)
    return _json_object(bytes(body), what)


def _unreachable(what: str, error: Exception) -> NoReturn:
    raise provider_down(f"{what}: {type(error).__name__}") from error


def _json_object(body: bytes, what: str) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise provider_down(f"{what}: the answer is not JSON") from error
    if not isinstance(parsed, dict):
        raise provider_down(f"{what}: the answer is not a JSON object")
    return parsed
