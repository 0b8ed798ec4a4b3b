"""Settings of a service, read from the environment; unsafe values do not start in production."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What every process of the platform reads. Field names are the environment names, in upper case."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # an error would show every value, secrets included
    )

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str | None = Field(default=None, description="Where clients reach this service, without /mcp")
    allowed_hosts: str = Field(default="", description="Further Host header values, comma-separated")
    allowed_origins: str = Field(default="", description="Browser origins let in, comma-separated")
    allow_writes: bool = Field(default=False, description="Offer tools whose permission is write or execute")
    rate_limit: float = Field(default=200.0, ge=0, description="Requests a second for each caller; 0: no limit")
    rate_burst: int = Field(default=400, ge=1, description="Requests a caller may make at once")
    toolsets: str = Field(default="", description="Toolsets to offer, comma-separated; empty: the default set")

    vault_addr: str | None = None
    vault_token: SecretStr | None = None
    vault_role_id: str | None = None
    vault_secret_id: SecretStr | None = None
    vault_auth: Literal["token", "approle", "kubernetes", "jwt"] | None = None
    vault_role: str | None = Field(default=None, description="Role of Kubernetes or JWT login")
    vault_jwt_path: Path | None = Field(default=None, description="File with the JWT of Kubernetes or JWT login")
    vault_mount: str = "secret"
    vault_cacert: Path | None = None

    opa_addr: str | None = Field(default=None, description="OPA server; unset: the policy files in process")
    policy_dir: Path | None = Field(default=None, description="Policy files; unset: common-services/opa/config")

    redis_url: SecretStr | None = Field(
        default=None,
        description="Redis or Valkey of all replicas: outcomes of writes, and answers kept for a short time",
    )
    audit_file: Path | None = Field(default=None, description="The audit trail; unset: .run/audit/<service>.jsonl")
    log_file: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otel_exporter_otlp_endpoint: str | None = None

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment != "production":
            return self
        wrong = list(self._unsafe())
        if wrong:
            raise ValueError("refusing to start with ENVIRONMENT=production: " + "; ".join(wrong))
        return self

    def _unsafe(self) -> list[str]:
        checks = {
            "VAULT_ADDR is not set": not self.vault_addr,
            "VAULT_ADDR is not https": bool(self.vault_addr) and not str(self.vault_addr).startswith("https://"),
            "VAULT_TOKEN is a long-lived token, use AppRole, Kubernetes or JWT login": self.vault_token is not None,
            "OPA_ADDR is not set": not self.opa_addr,
            "ALLOW_WRITES without REDIS_URL: a restart would forget which writes were carried out": (
                self.allow_writes and self.redis_url is None
            ),
            "AUDIT_FILE is not set": self.audit_file is None,
            "PUBLIC_URL is not set or not https": not (self.public_url or "").startswith("https://"),
            "REDIS_URL is not rediss:// (TLS)": self.redis_url is not None
            and not self.redis_url.get_secret_value().startswith(("rediss://", "unix://")),
        }
        return [text for text, wrong in checks.items() if wrong]

    @property
    def base_url(self) -> str:
        """Where clients reach this service, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def listed(text: str) -> list[str]:
    """Split a comma-separated setting."""
    return [part.strip() for part in text.split(",") if part.strip()]
