"""Projects, working copies and their mistakes, as the template programmer takes them."""

from typing import Any

from tests.simulators.center import TEMPLATES, V1, Center

PROJECTS = f"{V1}/template-programmer/project"
PLATFORM = {"softwareType": "IOS-XE", "deviceTypes": [{"productFamily": "Switches and Hubs"}]}


async def ended(center: Center, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The task of a write, once it has ended."""
    answer = await center.http.request(method, path, json=body)
    assert answer.status_code == 202, answer.text
    center.clock.advance(center.controller.behaviour.task_seconds)
    task: dict[str, Any] = await center.response(f"{V1}/task/{answer.json()['response']['taskId']}")
    return task


async def made(center: Center, content: str, **members: Any) -> dict[str, Any]:
    """A new template in the project Access, as it is read back."""
    project = center.world.template_named("Access VLAN").project_id
    body = {"name": "Edge", "language": "JINJA", "templateContent": content} | PLATFORM | members
    task = await ended(center, "POST", f"{PROJECTS}/{project}/template", body)
    found: dict[str, Any] = await center.get(f"{TEMPLATES}/{task['data']}")
    return found


async def test_a_project_is_there_when_its_task_has_ended(center: Center) -> None:
    answer = await center.http.post(PROJECTS, json={"name": "Edge", "description": "Edge routers"})
    assert await center.get(PROJECTS, name="Edge") == []
    center.clock.advance(1)
    task = await center.response(f"{V1}/task/{answer.json()['response']['taskId']}")
    (project,) = await center.get(PROJECTS, name="Edge")
    assert (project["id"], project["description"]) == (task["data"], "Edge routers")


async def test_a_name_that_is_taken_is_for_the_task_to_refuse(center: Center) -> None:
    task = await ended(center, "POST", PROJECTS, {"name": "WAN"})
    assert task["isError"] is True
    assert "already exists" in task["failureReason"]
    await made(center, "vlan 7\n")
    project = center.world.template_named("Access VLAN").project_id
    again = {"name": "Edge", "language": "JINJA"} | PLATFORM
    assert (await ended(center, "POST", f"{PROJECTS}/{project}/template", again))["errorCode"] == "NCTP10030"


async def test_a_new_template_asks_for_the_variables_in_it(center: Center) -> None:
    declared = {"parameterName": "vlan", "dataType": "INTEGER", "range": [{"minValue": 2, "maxValue": 99}]}
    found = await made(center, "vlan {{ vlan }}\n name {{ name }}\n", templateParams=[declared])
    params = [(param["parameterName"], param["dataType"], param["required"]) for param in found["templateParams"]]
    assert params == [("vlan", "INTEGER", True), ("name", "STRING", True)]
    assert "version" not in found
    other = await made(center, "#set($a = 1)\nvlan $vlan\n name ${name} $a\n", language="VELOCITY", name="Old")
    assert [param["parameterName"] for param in other["templateParams"]] == ["vlan", "name"]


async def test_mistakes_in_the_text_are_kept_with_it(center: Center) -> None:
    found = await made(center, "vlan {{ vlan \nlogging host 10.0.0.1\n")
    assert [error["type"] for error in found["validationErrors"]["templateErrors"]] == [
        "SYNTAX_ERROR",
        "POTENTIAL_CONFLICT",
    ]


async def test_an_update_writes_over_the_whole_working_copy_and_no_version(center: Center) -> None:
    template = center.world.template_named("Access VLAN")
    body = {"id": template.id, "name": template.name, "language": "JINJA", "templateContent": "vlan 9\n"} | PLATFORM
    await ended(center, "PUT", TEMPLATES, body)
    found = await center.get(f"{TEMPLATES}/{template.id}")
    assert (found["templateContent"], found["templateParams"], found["description"]) == ("vlan 9\n", [], "")
    assert (await center.get(f"{TEMPLATES}/{template.versions[-1].id}"))["templateContent"] == template.content


async def test_a_commit_right_behind_an_edit_holds_the_edit(center: Center) -> None:
    template = center.world.template_named("Login Banner")
    body = {"id": template.id, "name": template.name, "language": "JINJA", "templateContent": "hostname late\n"}
    await center.http.put(TEMPLATES, json=body | PLATFORM)
    task = await ended(center, "POST", f"{TEMPLATES}/version", {"templateId": template.id, "comments": "c"})
    assert task["data"].startswith("3, ")
    newest = await center.get(f"{TEMPLATES}/{template.id}", latestVersion="true")
    assert (newest["version"], newest["templateContent"]) == ("3", "hostname late\n")


async def test_what_is_no_template_is_refused_at_once(center: Center) -> None:
    for body in ({"name": "x"} | PLATFORM, {"name": "", "language": "JINJA"} | PLATFORM, {"language": "JINJA"}):
        answer = await center.http.post(f"{PROJECTS}/{next(iter(center.world.projects))}/template", json=body)
        assert answer.status_code == 400
    answer = await center.http.put(TEMPLATES, json={"id": "none", "name": "x", "language": "JINJA"} | PLATFORM)
    assert answer.status_code == 404
