"""The outermost layer: ids, timings and security headers on every answer, and every error as problem details."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_common.errors import Internal, PlatformError, StepUpRequired, Unauthenticated
from mcp_common.identity.http_auth import challenge, step_up_challenge
from mcp_common.logger import get_logger
from mcp_common.timings import current_timings
from mcp_rest_api_proxy import problems
from mcp_rest_api_proxy.problems import MEDIA_TYPE

logger = get_logger(__name__)

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
READY_PATH = "/readyz"
"""Its 503 is an answer and no error: it says what is missing."""
_KEPT = (b"www-authenticate", b"retry-after", b"allow")
_SECURITY = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]


@dataclass(slots=True)
class Frame:
    """What is known of one request from its start: found at `scope["state"]["frame"]`."""

    request_id: str
    traceparent: str
    inherited: bool
    began: float
    timings: dict[str, float] = field(default_factory=dict)
    error: PlatformError | None = None
    """Why the answer under way is an error, where that is known: the framework only passes on its status."""

    @property
    def trace_id(self) -> str:
        """The W3C trace id, 32 hexadecimal digits."""
        return self.traceparent[3:35]

    @classmethod
    def of(cls, scope: Scope) -> "Frame":
        """Take the caller's request id and trace where they are well-formed, or make new ones."""
        request_id = traceparent = ""
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                request_id = value.decode("latin-1")
            elif name == b"traceparent":
                traceparent = value.decode("latin-1")
        if not _REQUEST_ID.fullmatch(request_id):
            request_id = os.urandom(12).hex()
        inherited = _TRACEPARENT.fullmatch(traceparent) is not None
        if not inherited:
            drawn = os.urandom(24).hex()
            traceparent = f"00-{drawn[:32]}-{drawn[32:]}-00"
        return cls(request_id, traceparent, inherited, time.perf_counter())

    def server_timing(self) -> bytes:
        """The parts of the time so far, in milliseconds, as a Server-Timing header."""
        parts = {**self.timings, "total": time.perf_counter() - self.began}
        return ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in parts.items()).encode()


def frame_of(scope: Scope) -> Frame:
    """The frame of the request."""
    frame = scope["state"]["frame"]
    if not isinstance(frame, Frame):
        raise TypeError("the application runs inside Framed")
    return frame


class Framed:
    """ASGI middleware. `metadata_url` goes into challenges (RFC 9728); `on_error` is told the code of each problem."""

    def __init__(self, app: ASGIApp, *, metadata_url: str, on_error: Callable[[str], None]) -> None:
        self._app = app
        self._metadata_url = metadata_url
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        frame = Frame.of(scope)
        scope.setdefault("state", {})["frame"] = frame
        answer = _Answer(scope, frame, send, self._metadata_url, self._on_error)
        timings = current_timings.set(frame.timings)
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:  # the one boundary: whatever is raised is logged and masked
            logger.exception("request failed", extra={"trace.id": frame.trace_id, "error.type": type(error).__name__})
            await answer.fail(Internal("The proxy failed; the log has the details under this trace_id."))
        finally:
            current_timings.reset(timings)


class _Answer:
    """Adds the headers, and turns every error, whoever answers with it, into complete problem details."""

    def __init__(
        self, scope: Scope, frame: Frame, send: Send, metadata_url: str, on_error: Callable[[str], None]
    ) -> None:
        self._scope = scope
        self._frame = frame
        self._send = send
        self._metadata_url = metadata_url
        self._on_error = on_error
        self._started = False
        self._held: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass on a message; of an error, hold the start back until its body is known."""
        if message["type"] == "http.response.start":
            if message["status"] >= 400 and self._scope["path"] != READY_PATH:
                self._held = message
                return
            await self._start(message["status"], list(message["headers"]))
        elif self._held is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._replace(self._held)
        else:
            await self._send(message)

    async def fail(self, error: PlatformError) -> None:
        """Answer with an error, unless an answer is under way already."""
        if self._started:
            return
        if error.detail:
            logger.warning(error.code, extra={"trace.id": self._frame.trace_id, "error.message": error.detail})
        headers = problems.headers_of(error)
        if isinstance(error, StepUpRequired):
            headers.append((b"www-authenticate", step_up_challenge(error, self._metadata_url).encode("latin-1")))
        elif isinstance(error, Unauthenticated):
            told = challenge(self._metadata_url, error="invalid_token", error_description=error.message)
            headers.append((b"www-authenticate", told.encode("latin-1")))
        await self._problem(error.status, headers, self._described(error))

    async def _replace(self, held: Message) -> None:
        """An error the framework or the door answers with, told in full."""
        if self._frame.error is not None:
            await self.fail(self._frame.error)
            return
        sent = {name.lower(): value for name, value in held["headers"]}
        error = problems.from_status(held["status"])
        body = self._described(error)
        if sent.get(b"content-type", b"").startswith(MEDIA_TYPE.encode()):
            body |= from_json(self._body)
            row = problems.TABLE.get(str(body["code"]))
            body |= {"type": f"/problems/{row.code}", "title": row.title} if row else {}
        headers = dict(problems.headers_of(error)) | {name: sent[name] for name in _KEPT if name in sent}
        await self._problem(held["status"], list(headers.items()), body)

    def _described(self, error: PlatformError) -> dict[str, Any]:
        raw = self._scope.get("raw_path") or self._scope["path"].encode("utf-8", "replace")
        instance = raw.split(b"?")[0].decode("latin-1")
        return problems.problem(error, instance=instance, trace_id=self._frame.trace_id)

    async def _problem(self, status: int, headers: list[tuple[bytes, bytes]], body: dict[str, Any]) -> None:
        self._on_error(str(body["code"]))
        content = problems.encoded(body)
        await self._start(status, [*headers, (b"content-length", b"%d" % len(content))])
        await self._send({"type": "http.response.body", "body": content})

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self._started = True
        headers += _SECURITY
        headers.append((b"x-request-id", self._frame.request_id.encode()))
        headers.append((b"server-timing", self._frame.server_timing()))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
