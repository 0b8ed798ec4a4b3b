"""Every way in which a call is refused, and what is seen of it: the table of the tests and of the documentation.

`MCP` is what an MCP client reads, over both eras and both of the server's adapters; `REST` is what a caller of the
proxy reads. Nothing of any of them reaches the upstream.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mcp_common.testing.issuer import SigningIssuer, forged, signing_key

Token = Callable[[SigningIssuer], str | None]

DEPLOYMENT: Mapping[str, Any] = {
    "template_id": "769b61a1-f684-49a3-90b4-fab280159d1b",
    "device_id": "7c8d4a1e-0a51-4b62-9f0e-0d6c1f4e2b11",
    "params": {"vlan": 20},
}


class Trouble(Enum):
    """What is out of order while the call is made."""

    NONE = "nothing"
    POLICY_STOPPED = "the OPA server was stopped in the middle of the run"
    POLICY_NOT_JSON = "OPA's address answers with a web page"
    POLICY_NO_BOOLEAN = "OPA's address answers with a text where a boolean belongs"
    VAULT_SEALED = "OpenBao was sealed, and the lease under which the cached secret may be used is over"
    PROVIDER_DOWN = "the OpenID provider does not listen, and no key of it is known"


@dataclass(frozen=True)
class Told:
    """What a caller reads. Over MCP a governed refusal is a result (HTTP 200), as the protocol wants it."""

    status: int
    code: str
    text: str
    challenge: str | None = None
    retry_after: bool = False


@dataclass(frozen=True)
class Written:
    """The audit line that there must be, exactly one, and in whose trail."""

    trail: str
    action: str
    outcome: str
    reason: str
    code: str | None = None


@dataclass(frozen=True)
class Case:
    """One row."""

    name: str
    token: Token
    mcp: Told
    rest: Told
    mcp_line: Written
    rest_line: Written
    trouble: Trouble = Trouble.NONE
    tool: str = "get_all_templates"
    arguments: Mapping[str, Any] = field(default_factory=dict)


def _member_of(*groups: str) -> Token:
    return lambda issuer: issuer.token("alice", list(groups))


def _tampered(issuer: SigningIssuer) -> str:
    """A good token of somebody without a group, its claims changed to those of an administrator."""
    header, payload, signature = issuer.token("alice", []).split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | {"groups": ["admin"]}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


def _login_refused(name: str, token: Token, reason: str, text: str, *, code: str = "unauthenticated") -> Case:
    """Refused at the door, in the same words at both doors."""
    error = "" if reason == "no_credentials" else f'error="invalid_token", error_description="{text}", '
    told = Told(401, code, text, challenge=f'Bearer {error}resource_metadata="{{metadata}}"')
    line = ("authenticate", "failure", reason)
    return Case(name, token, told, told, Written("server", *line), Written("proxy", *line))


_NO_ANSWER = (
    "The policy gave no answer ({why}), so nothing is allowed. "
    "Try again shortly; if it stays so, tell the platform's operators."
)


def _policy_silent(name: str, trouble: Trouble, why: str) -> Case:
    text = _NO_ANSWER.format(why=why)
    line = ("tool_call", "denied", text, "policy_unavailable")
    return Case(
        name,
        _member_of("admin"),
        Told(200, "policy_unavailable", text),
        Told(503, "policy_unavailable", text, retry_after=True),
        Written("server", *line),
        Written("proxy", *line),
        trouble,
    )


def _denied(name: str, token: Token, reason: str, *, by_proxy: bool = False, **call: Any) -> Case:
    text = f"Not allowed: {reason}"
    line = Written("server", "tool_call", "denied", reason, "denied")
    return Case(
        name,
        token,
        Told(200, "denied", text),
        Told(403, "denied", text),
        line,
        Written("proxy", "tool_call", "denied", reason, "denied") if by_proxy else line,
        **call,
    )


_NO_GROUP = "You are in no group that has a role on this platform. Ask its administrators for one."
_NO_READING = (
    "None of your groups grants catalyst-center/template:read. "
    "Granted to: change-managers, network-engineers, network-viewers, service-desk."
)
_NO_DEPLOYING = "None of your groups grants catalyst-center/template:write. Granted to: network-engineers."
_SEALED = "The secret store is sealed. An operator must unseal it (`vault operator unseal`)."
_PROVIDER_DOWN = "The identity provider cannot be reached, so tokens cannot be checked. Try again shortly."

CASES = (
    _login_refused(
        "no token",
        lambda issuer: None,
        "no_credentials",
        "Send an access token in the Authorization header: 'Authorization: Bearer <token>'.",
    ),
    _login_refused(
        "expired",
        lambda issuer: issuer.token(exp=int(time.time()) - 3600),
        "expired",
        "The token has expired. Get a new one.",
    ),
    _login_refused(
        "wrong issuer",
        lambda issuer: issuer.token(iss="https://login.elsewhere.example"),
        "claim_iss",
        "The token is from another issuer than the one trusted here.",
    ),
    _login_refused(
        "wrong audience",
        lambda issuer: issuer.token(aud="another-application"),
        "claim_aud",
        "The token is not meant for this service (audience).",
    ),
    _login_refused(
        "algorithm none",
        lambda issuer: forged({"alg": "none", "typ": "at+jwt"}, issuer.claims()),
        "algorithm",
        "The token is not signed with an accepted algorithm.",
    ),
    _login_refused(
        "unknown key",
        lambda issuer: issuer.token(key=signing_key("RS256", 99)),
        "unknown_key",
        "The token is signed with a key the identity provider does not publish.",
    ),
    _login_refused("tampered: own groups written in", _tampered, "signature", "The token's signature does not hold."),
    _denied("no group", _member_of(), _NO_GROUP, by_proxy=True),
    _denied("wrong group (developers)", _member_of("developers"), _NO_READING),
    _denied(
        "right group, wrong action (service-desk deploys)",
        _member_of("service-desk"),
        _NO_DEPLOYING,
        tool="deploy_template",
        arguments=DEPLOYMENT,
    ),
    _policy_silent("policy engine stopped", Trouble.POLICY_STOPPED, "OPA cannot be reached"),
    _policy_silent("policy answers a web page", Trouble.POLICY_NOT_JSON, "OPA's answer is not JSON"),
    _policy_silent("policy answers no boolean", Trouble.POLICY_NO_BOOLEAN, "its answer is not a decision"),
    Case(
        "Vault sealed, cache expired",
        _member_of("admin"),
        Told(200, "unavailable", _SEALED),
        Told(503, "unavailable", _SEALED, retry_after=True),
        Written("server", "tool_call", "failed", "Granted to admin.", "unavailable"),
        Written("server", "tool_call", "failed", "Granted to admin.", "unavailable"),
        Trouble.VAULT_SEALED,
    ),
    Case(
        "provider down, no keys known",
        _member_of("admin"),
        Told(503, "unavailable", _PROVIDER_DOWN, retry_after=True),
        Told(503, "unavailable", _PROVIDER_DOWN, retry_after=True),
        Written("server", "authenticate", "failure", "unavailable"),
        Written("proxy", "authenticate", "failure", "unavailable"),
        Trouble.PROVIDER_DOWN,
    ),
)
