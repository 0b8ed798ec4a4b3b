from typing import Any

import pytest

from tests.simulators.center import TEMPLATES, V1, V2, VLAN, Center

PREVIEW = f"{TEMPLATES}/preview"


async def preview(center: Center, template: str, params: dict[str, Any], *, version: int = -1) -> dict[str, Any]:
    device = center.world.device_named("zrh01-f01-acc-01")
    body = {
        "templateId": center.world.template_named(template).versions[version].id,
        "deviceId": device.id,
        "params": params,
    }
    answer = await center.http.put(PREVIEW, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_first_listing_is_a_bare_array_of_what_is_committed(center: Center) -> None:
    listed = await center.get(TEMPLATES)
    assert isinstance(listed, list)
    assert {t["name"] for t in listed} == {t.name for t in center.world.templates.values() if t.versions}
    assert set(listed[0]) == {"name", "projectName", "projectId", "templateId", "versionsInfo", "composite"}


async def test_working_copies_show_when_asked_for_as_versions_without_a_number(center: Center) -> None:
    listed = {t["name"]: t for t in await center.get(TEMPLATES, unCommitted="true")}
    (guest,) = listed["Guest WLAN"]["versionsInfo"]
    assert guest["id"] == listed["Guest WLAN"]["templateId"]
    assert "version" not in guest
    banner = listed["Login Banner"]["versionsInfo"]
    assert sorted(info.get("version", "none") for info in banner) == ["1", "2", "none"]


async def test_versions_come_in_no_order(center: Center) -> None:
    key = center.world.template_named("SSH Hardening").id
    orders = set()
    for _ in range(12):
        (listed,) = await center.get(f"{TEMPLATES}/version/{key}")
        orders.add(tuple(info["version"] for info in listed["versionsInfo"]))
    assert len(orders) > 1
    assert {tuple(sorted(order)) for order in orders} == {("1", "2", "3", "4")}


async def test_project_filters_take_several_names(center: Center) -> None:
    listed = await center.get(TEMPLATES, projectNames="WAN,Wireless")
    assert {t["projectName"] for t in listed} == {"WAN"}
    listed = await center.get(TEMPLATES, projectNames=["WAN", "Wireless"], unCommitted="true")
    assert {t["projectName"] for t in listed} == {"WAN", "Wireless"}


async def test_the_second_listing_is_enveloped_paged_and_silent_about_versions_unless_asked(center: Center) -> None:
    path = f"{V2}/template-programmer/template"
    every = await center.response(path)
    assert await center.response(path, offset=2, limit=3) == every[1:4]
    assert "versionsInfo" not in every[0]
    assert "templateContent" not in every[0]
    (one,) = await center.response(path, name="NTP and Time Zone", includeVersionDetails="true")
    assert len(one["versionsInfo"]) == 2
    (whole,) = await center.response(path, name="NTP and Time Zone", allTemplateAttributes="true")
    assert "ntp server" in whole["templateContent"]
    assert (await center.refusal(path, limit=501))[0] == 400


async def test_projects_are_bare_in_the_first_generation_and_enveloped_in_the_second(center: Center) -> None:
    bare = await center.get(f"{V1}/template-programmer/project")
    assert isinstance(bare, list)
    assert await center.response(f"{V2}/template-programmer/project") == bare
    (wan,) = await center.get(f"{V1}/template-programmer/project", name="WAN")
    assert {t["name"] for t in wan["templates"]} == {"BGP Neighbour", "WAN QoS"}
    assert await center.get(f"{V1}/template-programmer/project/{wan['id']}") == wan
    assert (await center.refusal(f"{V1}/template-programmer/project/none"))[0] == 404


async def test_a_template_is_a_bare_object_with_what_it_asks_for(center: Center) -> None:
    found = await center.get(f"{TEMPLATES}/{center.world.template_named('Access VLAN').id}")
    assert "response" not in found
    params = {param["parameterName"]: param for param in found["templateParams"]}
    assert params["vlan_id"]["dataType"] == "INTEGER"
    assert params["vlan_id"]["range"][0]["maxValue"] == 4094
    assert params["voice_vlan"]["required"] is False
    assert "version" not in found


async def test_an_id_of_a_version_gives_that_version(center: Center) -> None:
    template = center.world.template_named("Access VLAN")
    found = await center.get(f"{TEMPLATES}/{template.versions[0].id}")
    assert found["version"] == "1"
    assert found["parentTemplateId"] == template.id
    assert found["templateContent"] == template.versions[0].content


async def test_latest_version_means_committed_and_not_the_working_copy(center: Center) -> None:
    key = center.world.template_named("Login Banner").id
    assert "motd" in (await center.get(f"{TEMPLATES}/{key}"))["templateContent"]
    assert "motd" not in (await center.get(f"{TEMPLATES}/{key}", latestVersion="true"))["templateContent"]


async def test_a_composite_names_its_members(center: Center) -> None:
    found = await center.get(f"{TEMPLATES}/{center.world.template_named('Access Baseline').id}")
    assert found["composite"] is True
    assert [m["name"] for m in found["containingTemplates"]] == ["Login Banner", "NTP and Time Zone", "SSH Hardening"]


@pytest.mark.parametrize("path", [f"{TEMPLATES}/none", f"{TEMPLATES}/version/none"])
async def test_a_template_that_is_not_there_is_404(center: Center, path: str) -> None:
    assert await center.refusal(path) == (404, "No template found with id: none")


async def test_a_preview_renders_and_answers_at_once(center: Center) -> None:
    answer = await preview(center, "Access VLAN", VLAN | {"voice_vlan": 220})
    assert answer["validationErrors"] == []
    assert answer["cliPreview"].splitlines() == [
        "vlan 120",
        " name CAMERAS",
        "interface GigabitEthernet1/0/7",
        " description CAMERAS",
        " switchport mode access",
        " switchport access vlan 120",
        " switchport voice vlan 220",
        " spanning-tree portfast",
    ]


async def test_a_preview_renders_velocity_too(center: Center) -> None:
    params = {"local_as": "65010", "remote_as": "65020", "neighbor": "192.0.2.1", "multihop": "2"}
    assert (await preview(center, "BGP Neighbour", params))["cliPreview"].splitlines() == [
        "router bgp 65010",
        " neighbor 192.0.2.1 remote-as 65020",
        " neighbor 192.0.2.1 description uplink",
        " neighbor 192.0.2.1 ebgp-multihop 2",
    ]


async def test_a_preview_names_every_param_that_is_missing_or_wrong(center: Center) -> None:
    answer = await preview(center, "Access VLAN", {"vlan_id": "4095", "interface": ""})
    assert answer["cliPreview"] == ""
    problems = " / ".join(error["message"] for error in answer["validationErrors"])
    for name in ("'vlan_id' is not in range 2 - 4094", "required param 'vlan_name'", "required param 'interface'"):
        assert name in problems


async def test_every_template_renders_with_plain_values(center: Center) -> None:
    plain = {"STRING": "word", "INTEGER": "5", "IPADDRESS": "192.0.2.9", "MACADDRESS": "00:11:22:33:44:55"}
    for template in center.world.templates.values():
        if template.members or not template.versions:
            continue
        params = {p.name: p.default or (p.choices or (plain[p.data_type],))[0] for p in template.versions[-1].params}
        answer = await preview(center, template.name, params)
        assert answer["validationErrors"] == [], template.name
        assert answer["cliPreview"].strip(), template.name


async def test_a_preview_for_what_is_not_there_is_404(center: Center) -> None:
    version = center.world.template_named("Access VLAN").versions[0].id
    for body in ({"templateId": "none"}, {"templateId": version, "deviceId": "none"}):
        assert (await center.http.put(PREVIEW, json=body)).status_code == 404
    for content in (b"", b"{", b"[]"):
        assert (await center.http.put(PREVIEW, content=content)).status_code == 400


async def test_a_commit_is_a_task_and_the_version_is_there_when_it_has_ended(center: Center) -> None:
    banner = center.world.template_named("Login Banner")
    answer = await center.http.post(f"{TEMPLATES}/version", json={"templateId": banner.id, "comments": "with motd"})
    assert answer.status_code == 202
    assert len((await center.get(f"{TEMPLATES}/version/{banner.id}"))[0]["versionsInfo"]) == 2
    center.clock.advance(center.controller.behaviour.task_seconds)
    (listed,) = await center.get(f"{TEMPLATES}/version/{banner.id}")
    assert {info["version"]: info["versionComment"] for info in listed["versionsInfo"]}["3"] == "with motd"
    task = await center.response(answer.json()["response"]["url"])
    assert task["progress"] == "Successfully committed template Login Banner to version 3"
    again = await center.http.post(f"{TEMPLATES}/version", json={"templateId": banner.id})
    assert again.status_code == 400


async def test_one_application_does_not_change_the_world_of_another(center: Center) -> None:
    assert len(center.world.template_named("Login Banner").versions) == 2
