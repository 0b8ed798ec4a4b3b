"""Configuration items and their relations."""

from mcp_common.untrusted import one_line
from mcp_service_now.calls.query import Condition, Query
from mcp_service_now.calls.table import find, read
from mcp_service_now.calls.values import reference_to
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.cmdb import Ci, CiDetail, Relation, RelationRow

ROOT = "cmdb_ci"
RELATIONS = "cmdb_rel_ci"
MOST_RELATIONS = 60
_MOST_NEIGHBOURS = 40


async def detail_of(servicenow: ServiceNowClient, key: str, *, depth: int) -> CiDetail:
    """An item, by name or sys_id, with the attributes of its own class and what it is connected to."""
    found = await reference_to(servicenow, ROOT, key, field="ci")
    ci = await read(servicenow, ROOT, Ci, found.id, missing=f"There is no configuration item {key}.")
    if ci.ci_class and ci.ci_class != ROOT:
        ci = await read(servicenow, ci.ci_class, Ci, found.id)
    relations, complete = await _relations(servicenow, ci.id, depth)
    return CiDetail.model_construct(**dict(ci), relations=relations, more_relations=not complete or None)


async def _relations(servicenow: ServiceNowClient, sys_id: str, depth: int) -> tuple[list[Relation], bool]:
    """Relations up to `depth` steps away, each once, and whether those are all."""
    found: dict[str, Relation] = {}
    seen, frontier, complete = {sys_id}, [sys_id], True
    for _ in range(depth):
        ends = tuple(frontier[:_MOST_NEIGHBOURS])
        complete = complete and len(ends) == len(frontier)
        query = Query().either(Condition("parent", "in", ends), Condition("child", "in", ends)).order_by("sys_id")
        rows = (await find(servicenow, RELATIONS, RelationRow, query, limit=MOST_RELATIONS + 1)).items
        complete = complete and len(rows) <= MOST_RELATIONS
        found |= {row.id: relation for row in rows[:MOST_RELATIONS] if (relation := _relation(row)) is not None}
        near = {end for relation in found.values() for end in (relation.parent, relation.child)}
        frontier = sorted(near - seen)
        seen |= near
        if not frontier:
            break
    return list(found.values()), complete


def _relation(row: RelationRow) -> Relation | None:
    if row.parent is None or row.child is None:
        return None
    return Relation(
        parent=row.parent.id,
        parent_name=row.parent.name,
        type=str(one_line(row.type.name)) if row.type and row.type.name else None,
        child=row.child.id,
        child_name=row.child.name,
    )
