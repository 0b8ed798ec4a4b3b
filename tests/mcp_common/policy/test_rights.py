"""Who may do what, written out: group, resource, action. Both engines must give exactly this."""

import pytest

from mcp_common.opa import AuthorizationRequest
from tests.mcp_common.policy.conftest import BothEngines, asking

RIGHTS = {
    #                     catal. snow  change  approval  github  pull    review  radkit  flows   w.appr.  proxy
    "admin":             "rwx    rwx   rwx     rwx       rwx     rwx     rwx     rwx     rwx     rwx      rwx",
    "network-engineers": "rwx    r--   rw-     ---       ---     ---     ---     r-x     r-x     ---      rwx",
    "network-viewers":   "r--    ---   ---     ---       ---     ---     ---     r--     ---     ---      rwx",
    "service-desk":      "r--    rwx   rwx     ---       ---     ---     ---     ---     ---     ---      rwx",
    "developers":        "---    ---   ---     ---       rwx     rwx     rwx     ---     ---     ---      rwx",
    "change-managers":   "r--    rw-   rw-     rwx       ---     r-x     --x     ---     r--     r-x      rwx",
    "everybody-else":    "---    ---   ---     ---       ---     ---     ---     ---     ---     ---      ---",
}  # fmt: skip
SCOPES = [
    "catalyst-center",
    "servicenow",
    "servicenow/change",
    "servicenow/approval",
    "github",
    "github/pull-request",
    "github/review",
    "radkit",
    "workflows",
    "workflows/approval",
    "rest-api-proxy",
]
ACTIONS = {"r": "read", "w": "write", "x": "execute"}


def expected(group: str) -> dict[str, bool]:
    columns = RIGHTS[group].split()
    return {
        f"{scope}:{action}": letter in column
        for scope, column in zip(SCOPES, columns, strict=True)
        for letter, action in ACTIONS.items()
    }


@pytest.mark.parametrize("group", RIGHTS)
async def test_a_group_may_do_exactly_what_the_table_says(both: BothEngines, group: str) -> None:
    permissions = expected(group)
    requests = [asking(group, permission) for permission in permissions]
    over_http = await both.opa.decide_many(requests)
    in_process = await both.embedded.decide_many(requests)
    assert dict(zip(permissions, [one.allow for one in over_http], strict=True)) == permissions
    assert dict(zip(permissions, [one.allow for one in in_process], strict=True)) == permissions
    assert [one.reason for one in over_http] == [one.reason for one in in_process]


@pytest.mark.parametrize("group", RIGHTS)
async def test_the_reference_designs_question_gets_a_bare_boolean(both: BothEngines, group: str) -> None:
    for permission, right in expected(group).items():
        request = asking(group, permission)
        question = {
            "groups": [group],
            "resource": request.resource,
            "action": request.action,
            "context": request.context,
        }
        assert await both.raw(question, "allow") == [right, right]


async def test_rights_of_several_groups_add_up(both: BothEngines) -> None:
    for engine in (both.opa, both.embedded):
        granted = await engine.decide(
            AuthorizationRequest(("staff", "service-desk", "developers"), "github", "write", {})
        )
        assert (granted.allow, granted.reason) == (True, "Granted to developers.")


async def test_a_finer_object_is_reached_by_the_grant_on_its_resource(both: BothEngines) -> None:
    for engine in (both.opa, both.embedded):
        assert (await engine.decide(asking("network-engineers", "catalyst-center/template:write"))).allow
        assert not (await engine.decide(asking("service-desk", "catalyst-center/template:write"))).allow


async def test_who_may_start_a_workflow_cannot_approve_it(both: BothEngines) -> None:
    for engine in (both.opa, both.embedded):
        assert (await engine.decide(asking("network-engineers", "workflows:execute"))).allow
        refused = await engine.decide(asking("network-engineers", "workflows/approval:execute"))
        assert refused.reason == ("None of your groups grants workflows/approval:execute. Granted to: change-managers.")
