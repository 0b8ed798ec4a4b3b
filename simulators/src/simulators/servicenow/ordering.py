"""Ordering: a request, its item, and the answers to what the item asked."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulators.servicenow.answers import bad_request
from simulators.servicenow.store import Record, as_text
from simulators.servicenow.users import SYSTEM, User
from simulators.servicenow.variables import asked, missing

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance


def order(
    instance: "Instance", item: Record, quantity: int, answers: Mapping[str, object], requested_for: str, by: User
) -> Record:
    """The request. It is approved at once. Raises: Refused 400, a mandatory variable has no value."""
    given = {name: as_text(value) for name, value in answers.items()}
    if missing(instance, item["sys_id"], given):
        raise bad_request("Mandatory Variables are required")
    recipient = requested_for or by.sys_id
    if recipient not in instance.tables["sys_user"]:
        raise bad_request("Invalid user", f"No user has the sys_id {recipient}")
    price = f"{float(item['price'] or 0) * quantity:.2f}"
    request = instance.insert(
        "sc_request",
        {
            "requested_for": recipient,
            "opened_by": by.sys_id,
            "request_state": "in_process",
            "approval": "approved",
            "stage": "requested",
            "price": price,
        },
        by,
    )
    wanted = instance.insert(
        "sc_req_item",
        {
            "request": request["sys_id"],
            "parent": request["sys_id"],
            "cat_item": item["sys_id"],
            "requested_for": recipient,
            "quantity": str(quantity),
            "price": price,
            "short_description": item["short_description"],
            "assignment_group": item["group"],
            "approval": "approved",
            "stage": "fulfillment",
        },
        by,
    )
    for variable in asked(instance, item["sys_id"]):
        value = given.get(variable["name"], variable["default_value"])
        answer = {"item_option_new": variable["sys_id"], "value": value, "order": variable["order"]}
        option = instance.insert("sc_item_option", answer, SYSTEM)
        link = {"request_item": wanted["sys_id"], "sc_item_option": option["sys_id"]}
        instance.insert("sc_item_option_mtom", link, SYSTEM)
    task = {"request": request["sys_id"], "request_item": wanted["sys_id"], "parent": wanted["sys_id"]}
    task |= {"short_description": item["short_description"], "assignment_group": item["group"]}
    instance.insert("sc_task", task, SYSTEM)
    return request
