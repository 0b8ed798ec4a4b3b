"""What the policy is asked and what it may answer, and the OPA server as one engine that answers."""

import asyncio
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import httpx2
from pydantic_core import from_json, to_json

from mcp_common.errors import PolicyUnavailable
from mcp_common.http.pooled_http import PooledHttp

_DECISION: Final = "/v1/data/authz/decision?provenance=true"
_DECISIONS: Final = "/v1/data/authz/decisions?provenance=true"
_HEALTH: Final = "/health?bundles"
_POLICIES: Final = "/v1/policies"
_DATA: Final = "/v1/data"
_PATHS: Final = (_DECISION, _DECISIONS, _HEALTH, _POLICIES, _DATA)
_JSON: Final = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The question whether somebody in `groups` may take `action` on `resource`.

    `context` holds JSON values only: subject, client_id, actors, object (the finer object or None), tool, arguments,
    acr, amr.
    """

    groups: tuple[str, ...]
    resource: str
    action: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """The policy's answer.

    `decision_id` names the evaluation that gave it: calls answered from the cache, and the members of a batch, share
    the id of the evaluation they rest on, which is the one in OPA's decision log. `revision` names the policy.
    `any_arguments`: the policy says that it would be the same with any other arguments.
    """

    allow: bool
    reason: str
    decision_id: str
    revision: str
    any_arguments: bool = False


class Verdict(NamedTuple):
    """The policy's own words; `any_arguments` is true only where it says so itself."""

    allow: bool
    reason: str
    any_arguments: bool

    def decision(self, decision_id: str, revision: str) -> Decision:
        """The decision of one evaluation."""
        return Decision(self.allow, self.reason, decision_id, revision, self.any_arguments)


class PolicyEngine(Protocol):
    """Whatever evaluates the policy. Every kind of non-answer is a `PolicyUnavailable`, never a decision."""

    async def decide(self, request: AuthorizationRequest) -> Decision:
        """Answer one request."""

    async def decide_many(self, requests: Sequence[AuthorizationRequest]) -> list[Decision]:
        """Answer all of them in one round trip, in their order."""

    async def ready(self) -> None:
        """Raise `PolicyUnavailable` with the reason while the engine cannot decide."""

    async def revision(self) -> str:
        """Name the policy in force; another name means that earlier decisions may no longer hold."""

    async def aclose(self) -> None:
        """Release connections and threads."""


def document_of(request: AuthorizationRequest) -> bytes:
    """The request as JSON: the bytes that both engines are given and that the decision cache keeps apart by.

    Raises:
        PolicyUnavailable: when it holds something that is not JSON.

    """
    try:
        return to_json(
            {
                "groups": request.groups,
                "resource": request.resource,
                "action": request.action,
                "context": request.context,
            },
            inf_nan_mode="strings",
            fallback=_plain,
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise unanswered("the arguments hold a value that is not JSON", detail=type(error).__name__) from None


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def unanswered(why: str, *, detail: str | None = None) -> PolicyUnavailable:
    """The one sentence a caller gets when there is no decision; `detail` is for the log."""
    return PolicyUnavailable(
        f"The policy gave no answer ({why}), so nothing is allowed. "
        "Try again shortly; if it stays so, tell the platform's operators.",
        detail=detail,
    )


def verdict_of(result: object) -> Verdict:
    """`{allow, reason}` as the policy must give it, and `regardless_of` where it lists what it did not look at.

    Raises:
        PolicyUnavailable: when `allow` is not a boolean or `reason` not a sentence.

    """
    if not isinstance(result, dict):
        raise unanswered("its answer is not a decision", detail=f"result is {type(result).__name__}")
    allow, reason = result.get("allow"), result.get("reason")
    if not isinstance(allow, bool):
        raise unanswered("its answer is not a decision", detail=f"allow is {type(allow).__name__}")
    if not isinstance(reason, str) or not reason.strip():
        raise unanswered("its answer is not a decision", detail="reason is missing")
    ignored = result.get("regardless_of")
    return Verdict(allow, reason, any_arguments=isinstance(ignored, list) and "arguments" in ignored)


def verdicts_of(result: object, expected: int) -> list[Verdict]:
    """The answers to a batch, as many as were asked for; raises as `verdict_of`."""
    if not isinstance(result, list) or len(result) != expected:
        found = len(result) if isinstance(result, list) else type(result).__name__
        raise unanswered("its answer is not a list of decisions", detail=f"expected {expected}, found {found}")
    return [verdict_of(each) for each in result]


class OPAClient:
    """An OPA server (`OPA_ADDR`), asked over pooled connections; slower than `timeout` seconds counts as no answer.

    The revision is that of OPA's bundles where each has one (`opa build --revision`); of a directory or of policies
    put in by hand, it is a hash of everything the server holds.

    Raises:
        ValueError: when the address is not an http or https URL.

    """

    def __init__(
        self, address: str, *, timeout: float = 1.0, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        if not address.startswith(("http://", "https://")):
            raise ValueError(
                f"OPA_ADDR must be an http:// or https:// URL such as http://127.0.0.1:8181, not {address!r}"
            )
        # The transport alone, without a client around it: no redirects, cookies or proxies of the environment, which
        # have no business between a service and its policy.
        self._transport = transport or PooledHttp(connections=64)
        self._urls = {path: httpx2.URL(address.rstrip("/") + path) for path in _PATHS}
        self._timeout = timeout
        self._extensions = {"timeout": httpx2.Timeout(timeout).as_dict()}
        self._hashed: str | None = None
        self._closed = False

    async def decide(self, request: AuthorizationRequest) -> Decision:
        """See `PolicyEngine`."""
        answer = await self._ask("POST", _DECISION, b'{"input":' + document_of(request) + b"}")
        verdict = verdict_of(answer.get("result"))
        return verdict.decision(_decision_id(answer), await self._revision_of(answer))

    async def decide_many(self, requests: Sequence[AuthorizationRequest]) -> list[Decision]:
        """See `PolicyEngine`."""
        if not requests:
            return []
        body = b'{"input":{"requests":[' + b",".join(map(document_of, requests)) + b"]}}"
        answer = await self._ask("POST", _DECISIONS, body)
        verdicts = verdicts_of(answer.get("result"), len(requests))
        decision_id, revision = _decision_id(answer), await self._revision_of(answer)
        return [verdict.decision(decision_id, revision) for verdict in verdicts]

    async def ready(self) -> None:
        """See `PolicyEngine`: bundles are active and the policy answers."""
        await self._ask("GET", _HEALTH)
        await self.revision()

    async def revision(self) -> str:
        """See `PolicyEngine`. Asks without input, which the shipped policy leaves out of OPA's decision log."""
        answer = await self._ask("GET", _DECISION)
        verdict_of(answer.get("result"))
        bundled = _bundled(answer)
        if bundled is None:
            self._hashed = await self._hash()
        return bundled or str(self._hashed)

    async def aclose(self) -> None:
        """Close the connections."""
        self._closed = True
        await self._transport.aclose()

    async def _revision_of(self, answer: dict[str, Any]) -> str:
        return _bundled(answer) or self._hashed or await self.revision()

    async def _hash(self) -> str:
        policies = (await self._ask("GET", _POLICIES)).get("result")
        data = (await self._ask("GET", _DATA)).get("result")
        if not isinstance(policies, list) or not all(isinstance(policy, dict) for policy in policies):
            raise unanswered("its answer is not a list of policies")
        sources = sorted((str(policy.get("id")), str(policy.get("raw"))) for policy in policies)
        return hashlib.sha256(to_json([sources, data])).hexdigest()[:16]

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        if self._closed:
            raise unanswered("the engine is closed")
        request = httpx2.Request(method, self._urls[path], content=body, headers=_JSON, extensions=self._extensions)
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._transport.handle_async_request(request)
                try:
                    content = await response.aread()
                finally:
                    await response.aclose()
        except (TimeoutError, httpx2.TimeoutException):
            raise unanswered("OPA took too long", detail=f"more than {self._timeout} s") from None
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise unanswered("OPA cannot be reached", detail=f"{type(error).__name__}: {error}") from None
        if response.status_code != httpx2.codes.OK:
            raise unanswered("OPA answered with an error", detail=f"{method} {path}: HTTP {response.status_code}")
        try:
            answer = from_json(content)
        except ValueError:
            raise unanswered("OPA's answer is not JSON", detail=f"{method} {path}") from None
        if not isinstance(answer, dict):
            raise unanswered("OPA's answer is not a decision", detail=f"{method} {path}: {type(answer).__name__}")
        return answer


def _decision_id(answer: dict[str, Any]) -> str:
    given = answer.get("decision_id")
    return given if isinstance(given, str) and given else str(uuid.uuid4())


def _bundled(answer: dict[str, Any]) -> str | None:
    """`name@revision` of the active bundles; None unless each has a revision."""
    provenance = answer.get("provenance")
    bundles = provenance.get("bundles") if isinstance(provenance, dict) else None
    if not isinstance(bundles, dict) or not bundles:
        return None
    revisions = {name: bundle.get("revision") if isinstance(bundle, dict) else None for name, bundle in bundles.items()}
    if not all(isinstance(revision, str) and revision for revision in revisions.values()):
        return None
    return ",".join(f"{name}@{revision}" for name, revision in sorted(revisions.items()))
