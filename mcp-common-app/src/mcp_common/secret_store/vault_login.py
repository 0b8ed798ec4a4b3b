"""How a process logs in to Vault: token, AppRole, Kubernetes service account or JWT."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import hvac

from mcp_common.errors import Unavailable
from mcp_common.settings import Settings

_KUBERNETES = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class VaultNotConfigured(Unavailable):
    """The settings do not say how to reach Vault or how to log in to it."""

    retryable = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as Vault granted it. `ttl` is in seconds; None: it never expires."""

    token: str = field(repr=False)
    ttl: float | None
    renewable: bool

    @classmethod
    def read(cls, answer: object) -> "Grant":
        """Take the token out of the answer to a login or a renewal.

        Raises:
            Unavailable: when the answer is not Vault's, or grants no token (a login that asks for a second factor).

        """
        match answer:
            case {"auth": {"client_token": str(token), "lease_duration": int(ttl), "renewable": bool(renewable)}}:
                if token:
                    return cls(token, float(ttl) or None, renewable)
        raise not_vault()


class LoginMethod(Protocol):
    """One way to get a token.

    `hint` says what to check when it is refused. `owns_token`: the login made the token, so shutdown revokes it.
    """

    name: ClassVar[str]
    hint: ClassVar[str]
    owns_token: ClassVar[bool]

    def login(self, client: hvac.Client) -> Grant:
        """Ask Vault for a token; blocks, so it runs in a thread.

        Raises:
            hvac.exceptions.VaultError: the answer of Vault, for the session to word.

        """


@dataclass(frozen=True)
class TokenLogin:
    """A token that an operator made."""

    token: str = field(repr=False)
    name: ClassVar[str] = "token"
    hint: ClassVar[str] = (
        "VAULT_TOKEN has expired, was revoked, or its policies lack auth/token/lookup-self; set a new one"
    )
    owns_token: ClassVar[bool] = False

    def login(self, client: hvac.Client) -> Grant:
        """Look the token up: that proves it and tells how long it lives."""
        client.token = self.token
        match client.auth.token.lookup_self():
            case {"data": {"ttl": int(ttl), **facts}}:
                # The root token that `operator init` makes has no `renewable` at all.
                return Grant(self.token, float(ttl) or None, facts.get("renewable") is True)
        raise not_vault()


@dataclass(frozen=True)
class AppRoleLogin:
    """A role id, and a secret id delivered to this process."""

    role_id: str
    secret_id: str = field(repr=False)
    name: ClassVar[str] = "approle"
    hint: ClassVar[str] = "check VAULT_ROLE_ID and VAULT_SECRET_ID; the secret id may be used up or expired"
    owns_token: ClassVar[bool] = True

    def login(self, client: hvac.Client) -> Grant:
        """Log in at auth/approle."""
        return Grant.read(client.auth.approle.login(self.role_id, self.secret_id, use_token=False))


@dataclass(frozen=True)
class JwtLogin:
    """A signed JWT in a file that its owner rotates, so it is read again at each login."""

    role: str
    path: Path
    name: ClassVar[str] = "jwt"
    hint: ClassVar[str] = "check VAULT_ROLE, and that the JWT in VAULT_JWT_PATH is current and meant for that role"
    owns_token: ClassVar[bool] = True

    def login(self, client: hvac.Client) -> Grant:
        """Log in at auth/jwt, or at auth/kubernetes."""
        return Grant.read(self._login(client)(role=self.role, jwt=self._jwt(), use_token=False))

    def _login(self, client: hvac.Client) -> Callable[..., Any]:
        login: Callable[..., Any] = client.auth.jwt.jwt_login
        return login

    def _jwt(self) -> str:
        try:
            jwt = self.path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(
                f"The JWT for the secret store cannot be read from {self.path}. Set VAULT_JWT_PATH to a readable file.",
                detail=str(error),
                extra={"reason": "unreachable"},
            ) from error
        return jwt


@dataclass(frozen=True)
class KubernetesLogin(JwtLogin):
    """The service account of the pod."""

    path: Path = _KUBERNETES / "token"
    name: ClassVar[str] = "kubernetes"
    hint: ClassVar[str] = "check that VAULT_ROLE is bound to the pod's service account and namespace"

    def _login(self, client: hvac.Client) -> Callable[..., Any]:
        login: Callable[..., Any] = client.auth.kubernetes.login
        return login


def login_method(settings: Settings) -> LoginMethod:
    """Choose by `vault_auth`, else by what is set: a token, a role id, or a role (with a JWT file of its own or not).

    Raises:
        VaultNotConfigured: nothing, too little, or more than one way is set.

    """
    return _METHODS[settings.vault_auth or _inferred(settings)](settings)


def not_vault() -> Unavailable:
    """Word an answer that Vault does not give: a proxy, a standby's redirect, another API."""
    return Unavailable(
        "The secret store gave an answer that is not Vault's. Check that VAULT_ADDR points at an active Vault.",
        extra={"reason": "failing"},
    )


def _inferred(settings: Settings) -> str:
    role = settings.vault_role
    own_file = settings.vault_jwt_path is not None and not settings.vault_jwt_path.is_relative_to(_KUBERNETES)
    set_up = {
        "token": bool(settings.vault_token),
        "approle": bool(settings.vault_role_id),
        "jwt": bool(role) and own_file,
        "kubernetes": bool(role) and not own_file,
    }
    names = [name for name, given in set_up.items() if given]
    if len(names) == 1:
        return names[0]
    if names:
        raise VaultNotConfigured(
            f"The settings allow more than one login to the secret store ({', '.join(names)}). Set VAULT_AUTH to one."
        )
    raise VaultNotConfigured(
        "No login to the secret store is set. Set VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole), "
        "VAULT_ROLE (Kubernetes), VAULT_ROLE and VAULT_JWT_PATH (JWT), or VAULT_TOKEN."
    )


def _token(settings: Settings) -> LoginMethod:
    if not settings.vault_token:
        raise VaultNotConfigured("Login to the secret store by token needs VAULT_TOKEN.")
    return TokenLogin(settings.vault_token.get_secret_value())


def _approle(settings: Settings) -> LoginMethod:
    if not settings.vault_role_id or not settings.vault_secret_id:
        raise VaultNotConfigured("AppRole login to the secret store needs both VAULT_ROLE_ID and VAULT_SECRET_ID.")
    return AppRoleLogin(settings.vault_role_id, settings.vault_secret_id.get_secret_value())


def _jwt(settings: Settings) -> LoginMethod:
    if not settings.vault_role or settings.vault_jwt_path is None:
        raise VaultNotConfigured("JWT login to the secret store needs both VAULT_ROLE and VAULT_JWT_PATH.")
    return JwtLogin(settings.vault_role, settings.vault_jwt_path)


def _kubernetes(settings: Settings) -> LoginMethod:
    if not settings.vault_role:
        raise VaultNotConfigured("Kubernetes login to the secret store needs VAULT_ROLE.")
    return KubernetesLogin(settings.vault_role, settings.vault_jwt_path or KubernetesLogin.path)


_METHODS: dict[str, Callable[[Settings], LoginMethod]] = {
    "token": _token,
    "approle": _approle,
    "jwt": _jwt,
    "kubernetes": _kubernetes,
}
