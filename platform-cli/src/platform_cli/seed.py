"""Load secrets, policies and AppRoles from common-services/vault into a fresh OpenBao."""

import asyncio
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import httpx2

from platform_cli.layout import Layout, Trouble

_SHOWN = re.compile(rb"(?<=\nUnseal Key: |\nRoot Token: )\S+(?=\n)")


@dataclass(frozen=True, slots=True)
class AppRole:
    """What a service logs in to the secret store with."""

    role_id: str
    secret_id: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "AppRole":
        """A new pair."""
        return cls(secrets.token_urlsafe(18), secrets.token_urlsafe(24))


async def seed(
    layout: Layout,
    url: str,
    root_token: str,
    roles: Mapping[str, AppRole],
    token_file: Path,
    values: Mapping[str, str],
) -> None:
    """Write every secret, then one policy and one AppRole for each service; keep the root token for the operator.

    Secrets are files with places in them: `${NAME}` is one of `values`, or the address of the part NAME.

    Raises:
        Trouble: when a file is missing or wrong, or the store refuses it.
    """
    folder = layout.services_folder / "vault"
    write_private(token_file, root_token)
    async with httpx2.AsyncClient(base_url=url, headers={"X-Vault-Token": root_token}, trust_env=False) as store:
        await _send(store, "sys/auth/approle", {"type": "approle"})
        secret_files = sorted((folder / "secrets").rglob("*.json"))
        await asyncio.gather(
            *(_send(store, *_secret(layout, folder / "secrets", path, values)) for path in secret_files),
            *(_role(store, _policy(folder, name), name, role) for name, role in roles.items()),
        )


def _secret(layout: Layout, folder: Path, path: Path, values: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    addresses = {name.replace("-", "_"): layout.url(name) for name in layout.ports}
    quoted = {name: json.dumps(value)[1:-1] for name, value in {**addresses, **values}.items()}
    try:
        data = json.loads(Template(path.read_text()).substitute(quoted))
    except (ValueError, KeyError) as error:
        raise Trouble(f"{path} is not JSON with the addresses of known parts in it ({error}): correct it.") from error
    name = path.relative_to(folder).with_suffix("").as_posix()
    return f"secret/data/{name}", {"data": data}


def _policy(folder: Path, name: str) -> str:
    path = folder / "policies" / f"{name}.hcl"
    try:
        return path.read_text()
    except OSError as error:
        raise Trouble(f"{path} is missing: write down there which secrets {name} may read.") from error


async def _role(store: httpx2.AsyncClient, policy: str, name: str, role: AppRole) -> None:
    await _send(store, f"sys/policies/acl/{name}", {"policy": policy})
    path = f"auth/approle/role/{name}"
    await _send(store, path, {"token_policies": [name], "token_ttl": "20m", "token_max_ttl": "4h"})
    await _send(store, f"{path}/role-id", {"role_id": role.role_id})
    await _send(store, f"{path}/custom-secret-id", {"secret_id": role.secret_id})


async def _send(store: httpx2.AsyncClient, path: str, body: Mapping[str, Any]) -> None:
    answer = await store.post(f"/v1/{path}", json=body)
    if answer.status_code >= 400:
        problems = answer.json().get("errors", []) if "json" in answer.headers.get("content-type", "") else []
        raise Trouble(
            f"OpenBao refused {path} (HTTP {answer.status_code}): {'; '.join(problems) or 'no reason given'}."
        )


async def hide_shown_secrets(log: Path) -> None:
    """Overwrite the unseal key and the root token that OpenBao in development mode writes into its log.

    Raises:
        Trouble: when they are not there after a while, so that they may be somewhere else.
    """
    for _ in range(250):
        if _hidden(log):
            return
        await asyncio.sleep(0.02)
    raise Trouble(f"OpenBao did not show its root token in {log} as expected, so it cannot be hidden there.")


def _hidden(log: Path) -> bool:
    shown = list(_SHOWN.finditer(log.read_bytes()))
    if len(shown) < 2:
        return False
    with log.open("r+b") as file:  # OpenBao goes on writing at its own place behind them
        for found in shown:
            file.seek(found.start())
            file.write(b"*" * len(found[0]))
    return True


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    path.chmod(0o600)
