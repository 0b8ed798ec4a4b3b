"""A person confirms a write: what they are asked, and the proof that they agreed to this very call.

The proof is a token under the keys of `REQUEST_STATE_KEYS`. It holds for one service, tool, caller and set of
arguments, for ten minutes, and once. A form carries it as its state, everybody else sends it back beside the call.
What it proves is that whoever holds the caller's token sent it back; that they asked a person is their word.
"""

import base64
import hmac
import secrets
import struct
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from pydantic import BaseModel
from pydantic_core import to_json

from mcp_common.calls.compiled import IDEMPOTENCY_KEY, CompiledTool
from mcp_common.calls.idempotency import IdempotencyStore, scoped_key
from mcp_common.calls.sentences import filled, shown
from mcp_common.errors import ConfirmationRequired, Declined
from mcp_common.principal import Principal

CONFIRM_SECONDS: Final = 600

How = Literal["form", "elicitation", "token"]
Said = Literal["accept", "decline", "cancel"]

_LABEL: Final = b"mcp-platform/confirm/v1"
_HEAD: Final = struct.Struct(">Q16s")
_LONGEST: Final = 200
_DECLINED: Final = (
    "Whoever was asked to confirm this did not agree, so nothing was written. Do not send it again unasked."
)
_FIRST: Final = (
    "A person must confirm this first; nothing was written. Arguments cannot confirm it: the client shows the question "
    "to a person and sends the confirmation beside the call. The question: {question}"
)
_OTHERS: Final = "The confirmation that came with this call belongs to another call, or was changed. "
_EXPIRED: Final = "The confirmation that came with this call has expired. "
_USED: Final = "The confirmation that came with this call was used before. "


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a call brought along about its confirmation, and how its client can be asked: its adapter's word."""

    proof: object = None
    """The token, not looked at yet."""
    how: How = "token"
    said: Said = "accept"
    """What came back with the form the proof was the state of."""
    form: bool = False
    """The question may be answered with a form and a second round."""
    elicit: Callable[[str], Awaitable[Said | None]] | None = None
    """Asks in the middle of the call; None: the client gave no answer at all."""


NO_CONSENT: Final = Consent()


@dataclass(frozen=True, slots=True)
class Request:
    """The one call that a confirmation is for; `fingerprint` stands for its arguments."""

    tool: CompiledTool
    arguments: BaseModel
    principal: Principal
    fingerprint: str


class Confirmations:
    """Asks, and checks what came back. `clock` gives epoch seconds."""

    def __init__(self, keys: Sequence[bytes], service: str, store: IdempotencyStore) -> None:
        ring = list(keys) or [secrets.token_bytes(32)]
        self._keys = [hmac.digest(key, _LABEL, "sha256") for key in ring]
        self._service = service
        self._store = store
        self.clock: Callable[[], float] = time.time

    async def obtain(self, request: Request, consent: Consent) -> How:
        """Come back once the call is confirmed, and tell how.

        Raises:
            ConfirmationRequired: with the question, and the token that goes back with the answer.
            Declined: somebody said no.
            Unavailable: the store of used tokens does not answer.
        """
        if consent.proof is not None:
            trouble = await self._trouble(request, consent)
            if trouble is None:
                return consent.how
            raise self._question(request, trouble)
        if consent.elicit is not None:
            said = await consent.elicit(self.question(request))
            if said == "accept":
                return "elicitation"
            if said is not None:
                raise Declined(_DECLINED)
        raise self._question(request, "")

    def question(self, request: Request) -> str:
        """What the person reads: the tool's sentence with its values, then what would be done where and for whom."""
        declaration, arguments = request.tool.declaration, request.arguments
        values = arguments.model_dump(mode="json", exclude={IDEMPOTENCY_KEY})
        sentence = filled(declaration.confirm or "", values, arguments.model_fields_set)
        principal = request.principal
        through = [name for name in (principal.client_id, *principal.actors) if name]
        who = shown(principal.label) + "".join(f" through {shown(name)}" for name in through)
        return f"{sentence}\n{declaration.title} ({self._service}), asked for by {who}."

    async def _trouble(self, request: Request, consent: Consent) -> str | None:
        """Why the proof does not hold, or None; one that holds is used up."""
        until, nonce = self._read(request, consent.proof)
        if nonce is None:
            return _OTHERS
        if until <= self.clock():
            return _EXPIRED
        if consent.said != "accept":
            raise Declined(_DECLINED)
        # Twice as long as it holds: the clocks of replicas differ.
        if not await self._store.spend(scoped_key("confirm", self._service, nonce.hex()), 2 * CONFIRM_SECONDS):
            return _USED
        return None

    def _question(self, request: Request, trouble: str) -> ConfirmationRequired:
        question = self.question(request)
        extra = {"confirm": self._token(request), "expires_in": CONFIRM_SECONDS, "question": question}
        return ConfirmationRequired(trouble + _FIRST.format(question=question), extra=extra)

    def _token(self, request: Request) -> str:
        head = _HEAD.pack(int(self.clock()) + CONFIRM_SECONDS, secrets.token_bytes(16))
        return base64.urlsafe_b64encode(head + self._seal(self._keys[0], head, request)).decode()

    def _read(self, request: Request, proof: object) -> tuple[int, bytes | None]:
        """Until when a token holds and what it is known by; None where it is not ours, or not for this call."""
        if not isinstance(proof, str) or len(proof) > _LONGEST or not proof.isascii():
            return 0, None
        try:
            raw = base64.b64decode(proof, altchars=b"-_", validate=True)
        except ValueError:
            return 0, None
        head, seal = raw[: _HEAD.size], raw[_HEAD.size :]
        if len(head) < _HEAD.size or base64.urlsafe_b64encode(raw).decode() != proof:
            return 0, None
        if not any(hmac.compare_digest(seal, self._seal(key, head, request)) for key in self._keys):
            return 0, None
        until, nonce = _HEAD.unpack(head)
        return until, nonce

    def _seal(self, key: bytes, head: bytes, request: Request) -> bytes:
        bound = [self._service, request.tool.name, request.fingerprint, request.principal.owner]
        return hmac.digest(key, head + sha256(to_json(bound)).digest(), "sha256")
