"""The policy files evaluated in this process: the engine where no OPA server is configured."""

import asyncio
import json
import logging
import re
import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import regopy

from mcp_common.authorization.policy_files import Fingerprint, PolicyFiles, Unusable, fingerprint_of, read_files
from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import AuthorizationRequest, Decision, document_of, unanswered, verdict_of, verdicts_of

logger = logging.getLogger(__name__)

_ALLOW: Final = "authz/allow"
_DECISION: Final = "authz/decision"
_DECISIONS: Final = "authz/decisions"

# rego-cpp parses input slower than linearly: 60 kB of small numbers take 1.6 s, the same in strings 3 ms.
_BATCH_BYTES: Final = 16 * 1024
_STRUCTURE_BYTES: Final = 4 * 1024
_DOCUMENT_BYTES: Final = 1024 * 1024
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')


class EmbeddedPolicy:
    """Evaluates the directory's `*.rego` and `data.yaml` with rego-cpp.

    The files are looked at before each evaluation, so a change is in force at the next one. A directory that cannot
    be read or compiled refuses everything until it is repaired: the last good policy may grant what the new one was
    written to take away, and here, unlike with a bundle, nobody else has checked the files. Replace a file by renaming
    the new one over it: of a file written in place, half may be read.
    An interpreter is not thread-safe, so each of the `threads` has its own.
    """

    def __init__(self, directory: Path, *, threads: int = 2, timeout: float = 2.0) -> None:
        self._directory = directory
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="policy")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._files: PolicyFiles | None = None
        self._refused: tuple[Fingerprint, str] | None = None

    async def decide(self, request: AuthorizationRequest) -> Decision:
        """See `PolicyEngine`."""
        result, revision = await self._in_thread(_DECISION, document_of(request))
        return verdict_of(result).decision(str(uuid.uuid4()), revision)

    async def decide_many(self, requests: Sequence[AuthorizationRequest]) -> list[Decision]:
        """See `PolicyEngine`."""
        decision_id = str(uuid.uuid4())
        decisions: list[Decision] = []
        for batch in _batches([document_of(request) for request in requests]):
            result, revision = await self._in_thread(_DECISIONS, b'{"requests":[' + b",".join(batch) + b"]}")
            verdicts = verdicts_of(result, len(batch))
            decisions += [verdict.decision(decision_id, revision) for verdict in verdicts]
        return decisions

    async def ready(self) -> None:
        """See `PolicyEngine`."""
        verdict_of((await self._in_thread(_DECISION, b"{}"))[0])

    async def revision(self) -> str:
        """See `PolicyEngine`: a hash of the files."""
        return (await self._in_thread(_DECISION, b"{}"))[1]

    async def aclose(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False)

    async def _in_thread(self, entrypoint: str, document: bytes) -> tuple[object, str]:
        _check_size(document)
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._evaluate, entrypoint, document
                )
        except TimeoutError:
            raise unanswered("it took too long", detail=f"more than {self._timeout} s") from None
        except RuntimeError as error:
            raise unanswered("the engine is closed", detail=str(error)) from None

    def _evaluate(self, entrypoint: str, document: bytes) -> tuple[object, str]:
        files = self._current()
        compiled: _Compiled | None = getattr(self._own, "compiled", None)
        if compiled is None or compiled.files is not files:
            compiled = self._own.compiled = _Compiled(files)
        return compiled.ask(entrypoint, document), files.revision

    def _current(self) -> PolicyFiles:
        with self._lock:
            fingerprint = fingerprint_of(self._directory)
            if self._refused is not None and self._refused[0] == fingerprint:
                raise unanswered("its files cannot be used", detail=self._refused[1])
            if self._files is None or self._files.fingerprint != fingerprint:
                self._files = None
                self._files = self._load(fingerprint)
            return self._files

    def _load(self, fingerprint: Fingerprint) -> PolicyFiles:
        try:
            files = read_files(self._directory, fingerprint)
            _check_answers(_Compiled(files))
        except (Unusable, PolicyUnavailable, regopy.RegoError) as error:
            why = str(getattr(error, "detail", None) or error)[:2000]
            self._refused = (fingerprint, f"{self._directory}: {why}")
            logger.warning("policy refused", extra={"policy.directory": str(self._directory), "error.message": why})
            raise unanswered("its files cannot be used", detail=self._refused[1]) from None
        self._refused = None
        logger.info("policy loaded", extra={"policy.revision": files.revision})
        return files


class _Compiled:
    """One thread's interpreter with the entry points compiled."""

    def __init__(self, files: PolicyFiles) -> None:
        self.files = files
        self._interpreter = regopy.Interpreter()
        self._interpreter.log_level = regopy.LogLevel.NONE  # else it prints parse errors, with the source, to stdout
        for name, source in files.modules:
            self._interpreter.add_module(name, source)
        self._interpreter.add_data_json(files.data)
        self._bundle = self._interpreter.build(None, [_ALLOW, _DECISION, _DECISIONS])

    def ask(self, entrypoint: str, document: bytes) -> object:
        """What the entry point says, or None where it is undefined."""
        # As JSON text: regopy.Input cuts strings at NUL (the group "admin\0x" would be admin), takes backslashes for
        # escapes and rounds numbers.
        try:
            self._interpreter.set_input_term(document.decode())
            output = self._interpreter.query_bundle_entrypoint(self._bundle, entrypoint)
            expressions = json.loads(str(output)).get("expressions", []) if output.ok() else []
        except (regopy.RegoError, ValueError, AttributeError) as error:
            raise unanswered("it could not be evaluated", detail=f"{type(error).__name__}: {error}"[:2000]) from None
        return expressions[0] if expressions else None


def _check_answers(compiled: _Compiled) -> None:
    """A policy that leaves the empty request without a refusal is none, whatever else it says."""
    verdicts = [
        verdict_of(compiled.ask(_DECISION, b"{}")),
        *verdicts_of(compiled.ask(_DECISIONS, b'{"requests":[{}]}'), 1),
    ]
    if compiled.ask(_ALLOW, b"{}") is not False or any(verdict.allow for verdict in verdicts):
        raise Unusable("it allows a request that names nobody and nothing")


def _check_size(document: bytes) -> None:
    too_long = len(document) > _DOCUMENT_BYTES
    if too_long or (len(document) > _STRUCTURE_BYTES and len(_STRING.sub(b"", document)) > _STRUCTURE_BYTES):
        raise unanswered(
            "the arguments are too large for the policy engine in process", detail=f"{len(document)} bytes"
        )


def _batches(documents: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Cut into runs of bounded length, since one long run takes longer than two short ones."""
    batch: list[bytes] = []
    length = 0
    for document in documents:
        if batch and length + len(document) > _BATCH_BYTES:
            yield batch
            batch, length = [], 0
        batch.append(document)
        length += len(document)
    if batch:
        yield batch
