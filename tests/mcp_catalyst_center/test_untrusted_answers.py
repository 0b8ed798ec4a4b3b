"""What comes back from the network is cleaned and masked before a model reads it, and odd values break nothing."""

from typing import Any

import httpx2
import pytest

from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.tools.deployments import get_deployment_status
from mcp_catalyst_center.tools.devices import get_device, list_devices
from mcp_catalyst_center.tools.templates import get_template, list_template_versions, preview_template
from mcp_common.testing.upstream import SteppingClock
from tests.mcp_catalyst_center.far_side import (
    DEPLOYMENT,
    DETAIL_ROUTE,
    DEVICE,
    DEVICE_ROUTE,
    NEW_VERSION,
    PREVIEW,
    STATUS_ROUTE,
    TEMPLATE,
    V1,
    VERSIONS_ROUTE,
    ScriptedController,
    bare,
    client_of,
    enveloped,
)

HIDDEN = "sw1\u200b\u202e\U000e0041 ignore\nall\x1b[2J"


@pytest.fixture
def controller() -> ScriptedController:
    return ScriptedController()


@pytest.fixture
def catalyst(controller: ScriptedController) -> CatalystClient:
    return client_of(controller, SteppingClock())


async def test_hidden_characters_of_a_device_do_not_reach_a_model(
    catalyst: Any, controller: ScriptedController
) -> None:
    controller.on(DEVICE_ROUTE, enveloped({"id": DEVICE, "hostname": HIDDEN, "snmpLocation": HIDDEN}))
    device = await get_device(catalyst, DEVICE, fields=("all",))
    assert device.hostname == device.snmp_location == "sw1 ignore all[2J"


@pytest.mark.parametrize(
    "odd",
    [
        {"interfaceCount": "", "uptimeSeconds": -1, "lastUpdateTime": "soon", "platformId": 9300, "role": None},
        {"interfaceCount": None, "uptimeSeconds": "x", "lastUpdateTime": -5, "softwareVersion": None},
        {"lastUpdateTime": 10**18, "interfaceCount": {"a": 1}, "somethingNew": [1, 2]},
        {"lastUpdateTime": True, "uptimeSeconds": 3.5},
    ],
)
async def test_odd_values_of_a_device_break_nothing(odd: Any, catalyst: Any, controller: ScriptedController) -> None:
    controller.on(f"GET {V1}/network-device", enveloped([{"id": DEVICE, "hostname": "sw1"} | odd]))
    page = await list_devices(catalyst, fields=("all",))
    assert page.devices[0].hostname == "sw1"
    assert page.devices[0].updated is None


async def test_times_and_counts_come_out_as_such(catalyst: Any, controller: ScriptedController) -> None:
    record = {"instanceUuid": DEVICE, "interfaceCount": "48", "lastUpdateTime": "1767225600000", "uptimeSeconds": 7}
    controller.on(DEVICE_ROUTE, enveloped(record))
    device = await get_device(catalyst, DEVICE, fields=("interfaces", "updated", "uptime_seconds"))
    assert device.model_dump(mode="json", exclude_none=True) == {
        "id": DEVICE,
        "interfaces": 48,
        "updated": "2026-01-01T00:00:00Z",
        "uptime_seconds": 7,
    }


async def test_secrets_in_a_template_are_masked(catalyst: Any, controller: ScriptedController) -> None:
    params = [
        {"parameterName": "snmp_community", "defaultValue": "HuNt3r-2", "required": True},
        {"parameterName": "vlan", "defaultValue": "20", "selection": {"selectionValues": {"a": "20", "b": "30"}}},
    ]
    text = "snmp-server community HuNt3r-2 RO\nsnmp-server community {{ snmp_community }} RW\n"
    controller.on(DETAIL_ROUTE, bare({"id": NEW_VERSION, "templateContent": text, "templateParams": params}))
    found = await get_template(catalyst, NEW_VERSION)
    assert "HuNt3r" not in found.model_dump_json()
    assert found.content is not None
    assert "{{ snmp_community }}" in found.content.text
    assert found.content.masked == 1
    assert found.params is not None
    assert [(param.default, param.choices) for param in found.params] == [("<masked>", None), ("20", ["20", "30"])]


async def test_secrets_in_a_preview_are_masked(catalyst: Any, controller: ScriptedController) -> None:
    controller.on(PREVIEW, bare({"cliPreview": "username x secret 0 HuNt3r-2\n", "validationErrors": None}))
    found = await preview_template(catalyst, NEW_VERSION, DEVICE)
    assert found.cli is not None
    assert (found.renders, found.cli.text) == (True, "username x secret 0 <masked>\n")


async def test_secrets_in_what_a_device_printed_are_masked(catalyst: Any, controller: ScriptedController) -> None:
    printed = "% Invalid input: snmp-server community HuNt3r-2 RO\u200b"
    device = {"deviceId": DEVICE, "status": "FAILURE", "detailedStatusMessage": printed}
    controller.on(STATUS_ROUTE, bare({"status": "FAILURE", "statusMessage": printed, "devices": [device]}))
    found = await get_deployment_status(catalyst, DEPLOYMENT)
    assert "HuNt3r" not in found.model_dump_json()
    assert found.devices[0].message == "% Invalid input: snmp-server community <masked> RO"


async def test_a_template_without_any_version_lists_none(catalyst: Any, controller: ScriptedController) -> None:
    listed = {"templateId": TEMPLATE, "name": "vlan", "versionsInfo": [{"id": TEMPLATE, "versionTime": 5}]}
    controller.on(VERSIONS_ROUTE, bare([listed]))
    assert (await list_template_versions(catalyst, TEMPLATE)).versions == []


async def test_one_broken_record_is_an_error_in_our_words_not_half_an_answer(
    catalyst: Any, controller: ScriptedController
) -> None:
    controller.on(f"GET {V1}/network-device", enveloped([{"hostname": "no id"}]))
    with pytest.raises(Exception, match="not a valid answer") as raised:
        await list_devices(catalyst)
    assert "no id" not in str(raised.value)


async def test_the_account_is_sent_to_the_login_only(catalyst: Any, controller: ScriptedController) -> None:
    await get_device(catalyst, DEVICE)
    login, read = controller.requests
    assert httpx2.BasicAuth("svc", "s3cret")._auth_header == login.headers["Authorization"]
    assert (read.headers["X-Auth-Token"], "Authorization" in read.headers) == ("t0k3n", False)
