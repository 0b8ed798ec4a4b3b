"""The Service Catalog API: what can be ordered, and ordering it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.servicenow.answers import Refused, bad_request, json_object, result, whole_number
from simulators.servicenow.gateway import guarded
from simulators.servicenow.instance import Instance, instance_of
from simulators.servicenow.ordering import order
from simulators.servicenow.searching import search
from simulators.servicenow.store import Record
from simulators.servicenow.variables import questions

ITEM = "sc_cat_item"
BASES = ("/api/sn_sc/servicecatalog", "/api/sn_sc/v1/servicecatalog")
MOST = 10_000
_TEXT = (("name", 3.0), ("short_description", 2.0), ("description", 1.0))
_NOTHING: dict[str, object] = {
    "ui_policy": [],
    "client_script": {"onChange": [], "onSubmit": [], "onLoad": []},
    "data_lookup": [],
}


def _summary(instance: Instance, item: Record) -> dict[str, object]:
    catalogs = [instance.tables["sc_catalog"][key] for key in item["sc_catalogs"].split(",") if key]
    category = instance.tables["sc_category"].get(item["category"])
    price = f"${float(item['price'] or 0):,.2f}"
    return {
        "sys_id": item["sys_id"],
        "name": item["name"],
        "short_description": item["short_description"],
        "description": item["description"],
        "kb_article": "",
        "icon": "",
        "picture": "",
        "url": "",
        "content_type": "",
        "type": "catalog_item",
        "sys_class_name": item["sys_class_name"],
        "order": int(item["order"] or 0),
        "show_price": price != "$0.00",
        "show_quantity": True,
        "price": price,
        "localized_price": price,
        "price_currency": "USD",
        "local_currency": "USD",
        "recurring_price": "$0.00",
        "localized_recurring_price": "$0.00",
        "recurring_price_currency": "USD",
        "recurring_frequency": None,
        "catalogs": [{"sys_id": each["sys_id"], "title": each["title"]} for each in catalogs],
        "category": {"sys_id": category["sys_id"], "title": category["title"]} if category else {},
    }


def _orderable(request: Request) -> Record:
    item = instance_of(request).tables[ITEM].get(request.path_params["id"])
    if item is None or item["active"] != "true":
        raise Refused(404, "Security constraints prevent access to the item, or it does not exist", None)
    return item


async def catalogs(request: Request) -> Response:
    """The catalogs."""
    found = instance_of(request).tables["sc_catalog"].records()
    return result([{"sys_id": each["sys_id"], "title": each["title"], "has_items": True} for each in found])


async def items(request: Request) -> Response:
    """Active items, without what they ask."""
    instance, query = instance_of(request), request.query_params
    found = [each for each in instance.tables[ITEM].records() if each["active"] == "true"]
    if key := query.get("sysparm_category", ""):
        found = [each for each in found if each["category"] == key]
    if key := query.get("sysparm_catalog", ""):
        found = [each for each in found if key in each["sc_catalogs"].split(",")]
    if text := query.get("sysparm_text", ""):
        found = [each for each, _ in search(found, text, _TEXT)]
    start, size = whole_number(request, "sysparm_offset", 0), whole_number(request, "sysparm_limit", 10_000)
    return result([_summary(instance, each) for each in found[start : start + size]])


async def item(request: Request) -> Response:
    """One item with the variables it asks for."""
    instance, found = instance_of(request), _orderable(request)
    category = instance.tables["sc_category"].get(found["category"])
    categories = [{"sys_id": category["sys_id"], "title": category["title"], "active": True}] if category else []
    variables = questions(instance, found["sys_id"])
    return result(_summary(instance, found) | {"categories": categories, "variables": variables} | _NOTHING)


async def order_now(request: Request) -> Response:
    """A request with one requested item. Raises: Refused 400, no quantity or a mandatory variable without a value."""
    instance, found, body = instance_of(request), _orderable(request), await json_object(request)
    quantity = str(body.get("sysparm_quantity", ""))
    if not quantity.isdecimal() or not 1 <= int(quantity[:9]) <= MOST:
        raise bad_request("Invalid Quantity value")
    given = body.get("variables") or {}
    if not isinstance(given, dict):
        raise bad_request("Invalid variables", "variables is an object")
    recipient = str(body.get("sysparm_requested_for") or "")
    made = order(instance, found, int(quantity), given, recipient, instance.user_of(request))
    return result(
        {
            "sys_id": made["sys_id"],
            "number": made["number"],
            "request_number": made["number"],
            "request_id": made["sys_id"],
            "table": "sc_request",
        }
    )


def _routes(base: str) -> list[Route]:
    return [
        guarded(f"{base}/catalogs", catalogs),
        guarded(f"{base}/items", items),
        guarded(f"{base}/items/{{id}}", item),
        guarded(f"{base}/items/{{id}}/order_now", order_now, "POST"),
    ]


routes = [route for base in BASES for route in _routes(base)]
