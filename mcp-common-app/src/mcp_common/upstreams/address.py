"""Where an upstream is and how its certificate is checked."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx2

from mcp_common.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Address:
    """Where an upstream is and how its certificate is checked, as its secret says; equal ones share a pool.

    `ca_bundle` is PEM text or the path of a PEM file.
    """

    base_url: str
    verify: bool = True
    ca_bundle: str | None = None

    @classmethod
    def of(cls, secret: Mapping[str, Any], *, service: str, where: str) -> "Address":
        """Read `base_url`, `verify`, `ca_bundle` and `insecure_http` of a secret.

        Raises:
            Unavailable: naming what is wrong. https is demanded unless the host is this machine or `insecure_http`
                is true.

        """
        text = secret.get("base_url")
        try:
            url = httpx2.URL(text if isinstance(text, str) else "")
        except httpx2.InvalidURL:
            url = httpx2.URL("")
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
            raise Unavailable(f"{service} is not set up: base_url at {where} must be like https://host[:port].")
        if url.scheme == "http" and not is_loopback(url.host) and secret.get("insecure_http") is not True:
            raise Unavailable(
                f"{service} is not set up: base_url at {where} must be https, or insecure_http must be true there."
            )
        bundle = secret.get("ca_bundle")
        return cls(str(url).rstrip("/"), secret.get("verify") is not False, bundle if isinstance(bundle, str) else None)

    def ssl_context(self) -> ssl.SSLContext:
        """Build the TLS settings; costs tens of milliseconds, so once per address and off the event loop."""
        if self.base_url.startswith("http://"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; holds no roots, so it could not be misused
        if not self.verify:
            return httpx2.create_ssl_context(verify=False)
        if self.ca_bundle is None:
            return httpx2.create_ssl_context()
        if "-----BEGIN" in self.ca_bundle:
            return ssl.create_default_context(cadata=self.ca_bundle)
        return ssl.create_default_context(cafile=Path(self.ca_bundle))


def is_loopback(host: str) -> bool:
    """True for this machine itself, by name or by address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
