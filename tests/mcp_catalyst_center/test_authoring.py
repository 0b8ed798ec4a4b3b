"""The authoring tools, called by an MCP client, against the simulator."""

import hashlib
from datetime import datetime
from typing import Any

import pytest
from fastmcp.exceptions import ToolError

from mcp_common.testing.plugin import Connect
from simulators.catalyst_center.controller import Controller
from simulators.world import World
from tests.mcp_catalyst_center.calling import call

SECRET = "snmp-server community HuNt3r-2 RO"


def writes(controller: Controller) -> list[str]:
    """The writes that arrived, without the login."""
    asked = [f"{request.method} {request.path.rsplit('/', 1)[-1]}" for request in controller.requests]
    return [request for request in asked if not request.startswith("GET") and "token" not in request]


@pytest.fixture
async def draft(connect: Connect, world: World) -> dict[str, Any]:
    """A new template in the project Access, with a secret in its text."""
    project = world.template_named("Access VLAN").project_id
    text = f"vlan {{{{ vlan }}}}\n{SECRET}\n"
    return await call(connect, "create_template", project_id=project, name="Edge", content=text)


async def test_a_project_is_created_and_listed(connect: Connect, controller: Controller) -> None:
    made = await call(connect, "create_template_project", name="Edge", description="Edge routers")
    listed = await call(connect, "list_template_projects", limit=100)
    found = {project["id"]: project for project in listed["projects"]}[made["id"]]
    assert (made["status"], found["name"], found["templates"]) == ("done", "Edge", 0)
    assert writes(controller) == ["POST project"]
    with pytest.raises(ToolError, match="There is a project of this name"):
        await call(connect, "create_template_project", name="Edge")
    assert writes(controller) == ["POST project"]


async def test_a_template_is_created_once_and_read_back(draft: dict[str, Any], controller: Controller) -> None:
    assert (draft["status"], draft["name"], draft["project"]) == ("done", "Edge", "Access")
    assert draft["change"]["diff"]["text"].startswith("@@ -0,0 +1,2 @@\n+vlan {{ vlan }}\n")
    assert "since" not in draft["change"]
    assert [(param["name"], param["required"]) for param in draft["params"]] == [("vlan", True)]
    assert writes(controller) == ["POST template"]


async def test_params_are_declared_with_their_types(connect: Connect, world: World) -> None:
    found = await call(
        connect,
        "create_template",
        project_id=next(iter(world.projects)),
        name="Typed",
        content="vlan {{ vlan }}\n name {{ name }}\n",
        families=["Switches and Hubs", "Routers"],
        params=[{"name": "vlan", "type": "INTEGER", "default": "10", "required": False}],
    )
    params = {param["name"]: (param["type"], param.get("default")) for param in found["params"]}
    assert params == {"vlan": ("INTEGER", "10"), "name": ("STRING", None)}


async def test_a_name_that_is_taken_is_refused_before_anything_is_sent(
    connect: Connect, draft: dict[str, Any], world: World, controller: Controller
) -> None:
    project = world.template_named("Access VLAN").project_id
    with pytest.raises(ToolError, match="holds a template of this name"):
        await call(connect, "create_template", project_id=project, name="Edge", content="x")
    with pytest.raises(ToolError, match="no template project with this id"):
        await call(connect, "create_template", project_id=draft["id"], name="Edge", content="x")
    assert writes(controller) == ["POST template"]


async def test_secrets_stay_hidden_and_in_place_through_an_edit(
    connect: Connect, draft: dict[str, Any], controller: Controller
) -> None:
    shown = await call(connect, "get_template", template_id=draft["id"])
    assert "HuNt3r" not in f"{draft}{shown}"
    edited = shown["content"]["text"].replace("vlan {{ vlan }}", "vlan {{ vlan }}\n name {{ name }}")
    found = await call(connect, "update_template", template_id=draft["id"], content=edited)
    assert found["status"] == "done"
    kept = controller.templates.get(draft["id"])
    assert kept is not None
    assert kept.content == f"vlan {{{{ vlan }}}}\n name {{{{ name }}}}\n{SECRET}\n"


@pytest.mark.parametrize("line", ["enable secret <masked>", "snmp-server community <masked> RW", "x <masked>"])
async def test_a_masked_secret_nobody_knows_is_never_written(
    line: str, connect: Connect, draft: dict[str, Any], world: World, controller: Controller
) -> None:
    for tool, target in (
        ("update_template", {"template_id": draft["id"]}),
        ("create_template", {"project_id": next(iter(world.projects)), "name": "Other"}),
    ):
        with pytest.raises(ToolError, match=r"it holds <masked>.*Nothing was changed"):
            await call(connect, tool, content=f"{line}\n", **target)
    assert writes(controller) == ["POST template"]


async def test_an_update_shows_what_it_changes_against_the_newest_version(connect: Connect, world: World) -> None:
    template = world.template_named("Access VLAN")
    content = template.content.replace("spanning-tree portfast", "spanning-tree portfast edge")
    found = await call(connect, "update_template", template_id=template.id, content=content)
    assert (found["change"]["since"], found["change"]["added"], found["change"]["removed"]) == ("3", 1, 1)
    assert "portfast edge" in found["change"]["diff"]["text"]
    assert {param["name"] for param in found["params"]} == {param.name for param in template.params}
    types = {param["name"]: param["type"] for param in found["params"]}
    assert types["vlan_id"] == "INTEGER"


async def test_the_same_text_again_is_not_sent_again(
    connect: Connect, draft: dict[str, Any], controller: Controller
) -> None:
    shown = await call(connect, "get_template", template_id=draft["id"])
    found = await call(connect, "update_template", template_id=draft["id"], content=shown["content"]["text"])
    assert (found["status"], found["text_hash"]) == ("done", draft["text_hash"])
    assert writes(controller) == ["POST template"]


async def test_params_that_no_longer_occur_are_dropped(connect: Connect, draft: dict[str, Any]) -> None:
    found = await call(connect, "update_template", template_id=draft["id"], content="hostname {{ name }}\n")
    assert [param["name"] for param in found["params"]] == ["name"]


async def test_what_catalyst_center_objects_to_is_said(connect: Connect, draft: dict[str, Any]) -> None:
    content = "{% if vlan %}\nlogging host 10.0.0.1\n"
    found = await call(connect, "update_template", template_id=draft["id"], content=content)
    assert [(mistake["kind"], mistake["line"]) for mistake in found["mistakes"]] == [
        ("SYNTAX_ERROR", 1),
        ("POTENTIAL_CONFLICT", 2),
    ]


async def test_an_edit_of_somebody_else_is_not_written_over(
    connect: Connect, draft: dict[str, Any], controller: Controller
) -> None:
    await call(connect, "update_template", template_id=draft["id"], content="vlan 5\n")
    before = list(writes(controller))
    for tool, rest in (("update_template", {"content": "vlan 6\n"}), ("commit_template", {"comment": "mine"})):
        with pytest.raises(ToolError, match="Somebody has edited the draft since you read it"):
            await call(connect, tool, template_id=draft["id"], expected_hash=draft["text_hash"], **rest)
    assert writes(controller) == before


async def test_the_hash_of_a_text_does_not_tell_its_secrets(connect: Connect, world: World) -> None:
    project = world.template_named("Access VLAN").project_id
    hashes = set()
    for name, secret in (("A", "HuNt3r-2"), ("B", "s3cr3t!")):
        text = f"snmp-server community {secret} RO\n"
        made = await call(connect, "create_template", project_id=project, name=name, content=text)
        saved = f"{datetime.fromisoformat(await update_time(connect, made['id'])).timestamp():.3f}"
        shown = "snmp-server community <masked> RO\n"
        assert made["text_hash"] == hashlib.sha256(f"{saved}\n{shown}".encode()).hexdigest()[:16]
        hashes.add(made["text_hash"])
    assert len(hashes) == 2  # they were saved at different times


async def update_time(connect: Connect, template_id: str) -> str:
    found = await call(connect, "get_template", template_id=template_id, fields=["updated"])
    return str(found["updated"])


async def test_a_commit_makes_the_next_version_and_says_what_changed(
    connect: Connect, world: World, controller: Controller
) -> None:
    template = world.template_named("Login Banner")
    shown = await call(connect, "get_template", template_id=template.id)
    found = await call(
        connect, "commit_template", template_id=template.id, comment="Motd", expected_hash=shown["text_hash"]
    )
    assert (found["status"], found["version"], found["comment"], found["change"]["since"]) == ("done", "3", "Motd", "2")
    assert found["change"]["added"] > 0
    listed = await call(connect, "list_template_versions", template_id=template.id)
    assert (listed["versions"][0]["id"], listed["versions"][0]["version"]) == (found["version_id"], "3")
    assert writes(controller) == ["POST version"]


async def test_a_draft_without_a_version_is_committed_as_the_first(connect: Connect, draft: dict[str, Any]) -> None:
    found = await call(connect, "commit_template", template_id=draft["id"], comment="First")
    assert (found["status"], found["version"]) == ("done", "1")
    assert "since" not in found["change"]


async def test_a_commit_of_nothing_new_is_refused_so_that_a_repetition_does_nothing(
    connect: Connect, world: World, controller: Controller
) -> None:
    template = world.template_named("Login Banner")
    await call(connect, "commit_template", template_id=template.id, comment="Motd")
    with pytest.raises(ToolError, match="Nothing to commit: the draft is what version 3 holds"):
        await call(connect, "commit_template", template_id=template.id, comment="Motd")
    assert writes(controller) == ["POST version"]


async def test_a_version_cannot_be_edited(connect: Connect, world: World, controller: Controller) -> None:
    version = world.template_named("Access VLAN").versions[0].id
    for tool, rest in (("update_template", {"content": "x"}), ("commit_template", {"comment": "x"})):
        with pytest.raises(ToolError, match="this is the id of a version"):
            await call(connect, tool, template_id=version, **rest)
    composite = world.template_named("Access Baseline").id
    with pytest.raises(ToolError, match="A composite has no text of its own"):
        await call(connect, "update_template", template_id=composite, content="x")
    assert writes(controller) == []


async def test_what_was_written_can_be_previewed_committed_and_deployed(connect: Connect, world: World) -> None:
    device = world.device_named("zrh01-f01-acc-01").id
    project = world.template_named("Access VLAN").project_id
    made = await call(connect, "create_template", project_id=project, name="Domain", content="ip domain name {{ d }}\n")
    params: dict[str, Any] = {"params": {"d": "edge.example"}, "device_id": device}
    preview = await call(connect, "preview_template", template_id=made["id"], **params)
    assert preview["cli"]["text"] == "ip domain name edge.example\n"
    await call(connect, "commit_template", template_id=made["id"], comment="First")
    deployed = await call(connect, "deploy_template", template_id=made["id"], **params)
    assert deployed["status"] == "succeeded"


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("create_template_project", {"name": "a\nb"}),
    ("create_template_project", {"name": ""}),
    ("create_template_project", {"name": "x" * 256}),
    ("create_template_project", {"name": "hid\u200bden"}),
    ("create_template", {"content": "vlan 1\u202e"}),
    ("create_template", {"content": "a\x00b"}),
    ("create_template", {"content": "x" * 200_001}),
    ("create_template", {"content": ""}),
    ("create_template", {"content": "x", "language": "JINJA2"}),
    ("create_template", {"content": "x", "project_id": "../../deploy"}),
    ("create_template", {"content": "x", "families": ["Toasters"]}),
    ("create_template", {"content": "x", "families": []}),
    ("create_template", {"content": "x", "params": [{"name": "a b"}]}),
    ("create_template", {"content": "x", "params": [{"name": "a"}, {"name": "a"}]}),
    ("create_template", {"content": "x", "params": [{"name": "a", "type": "PASSWORD"}]}),
    ("create_template", {"content": "x", "params": [{"name": "a", "default": "1\nno shutdown"}]}),
    ("create_template", {"content": "x", "params": [{"name": "a", "binding": "x"}]}),
    ("update_template", {"content": "x", "expected_hash": "latest"}),
    ("update_template", {"content": "x", "template_id": "preview"}),
    ("commit_template", {"comment": ""}),
    ("commit_template", {"comment": "two\nlines"}),
    ("commit_template", {"comment": "x" * 256}),
]


@pytest.mark.parametrize(("tool", "arguments"), HOSTILE)
async def test_hostile_arguments_reach_nothing(
    tool: str, arguments: dict[str, Any], connect: Connect, world: World, controller: Controller
) -> None:
    template = world.template_named("Login Banner")
    needed = {
        "create_template_project": {},
        "create_template": {"project_id": template.project_id, "name": "New"},
        "update_template": {"template_id": template.id},
        "commit_template": {"template_id": template.id},
    }
    with pytest.raises(ToolError):
        await call(connect, tool, **needed[tool] | arguments)
    assert list(controller.requests) == []


async def test_only_those_who_may_write_are_offered_authoring(connect: Connect, world: World) -> None:
    async with connect("service-desk") as client:
        offered = {tool.name for tool in await client.list_tools()}
    assert "list_template_projects" in offered
    assert {"create_template_project", "create_template", "update_template", "commit_template"}.isdisjoint(offered)
