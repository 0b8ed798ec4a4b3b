"""A real OpenBao on loopback for tests: in memory, or one on disk that can be sealed, killed and started again."""

import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

import hvac
import requests

from mcp_common.settings import Settings
from mcp_common.testing.made_settings import made_settings

_DEADLINE = 20.0
_READER = 'path "secret/data/api/*" { capabilities = ["create", "read", "update"] }'

_CONFIG = """
disable_mlock = true
api_addr      = "http://{address}"
cluster_addr  = "http://{cluster}"
storage "raft" {{
  path                   = "{data}"
  node_id                = "one"
  performance_multiplier = 1
}}
listener "tcp" {{
  address         = "{address}"
  cluster_address = "{cluster}"
  tls_disable     = true
}}
"""


class OpenBao:
    """One `bao server`; a context manager. `addr` is its URL, `token` its root token, `admin` an hvac client with it.

    `dev` keeps everything in memory; `dev-tls` too, over TLS with the CA in `cacert`; `raft` survives `stop`.
    """

    def __init__(self, mode: Literal["dev", "dev-tls", "raft"] = "dev") -> None:
        self.mode = mode
        self.token = secrets.token_urlsafe(16)
        self.cacert: Path | None = None
        self._port = _free_port()
        self._cluster_port = _free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="openbao-")
        self._process: subprocess.Popen[bytes] | None = None
        self._unseal_key = ""
        scheme = "https" if mode == "dev-tls" else "http"
        self.addr = f"{scheme}://127.0.0.1:{self._port}"
        self._log = Path(self._folder.name) / "log"
        self._session = requests.Session()
        self._session.trust_env = False
        if mode == "dev-tls":
            self.cacert = Path(self._folder.name) / "vault-ca.pem"
            self._session.verify = str(self.cacert)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._session.close()
        self._folder.cleanup()

    @property
    def admin(self) -> hvac.Client:
        """A client with all rights, for the test's own use."""
        return hvac.Client(url=self.addr, token=self.token, cert=(), session=self._session)

    def start(self) -> None:
        """Start it and wait until it answers; a `raft` one is set up the first time, and unsealed each time.

        Raises:
            RuntimeError: when it does not come up; with the end of its log.

        """
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 — the program beside this interpreter
                [str(Path(sys.executable).with_name("bao")), "server", *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"HOME": self._folder.name, "PATH": ""},
            )
        self._wait("answers", self._answers)
        if self.mode == "raft":
            if not self._unseal_key:
                made = self.admin.sys.initialize(secret_shares=1, secret_threshold=1)
                self._unseal_key, self.token = made["keys"][0], made["root_token"]
                self.unseal()
                self.admin.sys.enable_secrets_engine("kv", path="secret", options={"version": "2"})
            else:
                self.unseal()
        self._wait("takes secrets", self._takes_secrets)

    def stop(self) -> None:
        """Kill it, as a power cut would: nothing is said to its clients."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_DEADLINE)
            self._process = None

    def heal(self) -> None:
        """Start or unseal it if it is stopped or sealed."""
        if self._process is None:
            self.start()
        elif self._health() != 200:
            self.unseal()

    def seal(self) -> None:
        """Seal it: it stays up and refuses everything."""
        self.admin.sys.seal()

    def unseal(self) -> None:
        """Unseal it, and wait until it is active again."""
        self.admin.sys.submit_unseal_key(self._unseal_key)
        self._wait("is active", lambda: self._health() == 200)

    def write(self, path: str, data: Mapping[str, Any]) -> int:
        """Write a secret under the mount `secret` and return its version."""
        answer = self.admin.secrets.kv.v2.create_or_update_secret(path, dict(data))
        version: int = answer["data"]["version"]
        return version

    def policy(self, name: str = "reader", rules: str = _READER) -> str:
        """Write a policy and return its name; by default one that reads and writes `api/*`."""
        self.admin.sys.create_or_update_policy(name, rules)
        return name

    def issue_token(self, *, ttl: str | None = None, policy: str | None = None, renewable: bool = True) -> str:
        """Make a token as an operator would."""
        answer = self.admin.auth.token.create(policies=[policy or self.policy()], ttl=ttl, renewable=renewable)
        token: str = answer["auth"]["client_token"]
        return token

    def approle(
        self, role: str = "server", *, ttl: str = "1h", max_ttl: str = "2h", policy: str | None = None
    ) -> dict[str, str]:
        """Make an AppRole and return `vault_role_id` and `vault_secret_id`."""
        self._enable("approle")
        self.admin.auth.approle.create_or_update_approle(
            role, token_policies=[policy or self.policy()], token_ttl=ttl, token_max_ttl=max_ttl
        )
        return {
            "vault_role_id": self.admin.auth.approle.read_role_id(role)["data"]["role_id"],
            "vault_secret_id": self.admin.auth.approle.generate_secret_id(role)["data"]["secret_id"],
        }

    def jwt(
        self,
        public_key: str,
        role: str = "server",
        *,
        audience: str = "vault",
        subject: str = "server",
        ttl: str = "1h",
    ) -> None:
        """Let in JWTs signed with a key (PEM), for one audience and subject."""
        self._enable("jwt")
        self.admin.auth.jwt.configure(jwt_validation_pubkeys=[public_key])
        self.admin.auth.jwt.create_role(
            role,
            user_claim="sub",
            allowed_redirect_uris=[],
            bound_audiences=[audience],
            bound_subject=subject,
            token_policies=[self.policy()],
            token_ttl=ttl,
        )

    def kubernetes(
        self,
        api_server: str,
        ca: str,
        reviewer_jwt: str,
        role: str = "server",
        *,
        account: str = "server",
        namespace: str = "mcp",
    ) -> None:
        """Let in a service account; `api_server`, known by its CA (PEM), reviews tokens for `reviewer_jwt`."""
        self._enable("kubernetes")
        self.admin.auth.kubernetes.configure(
            kubernetes_host=api_server,
            kubernetes_ca_cert=ca,
            token_reviewer_jwt=reviewer_jwt,
            disable_local_ca_jwt=True,
        )
        self.admin.auth.kubernetes.create_role(
            role,
            bound_service_account_names=[account],
            bound_service_account_namespaces=[namespace],
            policies=[self.policy()],
            ttl="1h",
            audience="vault",
        )

    def settings(self, **login: Any) -> Settings:
        """Return settings that reach it, deaf to the environment of the test run."""
        known = dict.fromkeys(
            ("vault_token", "vault_role_id", "vault_secret_id", "vault_auth", "vault_role", "vault_jwt_path")
        )
        return made_settings(vault_addr=self.addr, vault_mount="secret", vault_cacert=self.cacert, **(known | login))

    def _arguments(self) -> list[str]:
        address = f"127.0.0.1:{self._port}"
        if self.mode == "raft":
            data = Path(self._folder.name) / "raft"
            data.mkdir(exist_ok=True)
            config = Path(self._folder.name) / "bao.hcl"
            config.write_text(_CONFIG.format(address=address, cluster=f"127.0.0.1:{self._cluster_port}", data=data))
            return [f"-config={config}"]
        arguments = [
            "-dev",
            f"-dev-root-token-id={self.token}",
            f"-dev-listen-address={address}",
            "-dev-no-store-token",
        ]
        if self.mode == "dev-tls":
            arguments += ["-dev-tls", f"-dev-tls-cert-dir={self._folder.name}"]
        return arguments

    def _enable(self, method: str) -> None:
        if f"{method}/" not in self.admin.sys.list_auth_methods()["data"]:
            self.admin.sys.enable_auth_method(method)

    def _health(self) -> int | None:
        try:
            return self._session.get(f"{self.addr}/v1/sys/health", timeout=2).status_code
        except (requests.RequestException, OSError):
            return None

    def _answers(self) -> bool:
        return self._health() is not None

    def _takes_secrets(self) -> bool:
        try:
            self.write("ready", {"ready": True})
        except hvac.exceptions.VaultError:
            return False  # the engine is upgrading its storage to version 2
        return True

    def _wait(self, what: str, true: Callable[[], bool]) -> None:
        give_up = time.monotonic() + _DEADLINE
        while not true():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > give_up:
                log = self._log.read_text(errors="replace")[-2000:]
                self.stop()
                raise RuntimeError(f"OpenBao was started and is not up (waiting until it {what}):\n{log}")
            time.sleep(0.02)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
