from pathlib import Path
from typing import Any

import hvac
import pytest

from mcp_common.errors import Unavailable, UpstreamUnauthorized
from mcp_common.secret_store.vault_login import login_method
from mcp_common.settings import Settings
from mcp_common.testing.openbao import OpenBao
from mcp_common.testing.workload import TokenReviews, Workload
from mcp_common.vault import VaultClient, VaultNotConfigured, get_api_credentials, get_vault_client_with_retry


@pytest.fixture(autouse=True)
def device(bao: OpenBao) -> None:
    bao.write("api/router", {"username": "svc", "password": "hunter2"})


async def reads(settings: Settings, on_access: Any = None) -> None:
    async with VaultClient.from_settings(settings, on_access=on_access) as vault:
        assert (await vault.get_secret("api/router")).data["username"] == "svc"
        await vault.ready()


async def test_a_token_an_operator_made_reads_and_is_not_revoked(bao: OpenBao, accesses: Any) -> None:
    token = bao.issue_token(ttl="10m")
    await reads(bao.settings(vault_token=token), accesses)
    assert bao.admin.auth.token.lookup(token)["data"]["ttl"] > 0
    assert accesses.count("revoked") == 0


async def test_an_approle_reads_and_its_token_is_revoked_at_shutdown(bao: OpenBao, accesses: Any) -> None:
    before = set(bao.admin.auth.token.list_accessors()["data"]["keys"])
    await reads(bao.settings(**bao.approle()), accesses)
    assert set(bao.admin.auth.token.list_accessors()["data"]["keys"]) <= before
    assert [(path, outcome) for path, outcome, _ in accesses] == [
        ("auth/approle", "login"),
        ("api/router", "read"),
        ("auth/approle", "revoked"),
    ]


async def test_a_jwt_reads_and_its_file_is_read_again_at_each_login(
    bao: OpenBao, workload: Workload, tmp_path: Path
) -> None:
    bao.jwt(workload.public_key)
    path = tmp_path / "jwt"
    settings = bao.settings(vault_role="server", vault_jwt_path=path)
    path.write_text(workload.token(exp=1))
    vault = VaultClient.from_settings(settings)
    try:
        with pytest.raises(UpstreamUnauthorized, match="refused the jwt login: check VAULT_ROLE"):
            await vault.start()
        path.write_text(workload.token() + "\n")
        await vault.start()
        assert (await vault.get_secret("api/router")).data["username"] == "svc"
    finally:
        await vault.aclose()


async def test_a_missing_jwt_file_is_named(bao: OpenBao, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=f"cannot be read from {tmp_path}/none. Set VAULT_JWT_PATH"):
        await reads(bao.settings(vault_role="server", vault_jwt_path=tmp_path / "none"))


async def test_a_service_account_reads_after_the_cluster_vouched_for_it(
    bao: OpenBao, workload: Workload, cluster: TokenReviews, tmp_path: Path
) -> None:
    bao.kubernetes(cluster.address, cluster.ca, cluster.reviewer_jwt)
    path = tmp_path / "token"
    path.write_text(workload.service_account_token())
    await reads(bao.settings(vault_auth="kubernetes", vault_role="server", vault_jwt_path=path))
    assert cluster.reviewed[-1] == "system:serviceaccount:mcp:server"


async def test_a_service_account_of_another_cluster_is_refused(
    bao: OpenBao, cluster: TokenReviews, tmp_path: Path
) -> None:
    bao.kubernetes(cluster.address, cluster.ca, cluster.reviewer_jwt)
    path = tmp_path / "token"
    path.write_text(Workload().service_account_token())
    with pytest.raises(UpstreamUnauthorized, match="refused the kubernetes login"):
        await reads(bao.settings(vault_auth="kubernetes", vault_role="server", vault_jwt_path=path))


async def test_a_wrong_secret_id_is_refused_at_once_with_what_to_check(bao: OpenBao, accesses: Any) -> None:
    settings = bao.settings(**bao.approle() | {"vault_secret_id": "00000000-wrong"})
    with pytest.raises(UpstreamUnauthorized, match="check VAULT_ROLE_ID and VAULT_SECRET_ID") as refused:
        await get_vault_client_with_retry(settings, on_access=accesses)
    assert accesses == [("auth/approle", "refused", None)]
    assert "00000000-wrong" not in f"{refused.value} {refused.value.detail} {refused.value.__cause__!r}"


async def test_a_dead_token_is_refused_with_what_to_do(bao: OpenBao) -> None:
    with pytest.raises(UpstreamUnauthorized, match="VAULT_TOKEN has expired, was revoked"):
        await get_vault_client_with_retry(bao.settings(vault_token="s.nobody"))


async def test_waiting_for_a_vault_that_never_comes_ends_with_a_sentence() -> None:
    settings = Settings(vault_addr="http://127.0.0.1:9", vault_token="t", vault_auth="token")
    with pytest.raises(Unavailable, match="Check that it runs and that VAULT_ADDR is right") as late:
        await get_vault_client_with_retry(settings, patience=0.3)
    assert late.value.extra == {"reason": "unreachable"}


async def test_credentials_of_one_service_can_be_read_with_the_environment_alone(
    bao: OpenBao, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = bao.approle()
    monkeypatch.setenv("VAULT_ADDR", bao.addr)
    monkeypatch.setenv("VAULT_ROLE_ID", role["vault_role_id"])
    monkeypatch.setenv("VAULT_SECRET_ID", role["vault_secret_id"])
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    assert dict(await get_api_credentials("router")) == {"username": "svc", "password": "hunter2"}


async def test_no_proxy_token_or_ca_of_the_environment_is_used(bao: OpenBao, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("VAULT_TOKEN", "s.of-somebody-else")
    monkeypatch.setattr("hvac.v1.VAULT_CLIENT_CERT", "/nowhere.pem")
    await reads(bao.settings(**bao.approle()))


async def test_tls_is_verified_against_the_ca_that_is_set() -> None:
    with OpenBao("dev-tls") as bao:
        bao.write("api/router", {"username": "svc"})
        settings = bao.settings(**bao.approle())
        await reads(settings)
        with pytest.raises(Unavailable, match="Set VAULT_CACERT to its CA"):
            await reads(settings.model_copy(update={"vault_cacert": None}))


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({"vault_token": "t"}, "token"),
        ({"vault_role_id": "r", "vault_secret_id": "s"}, "approle"),
        ({"vault_role": "r"}, "kubernetes"),
        ({"vault_role": "r", "vault_jwt_path": "/var/run/secrets/kubernetes.io/serviceaccount/token"}, "kubernetes"),
        ({"vault_role": "r", "vault_jwt_path": "/run/identity/jwt"}, "jwt"),
        ({"vault_auth": "approle", "vault_token": "t", "vault_role_id": "r", "vault_secret_id": "s"}, "approle"),
        ({"vault_token": "", "vault_role_id": "r", "vault_secret_id": "s"}, "approle"),
    ],
)
def test_the_login_follows_from_what_is_set(bao: OpenBao, given: dict[str, Any], method: str) -> None:
    assert login_method(bao.settings(**given)).name == method


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "No login to the secret store is set. Set VAULT_ROLE_ID"),
        ({"vault_token": "t", "vault_role_id": "r"}, r"more than one login .*token, approle.* Set VAULT_AUTH"),
        ({"vault_role_id": "r"}, "needs both VAULT_ROLE_ID and VAULT_SECRET_ID"),
        ({"vault_auth": "token"}, "needs VAULT_TOKEN"),
        ({"vault_auth": "jwt", "vault_role": "r"}, "needs both VAULT_ROLE and VAULT_JWT_PATH"),
        ({"vault_auth": "kubernetes"}, "needs VAULT_ROLE"),
        ({"vault_addr": None, "vault_token": "t"}, "Set VAULT_ADDR"),
        ({"vault_addr": "vault:8200", "vault_token": "t"}, "Set VAULT_ADDR"),
    ],
)
def test_settings_that_allow_no_login_say_which_to_set(bao: OpenBao, given: dict[str, Any], says: str) -> None:
    settings = Settings.model_validate(bao.settings().model_dump() | given)
    with pytest.raises(VaultNotConfigured, match=says):
        VaultClient.from_settings(settings)


def test_neither_a_login_nor_a_grant_shows_what_it_holds(bao: OpenBao) -> None:
    role = bao.approle()
    method = login_method(bao.settings(**role))
    grant = method.login(hvac.Client(url=bao.addr, token=""))
    assert role["vault_secret_id"] not in repr(method)
    assert grant.token not in repr(grant)
    assert "s3cret" not in repr(login_method(bao.settings(vault_token="s3cret")))
