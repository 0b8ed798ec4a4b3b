"""Changes of the ServiceNow simulator, as short as tests like them."""

from typing import Any

import httpx2

from tests.simulators.snow import FLAGSHIP, Snow

CHANGE = "/api/sn_chg_rest/v1/change"
READY = {"close_code": "successful", "close_notes": "Done."}


class Changes:
    """What the caller does with changes; `snow.become` says who that is."""

    def __init__(self, snow: Snow) -> None:
        self.snow = snow
        self.operations = snow.ids.group("Network Operations")
        self.flagship = snow.ids.item(FLAGSHIP)

    async def create(self, kind: str = "normal", **fields: Any) -> str:
        """The sys_id of a new change of Network Operations."""
        given = {"short_description": "Test", "assignment_group": self.operations} | fields
        answer = await self.snow.http.post(f"{CHANGE}/{kind}", json=given)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["result"]["sys_id"]["value"])

    async def get(self, key: str) -> dict[str, Any]:
        """The actual values of a change."""
        found = await self.snow.get(f"{CHANGE}/{key}")
        return {name: pair["value"] for name, pair in found.items()}

    async def patch(self, key: str, **fields: Any) -> httpx2.Response:
        return await self.snow.http.patch(f"{CHANGE}/{key}", json=fields)

    async def move(self, key: str, *states: str) -> dict[str, Any]:
        """The change after it has taken these moves."""
        for state in states:
            answer = await self.patch(key, state=state)
            assert answer.status_code == 200, answer.text
        return await self.get(key)

    async def answer(self, account: str, key: str, state: str = "approved", **more: str) -> httpx2.Response:
        """Somebody approves or rejects."""
        self.snow.become(account)
        return await self.snow.http.patch(f"{CHANGE}/{key}/approvals", json={"state": state} | more)

    async def approved(self, key: str, *accounts: str) -> dict[str, Any]:
        """The change after these have approved, one after the other."""
        for account in accounts:
            answer = await self.answer(account, key)
            assert answer.status_code == 200, answer.text
        return await self.get(key)

    def rows(self, key: str) -> list[tuple[str, str]]:
        """Who was asked, and the state of each answer, oldest first."""
        tables = self.snow.instance.tables
        rows = [row for row in tables["sysapproval_approver"].records() if row["sysapproval"] == key]
        return [(tables["sys_user"][row["approver"]]["user_name"], row["state"]) for row in rows]

    def row_of(self, key: str, account: str) -> str:
        """The sys_id of somebody's newest approval row."""
        rows = self.snow.instance.tables["sysapproval_approver"].records()
        wanted = (key, self.snow.ids.person(account))
        return [row["sys_id"] for row in rows if (row["sysapproval"], row["approver"]) == wanted][-1]

    def tasks(self, key: str) -> list[dict[str, str]]:
        """Its tasks."""
        return [row for row in self.snow.instance.tables["change_task"].records() if row["change_request"] == key]
