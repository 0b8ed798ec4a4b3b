"""Which identity provider the platform trusts, as it lies in the secret store at `oidc/config`."""

import json
import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Any, Literal, Protocol, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic import ValidationError as _ValidationError

from mcp_common.errors import Unavailable
from mcp_common.permissions import Permission

CONFIG_PATH = "oidc/config"

Family = Literal["RS", "PS", "ES"]

_SIZES = ("256", "384", "512")
_FAMILIES: tuple[Family, ...] = ("RS", "PS", "ES")


class ConfigurationError(Unavailable):
    """What the secret store holds at `oidc/config` cannot be used, so no caller can be verified."""


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or parts.username:
        raise ValueError("must be an http or https address without user name or fragment")
    return text


def _texts(value: object) -> object:
    """`vault kv put` writes text: commas or blanks separate, and none of the values listed may hold either."""
    return [part for part in re.split(r"[,\s]+", value) if part] if isinstance(value, str) else value


def _from_json(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def _algorithms(value: object) -> object:
    names = _texts(value)
    if not isinstance(names, list | tuple):
        return names
    return [full for name in names for full in ([f"{name}{size}" for size in _SIZES] if name in _FAMILIES else [name])]


def _one_family(names: tuple[str, ...]) -> tuple[str, ...]:
    if any(name[:2] not in _FAMILIES or name[2:] not in _SIZES for name in names):
        raise ValueError("may name RS, PS or ES algorithms only, for example RS256")
    if len({name[:2] for name in names}) > 1:
        raise ValueError("must be of one family: RS, PS or ES")
    return names


Url = Annotated[str, AfterValidator(_url)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class StepUp(BaseModel):
    """How strong and how fresh a login must be; every member that is set must hold.

    One of `acr` and one of `amr` must be in the token; `max_age` is the age of the login in seconds (`auth_time`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    acr: Texts = ()
    amr: Texts = ()
    max_age: int | None = Field(default=None, ge=0)


class OidcConfig(BaseModel):
    """The trusted provider and how its tokens are read.

    `audience`: what a token must be addressed to; the client id where nothing is given.
    `scopes_supported`: what clients are told to ask for (RFC 9728), such as the scope that carries the groups.
    `algorithms`: one family (`RS`, `PS`, `ES`) or names of one family; unset: the family of the provider's keys.
    `groups_claim`: a claim, or a dotted path into one (`realm_access.roles`).
    `groups_separator`: splits groups sent as one text; unset: such a text is one group, so that a group named
    "guests,admin" never makes an admin.
    `userinfo_audience_claim`: the member of the userinfo answer that proves for whom an opaque token was issued;
    userinfo alone proves no audience. With `introspection_endpoint` set, `aud` of its answer is the proof.
    `step_up`: by permission; `catalyst-center:write` holds for the finer `catalyst-center/template:write` too.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    issuer: Url
    client_id: str = Field(min_length=1)
    user_info_endpoint: Url
    client_secret: SecretStr | None = None
    audience: Texts = ()
    scopes_supported: Texts = ()
    jwks_uri: Url | None = None
    introspection_endpoint: Url | None = None
    userinfo_audience_claim: Literal["aud", "client_id", "azp"] | None = None
    algorithms: Annotated[tuple[str, ...], BeforeValidator(_algorithms), AfterValidator(_one_family)] = ()
    groups_claim: str = Field(default="groups", min_length=1)
    groups_separator: str | None = Field(default=None, min_length=1)
    leeway: int = Field(default=30, ge=0, le=300)
    step_up: Annotated[dict[str, StepUp], BeforeValidator(_from_json)] = {}

    @model_validator(mode="before")
    @classmethod
    def _client_is_the_audience(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and not data.get("audience") and data.get("client_id"):
            return {**data, "audience": [data["client_id"]]}
        return data

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.introspection_endpoint and self.client_secret is None:
            raise ValueError("introspection_endpoint needs client_secret: the provider must know who asks")
        for text in self.step_up:
            Permission.parse(text)
        return self

    @classmethod
    def parse(cls, secret: Mapping[str, object]) -> Self:
        """Read what the secret store holds.

        Raises:
            ConfigurationError: naming every field that is missing or wrong, and no value.

        """
        given = {name: value for name, value in secret.items() if value is not None and value != ""}
        try:
            return cls.model_validate(given)
        except _ValidationError as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
        missing = [".".join(map(str, each["loc"])) for each in problems if each["type"] == "missing"]
        wrong = [
            f"{'.'.join(map(str, each['loc'])) or 'together'} ({each['msg'].removeprefix('Value error, ')})"
            for each in problems
            if each["type"] != "missing"
        ]
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        parts += [f"has wrong values in {'; '.join(wrong)}"] if wrong else []
        raise ConfigurationError(
            f"The secret store's {CONFIG_PATH} {' and '.join(parts)}. Correct it there; it is read again by itself."
        )

    def step_up_for(self, permission: Permission) -> list[StepUp]:
        """What the permission asks of a login: its own rule and that of the whole resource."""
        names = dict.fromkeys((str(permission), f"{permission.resource}:{permission.action}"))
        return [self.step_up[name] for name in names if name in self.step_up]

    def plaintext_endpoints(self) -> list[str]:
        """Fields whose address is plain http to another machine: unsafe in production."""
        addresses = {
            "issuer": self.issuer,
            "user_info_endpoint": self.user_info_endpoint,
            "jwks_uri": self.jwks_uri,
            "introspection_endpoint": self.introspection_endpoint,
        }
        return [name for name, url in addresses.items() if url and plaintext(url)]


def plaintext(url: str) -> bool:
    """True when a token or key would travel unencrypted beyond this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return False
    try:
        return not ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True


class _Secret(Protocol):
    @property
    def data(self) -> Mapping[str, Any]: ...


class ReadsSecrets(Protocol):
    """The part of a secret store that identity needs."""

    async def get_secret(self, path: str) -> _Secret:
        """Read one secret."""


async def get_oidc_config_from_vault(vault: ReadsSecrets) -> OidcConfig:
    """Read the trusted provider from the secret store.

    Raises:
        ConfigurationError: when fields are missing or wrong, naming all of them.

    """
    return OidcConfig.parse((await vault.get_secret(CONFIG_PATH)).data)
