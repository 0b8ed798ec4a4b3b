"""How the double reaches the simulator: one HTTP request for each question, and exceptions as a library has them."""

import http.client
import json
from typing import Any
from urllib.parse import quote, urlsplit

SESSION_HEADER = "X-Radkit-Session"
_PATIENCE = 60.0


class ClientError(Exception):
    """Base of what the double raises."""


class AuthenticationFailedError(ClientError):
    """Nobody is let in with this."""


class ServiceUnreachableError(ClientError):
    """No service, or no way to it."""


class DeviceNotFoundError(ClientError):
    """The inventory has no such device."""


class RequestTimeoutError(ClientError, TimeoutError):
    """No answer within the time given."""


class RequestFailedError(ClientError):
    """Anything else."""


_KINDS = {
    "authentication": AuthenticationFailedError,
    "service": ServiceUnreachableError,
    "device": DeviceNotFoundError,
}


class Wire:
    """The way to one simulator, and the session there."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._session = ""

    def log_in(self, method: str, identity: str, proof: str, timeout: float | None = None) -> None:
        """Open a session. Raises: ClientError."""
        body = {"method": method, "identity": identity, "proof": proof}
        self._session = self.ask("POST", "/session", body, timeout=timeout)["session"]

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, timeout: float | None = None
    ) -> dict[str, Any]:
        """One request. Raises: ClientError."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout or _PATIENCE)
        try:
            headers = {"Content-Type": "application/json", SESSION_HEADER: self._session}
            connection.request(method, quote(path), json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            status, raw = response.status, response.read()
        except TimeoutError as error:
            raise RequestTimeoutError(f"no answer within {timeout} seconds") from error
        except (OSError, http.client.HTTPException) as error:
            raise ServiceUnreachableError(str(error)) from error
        finally:
            connection.close()
        return _understood(status, raw)


def _understood(status: int, raw: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(raw)
    except ValueError as error:
        raise (ServiceUnreachableError if status >= 502 else RequestFailedError)("no JSON came back") from error
    if not isinstance(answer, dict):
        raise RequestFailedError("no object came back")
    if status == 200:
        return answer
    kind = _KINDS.get(str(answer.get("kind")))
    if kind is None:
        by_status = {401: AuthenticationFailedError, 502: ServiceUnreachableError, 503: ServiceUnreachableError}
        kind = by_status.get(status, RequestFailedError)
    raise kind(str(answer.get("message") or answer.get("error") or status))
