"""The OPA server as an engine: revisions, decision ids, and what its own log may hold."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import OPAClient
from mcp_common.testing.opa_server import POLICY, OPAServer, find_opa
from mcp_common.testing.waiting import eventually
from tests.mcp_common.policy.conftest import BothEngines, asking, replace, take_away


async def test_the_decision_id_is_the_one_in_opas_log_and_arguments_are_not_there() -> None:
    with OPAServer() as server:
        opa = OPAClient(server.address)
        single = await opa.decide(asking(arguments={"password": "hunter2"}))
        batch = await opa.decide_many([asking(arguments={"password": "hunter2"}), asking("developers")])
        await opa.revision()
        await opa.aclose()
        server.stop()
        decisions = [line for line in map(json.loads, server.log.splitlines()) if line["msg"] == "Decision Log"]
        assert [line["decision_id"] for line in decisions] == [single.decision_id, batch[0].decision_id]
        assert batch[0].decision_id == batch[1].decision_id
        assert b"hunter2" not in server.log


async def test_a_decision_names_the_revision_it_rests_on(both: BothEngines) -> None:
    for engine in (both.opa, both.embedded):
        revision = await engine.revision()
        assert (await engine.decide(asking())).revision == revision
        assert {one.revision for one in await engine.decide_many([asking(), asking("admin")])} == {revision}


async def test_a_changed_file_is_another_revision(own_policy: Path) -> None:
    with OPAServer(own_policy) as server:
        opa = OPAClient(server.address, timeout=5)
        before = await opa.revision()
        assert await opa.revision() == before
        take_away(own_policy, "network-engineers")
        after = await eventually(opa.revision, lambda revision: revision != before)
        refused = await opa.decide(asking())
        assert (refused.allow, refused.revision) == (False, after)
        await opa.aclose()


async def test_policies_put_in_by_hand_count_for_the_revision_too() -> None:
    with OPAServer(bundle=False) as server, httpx2.Client(base_url=server.address) as operator:
        opa = OPAClient(server.address, timeout=5)
        with pytest.raises(PolicyUnavailable, match="not a decision"):
            await opa.ready()
        for name in ("command_lists", "authz"):
            operator.put(f"/v1/policies/{name}", content=(POLICY / f"{name}.rego").read_bytes()).raise_for_status()
        await opa.ready()
        empty = await opa.revision()
        operator.put("/v1/data/resources", json={"github": ["read"]})
        operator.put("/v1/data/roles", json={"developers": {"github": ["read"]}})
        filled = await opa.revision()
        assert filled != empty
        assert (await opa.decide(asking("developers", "github:read"))).allow
        await opa.aclose()


@pytest.fixture
def revisioned_bundle(tmp_path: Path) -> Path:
    bundle = tmp_path / "authz.tar.gz"
    build = [find_opa(), "build", "--bundle", str(POLICY), "--ignore", "*_test.rego", "--revision", "2026-11-21.1"]
    subprocess.run([*build, "--output", str(bundle)], check=True)
    return bundle


async def test_a_bundles_own_revision_is_the_revision(revisioned_bundle: Path) -> None:
    with OPAServer(revisioned_bundle) as server:
        opa = OPAClient(server.address, timeout=5)
        assert (await opa.revision()).endswith("@2026-11-21.1")
        assert (await opa.decide(asking())).revision == await opa.revision()
        await opa.aclose()


async def test_a_served_directory_cannot_be_overwritten_over_the_api(opa_server: OPAServer) -> None:
    with httpx2.Client(base_url=opa_server.address) as intruder:
        put = intruder.put("/v1/policies/mine", content=b"package authz\nallow := true")
        patched = intruder.put("/v1/data/roles/strangers", json={"*": ["read"]})
    assert (put.status_code, patched.status_code) == (400, 400)


async def test_without_opa_the_tests_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("mcp_common.testing.opa_server.CHECKOUT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"make \.tools/opa"):
        find_opa()


async def test_a_policy_that_does_not_load_is_reported_with_opas_own_words(tmp_path: Path) -> None:
    shutil.copytree(POLICY, tmp_path / "policy")
    (tmp_path / "policy" / "authz.rego").write_text("package authz\nallow {")
    with pytest.raises(RuntimeError, match="OPA ended at once"):
        OPAServer(tmp_path / "policy")


async def test_a_server_keeps_the_last_good_policy_where_the_new_one_is_broken(own_policy: Path) -> None:
    with OPAServer(own_policy) as server:
        opa = OPAClient(server.address, timeout=5)
        before = await opa.revision()
        replace(own_policy / "authz.rego", "package authz\nallow if {")
        await eventually(lambda: asyncio.sleep(0, b"rego_parse_error" in server.log))
        assert (await opa.decide(asking())).allow
        replace(own_policy / "authz.rego", (POLICY / "authz.rego").read_text())
        take_away(own_policy, "network-engineers")
        await eventually(opa.revision, lambda revision: revision != before)
        await eventually(lambda: opa.decide(asking()), lambda decision: not decision.allow)
        await opa.aclose()
