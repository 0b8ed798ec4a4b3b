"""The two ways a step can take: MCP, and REST through the proxy. Both are the caller's own token and nothing else."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import httpx2
from mcp_types import RequestParamsMeta

from platform_cli.layout import Layout, Trouble
from platform_cli.remote import CONFIRM_META, TIMEOUT, error_of, question_in, session

Bearer = Callable[[str], str]
"""Account -> an access token of it."""

_REFUSED = frozenset({400, 403, 404, 409, 422, 428, 429, 502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """What a call came to: `value`, or the code and the sentence of an error. `question` was put to a person first."""

    trace_id: str
    value: Mapping[str, Any] | None = None
    code: str = ""
    sentence: str = ""
    question: str = ""


class Carrier(Protocol):
    """Takes a call to its tool. A question that comes back is answered with yes."""

    name: str

    async def call(self, account: str, server: str, tool: str, arguments: Mapping[str, Any]) -> Answer:
        """Make one call as an account.

        Raises:
            Trouble: when nobody answers.
        """


class OverMcp:
    """The official MCP client, one call a connection."""

    name = "MCP"

    def __init__(self, layout: Layout, bearer: Bearer) -> None:
        self._layout = layout
        self._bearer = bearer

    async def call(self, account: str, server: str, tool: str, arguments: Mapping[str, Any]) -> Answer:
        """Make one call as an account."""
        question, confirmed = "", cast("RequestParamsMeta | None", None)
        while True:
            trace_id, header = _trace()
            async with session(self._layout, server, self._bearer(account), beside={"traceparent": header}) as client:
                result = await client.call_tool(tool, dict(arguments), meta=confirmed)
            asked = question_in(result)
            if asked is not None and not question:
                question, confirmed = asked.text, cast("RequestParamsMeta", {CONFIRM_META: asked.confirmation})
                continue
            if result.is_error:
                code = str(((result.meta or {}).get("mcp-platform/error") or {}).get("code", ""))
                return Answer(trace_id, code=code, sentence=error_of(result), question=question)
            return Answer(trace_id, value=result.structured_content or {}, question=question)


class OverRest:
    """Plain HTTP to the proxy."""

    name = "REST"

    def __init__(self, layout: Layout, bearer: Bearer) -> None:
        self._layout = layout
        self._bearer = bearer

    async def call(self, account: str, server: str, tool: str, arguments: Mapping[str, Any]) -> Answer:
        """Make one call as an account."""
        url = f"{self._layout.url('rest-api-proxy')}/api/v1/mcp/{server}/tools/{tool}"
        question, confirmed = "", dict[str, str]()
        async with httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False) as http:
            while True:
                trace_id, header = _trace()
                headers = {"Authorization": f"Bearer {self._bearer(account)}", "traceparent": header, **confirmed}
                try:
                    answer = await http.post(url, json={"arguments": dict(arguments)}, headers=headers)
                except httpx2.HTTPError as failure:
                    raise Trouble(f"The REST proxy does not answer at {url}: see mcp-platform status.") from failure
                if answer.status_code == httpx2.codes.OK:
                    return Answer(trace_id, value=answer.json()["result"], question=question)
                if answer.status_code not in _REFUSED:
                    raise Trouble(f"The REST proxy answered {answer.status_code} to {server}.{tool}.")
                problem = answer.json()
                if problem["code"] == "confirmation_required" and not question:
                    question, confirmed = problem["question"], {"Confirm": problem["confirm"]}
                    continue
                return Answer(trace_id, code=problem["code"], sentence=problem["detail"], question=question)


def _trace() -> tuple[str, str]:
    """A trace of its own for each call, by which its audit line is found (W3C Trace Context)."""
    trace_id = secrets.token_hex(16)
    return trace_id, f"00-{trace_id}-{secrets.token_hex(8)}-01"
