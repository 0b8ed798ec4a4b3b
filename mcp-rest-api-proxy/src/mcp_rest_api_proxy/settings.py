"""Settings of the REST proxy, read from the environment."""

import re
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from mcp_common.settings import Settings, listed

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")

DEFAULT_SERVERS = ",".join(
    f"{name}=http://127.0.0.1:{port}/mcp"
    for name, port in {
        "catalyst-center": 8002,
        "servicenow": 8080,
        "github": 8000,
        "radkit": 8003,
        "workflows": 8004,
    }.items()
)


class ProxySettings(Settings):
    """What the proxy reads beside the settings every process has."""

    port: int = Field(default=8100, ge=1, le=65535)
    mcp_servers: str = Field(default=DEFAULT_SERVERS, description="The servers behind it: name=url,name=url")
    call_timeout: float = Field(default=320.0, gt=0, description="Seconds a tool call may take")
    connect_timeout: float = Field(default=2.0, gt=0, description="Seconds to reach a server")
    list_ttl: float = Field(default=5.0, ge=0, description="Seconds a caller's tool list is kept; 0: never")
    max_body_bytes: int = Field(default=1024 * 1024, ge=1024)
    max_answer_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    max_connections: int = Field(default=256, ge=1, description="Connections to all servers together")

    @model_validator(mode="after")
    def _servers_hold(self) -> Self:
        if not self.servers:
            raise ValueError("MCP_SERVERS is empty: name at least one server as name=url")
        return self

    @cached_property
    def servers(self) -> dict[str, str]:
        """Server name -> URL of its MCP endpoint.

        Raises:
            ValueError: when an entry is not `name=url`, a name comes twice, or a URL carries more than a path.
        """
        found: dict[str, str] = {}
        for entry in listed(self.mcp_servers):
            name, _, url = entry.partition("=")
            name, url = name.strip(), url.strip()
            if not _NAME.fullmatch(name):
                raise ValueError(f"MCP_SERVERS: {name!r} is not a server name (lower case, digits, hyphens)")
            if name in found:
                raise ValueError(f"MCP_SERVERS names {name} twice")
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"MCP_SERVERS: the URL of {name} must start with http:// or https://")
            if parts.username or parts.password or parts.query or parts.fragment:
                raise ValueError(f"MCP_SERVERS: the URL of {name} must hold no account, query or fragment")
            found[name] = url
        return found
