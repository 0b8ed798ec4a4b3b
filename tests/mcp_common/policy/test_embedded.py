"""The engine in process: the files as they are now, or nothing."""

import asyncio
from pathlib import Path

import pytest

from mcp_common.authorization.embedded_policy import EmbeddedPolicy
from mcp_common.errors import PolicyUnavailable
from mcp_common.opa import AuthorizationRequest
from tests.mcp_common.policy.conftest import asking, replace, take_away

BROKEN: dict[str, tuple[str, str | bytes]] = {
    "a rego file that does not parse": ("authz.rego", "package authz\nallow if {"),
    "a rego file that does not compile": ("authz.rego", "package authz\nallow if nowhere(input)"),
    "another package": ("authz.rego", "package elsewhere\nallow := true"),
    "a rule that is undefined": (
        "authz.rego",
        "package authz\nallow if input.x\ndecision := 1 if input.x\ndecisions := []",
    ),
    "a policy that allows the empty request": (
        "authz.rego",
        'package authz\nallow := true\ndecision := {"allow": true, "reason": "why not"}\ndecisions := [decision]',
    ),
    "allow that is not the decision": (
        "authz.rego",
        'package authz\nallow := true\ndecision := {"allow": false, "reason": "no"}\ndecisions := [decision]',
    ),
    "half a YAML": ("data.yaml", "roles: {admin: ["),
    "a YAML date": ("data.yaml", "roles: {admin: {github: [2026-11-21]}}"),
    "a key that is no string": ("data.yaml", "roles: {on: {github: [read]}}"),
    "a role given twice": ("data.yaml", "roles:\n  admin: {github: [read]}\n  admin: {github: [write]}"),
    "data that is a list": ("data.yaml", "- admin"),
    "a second data file": ("data.json", "{}"),
    "text that is not UTF-8": ("authz.rego", b"package authz\n# \xff"),
}


@pytest.fixture
async def engine(own_policy: Path) -> EmbeddedPolicy:
    return EmbeddedPolicy(own_policy)


async def test_a_change_is_in_force_at_the_next_question(engine: EmbeddedPolicy, own_policy: Path) -> None:
    before = await engine.decide(asking())
    take_away(own_policy, "network-engineers")
    after = await engine.decide(asking())
    assert (before.allow, after.allow) == (True, False)
    assert before.revision != after.revision == await engine.revision()


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_policy_refuses_until_it_is_repaired(
    engine: EmbeddedPolicy, own_policy: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert (await engine.decide(asking())).allow
    name, content = BROKEN[kind]
    good = (own_policy / name).read_bytes() if (own_policy / name).exists() else None
    (own_policy / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for _ in range(2):
        with pytest.raises(PolicyUnavailable, match="its files cannot be used") as refused:
            await engine.decide(asking())
    assert str(own_policy) in (refused.value.detail or "")
    assert str(own_policy) not in refused.value.message
    with pytest.raises(PolicyUnavailable):
        await engine.revision()
    with pytest.raises(PolicyUnavailable):
        await engine.ready()
    if good is None:
        (own_policy / name).unlink()
    else:
        (own_policy / name).write_bytes(good)
    assert (await engine.decide(asking())).allow
    assert capfd.readouterr() == ("", "")


async def test_a_missing_directory_refuses_and_the_log_names_the_setting(tmp_path: Path) -> None:
    engine = EmbeddedPolicy(tmp_path / "nowhere")
    with pytest.raises(PolicyUnavailable) as refused:
        await engine.ready()
    assert "is POLICY_DIR right?" in (refused.value.detail or "")


async def test_a_folder_that_only_opa_would_load_is_refused(engine: EmbeddedPolicy, own_policy: Path) -> None:
    await engine.ready()
    (own_policy / "more").mkdir()
    with pytest.raises(PolicyUnavailable) as refused:
        await engine.ready()
    assert "keep one flat directory" in (refused.value.detail or "")


async def test_data_may_be_json(engine: EmbeddedPolicy, own_policy: Path) -> None:
    (own_policy / "data.yaml").unlink()
    (own_policy / "data.json").write_text(
        '{"resources": {"github": ["read"]}, "roles": {"cats": {"github": ["read"]}}}'
    )
    assert (await engine.decide(asking("cats", "github:read"))).allow


async def test_without_data_nobody_may_do_anything(engine: EmbeddedPolicy, own_policy: Path) -> None:
    (own_policy / "data.yaml").unlink()
    assert not (await engine.decide(asking("admin"))).allow


async def test_many_at_once_get_their_own_answers_while_the_policy_changes(
    own_policy: Path,
) -> None:
    engine = EmbeddedPolicy(own_policy, threads=8, timeout=30)
    groups = ["admin", "network-engineers", "service-desk", "developers", "nobody"]
    table = {"admin": True, "network-engineers": True, "service-desk": False, "developers": False, "nobody": False}

    async def ask(turn: int) -> None:
        group = groups[turn % len(groups)]
        request = asking(group, "catalyst-center:write", {"turn": turn})
        assert (await engine.decide(request)).allow is table[group], (turn, group)
        if turn % 40 == 0:
            replace(own_policy / "data.yaml", (own_policy / "data.yaml").read_text() + f"# {turn}\n")

    await asyncio.gather(*(ask(turn) for turn in range(600)))
    await engine.aclose()


async def test_a_group_with_a_nul_in_it_is_not_the_group_before_the_nul(engine: EmbeddedPolicy) -> None:
    assert not (await engine.decide(asking("admin\0"))).allow
    assert not (await engine.decide(asking("admin\0evil"))).allow


async def test_a_large_text_is_decided_and_a_large_structure_refused(engine: EmbeddedPolicy) -> None:
    assert (await engine.decide(asking(arguments={"text": 'a,[{"\\' * 40_000}))).allow
    too_large: list[dict[str, object]] = [{"list": [1] * 20_000}, {"text": "a" * 2_000_000}]
    for arguments in too_large:
        with pytest.raises(PolicyUnavailable, match="too large"):
            await engine.decide(asking(arguments=arguments))


async def test_an_evaluation_that_takes_too_long_allows_nothing(own_policy: Path) -> None:
    engine = EmbeddedPolicy(own_policy, timeout=1e-9)
    with pytest.raises(PolicyUnavailable, match="took too long"):
        await engine.decide(asking("admin"))


async def test_a_long_batch_is_answered_in_order(engine: EmbeddedPolicy) -> None:
    requests = [
        AuthorizationRequest(("developers", *(f"team-{number}" for number in range(40))), resource, "read", {})
        for resource in ["github", "radkit"] * 60
    ]
    assert [one.allow for one in await engine.decide_many(requests)] == [True, False] * 60
    assert await engine.decide_many([]) == []


async def test_a_closed_engine_allows_nothing(engine: EmbeddedPolicy) -> None:
    await engine.aclose()
    with pytest.raises(PolicyUnavailable, match="closed"):
        await engine.decide(asking("admin"))


async def test_without_the_list_of_reserved_objects_every_object_is_one(
    engine: EmbeddedPolicy, own_policy: Path
) -> None:
    assert (await engine.decide(asking("network-engineers", "catalyst-center/template:write"))).allow
    replace(own_policy / "data.yaml", (own_policy / "data.yaml").read_text().replace("reserved:", "forgotten:"))
    assert not (await engine.decide(asking("network-engineers", "catalyst-center/template:write"))).allow
    assert (await engine.decide(asking("network-engineers", "catalyst-center:write"))).allow
    assert (await engine.decide(asking("change-managers", "workflows/approval:execute"))).allow
