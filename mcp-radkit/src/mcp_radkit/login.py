"""From the secret to an open RADKit service: which library, which login, which service."""

import base64
import binascii
import contextlib
import importlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from mcp_common.errors import Unavailable
from mcp_radkit.library.troubles import SECRET_PATH, as_platform_error

REAL = "radkit_client.sync"
DOUBLE = "simulators.radkit.client"
DIRECT_PORT = 8181

Method = Literal["direct", "certificate", "access_token"]
_NEEDED: dict[Method, tuple[str, ...]] = {
    "direct": ("host", "username", "password"),
    "certificate": ("identity", "certificate", "private_key", "chain", "service_serial"),
    "access_token": ("access_token", "service_serial"),
}
_DECISIVE: tuple[tuple[str, Method], ...] = (
    ("host", "direct"),
    ("certificate", "certificate"),
    ("access_token", "access_token"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Terms:
    """How to get in, checked; never shown, since it holds secrets."""

    module: str
    method: Method
    values: Mapping[str, str]
    port: int = DIRECT_PORT

    @classmethod
    def of(cls, secret: Mapping[str, Any], *, production: bool) -> "Terms":
        """Read a secret.

        Raises:
            Unavailable: naming what is missing or wrong.

        """
        module = secret.get("client_module") or REAL
        if module not in (REAL, DOUBLE):
            raise _not_set_up(f"client_module must be {REAL}")
        if module == DOUBLE and production:
            raise _not_set_up("client_module names the simulator, which is refused with ENVIRONMENT=production")
        values = {name: value for name, value in secret.items() if isinstance(value, str) and value}
        port = secret.get("port", DIRECT_PORT)
        if address := values.get("base_url"):
            values["host"], port = _host_and_port(address)
        if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536:
            raise _not_set_up("port must be a number from 1 to 65535")
        method = next((method for name, method in _DECISIVE if name in values), None)
        if method is None:
            raise _not_set_up("it needs host (a direct connection), certificate or access_token")
        if missing := [name for name in _NEEDED[method] if name not in values]:
            raise _not_set_up(f"it lacks {', '.join(missing)}")
        return cls(module, method, values, port)


def open_service(terms: Terms, seconds: float) -> tuple[Any, Any]:
    """Log in and open the service; blocks. Answers the library's client and service.

    Raises:
        PlatformError: saying what is missing or who refused.

    """
    try:
        library = importlib.import_module(terms.module)
    except ImportError as problem:
        raise Unavailable(
            "RADKit's client library is not installed. An operator must install mcp-radkit[radkit] from Cisco's index.",
            detail=str(problem),
        ) from problem
    client = library.Client.create()
    client = client.__enter__() if hasattr(client, "__enter__") else client
    try:
        return client, _service(client, terms, seconds)
    except Exception as problem:  # the library raises classes of its own, most of them undocumented
        close_client(client)
        raise as_platform_error(problem) from problem


def close_client(client: Any) -> None:
    """End the library's client, whichever way it has."""
    if hasattr(client, "__exit__"):
        client.__exit__(None, None, None)
    elif hasattr(client, "close"):
        client.close()


def _service(client: Any, terms: Terms, seconds: float) -> Any:
    values = terms.values
    match terms.method:
        case "direct":
            opening = client.service_direct(
                host=values["host"], port=terms.port, username=values["username"], password=values["password"]
            )
            return opening.wait(seconds)
        case "certificate":
            with _key_files(values) as paths:
                client.certificate_login(
                    identity=values["identity"], private_key_password=_key_password(values), **paths
                )
        case "access_token":
            client.access_token_login(values["access_token"])
    return client.service_cloud(values["service_serial"]).wait(seconds)


@contextlib.contextmanager
def _key_files(values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The library takes paths only: PEM text lies in a private folder for as long as the login takes."""
    with tempfile.TemporaryDirectory(prefix="radkit-") as folder:
        paths = {}
        for name, argument in (("chain", "ca_path"), ("certificate", "cert_path"), ("private_key", "key_path")):
            text = values[name]
            if "-----BEGIN" not in text:
                paths[argument] = text
                continue
            path = Path(folder) / f"{name}.pem"
            path.touch(mode=0o600)
            path.write_text(text, encoding="ascii")
            paths[argument] = str(path)
        yield paths


def _key_password(values: Mapping[str, str]) -> str | None:
    encoded = values.get("private_key_password_base64")
    if encoded is None:
        return values.get("private_key_password")
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise _not_set_up("private_key_password_base64 is not base64") from problem


def _host_and_port(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or DIRECT_PORT
    except ValueError:
        host, port = None, 0
    if not host:
        raise _not_set_up("base_url must be like https://host:8181")
    return host, port


def _not_set_up(what: str) -> Unavailable:
    return Unavailable(f"RADKit is not set up: {SECRET_PATH} in the secret store: {what}.")
