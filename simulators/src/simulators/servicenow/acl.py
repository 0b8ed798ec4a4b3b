"""Access control: whose roles let them do what, and what of it is theirs without any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulators.servicenow.schema import SCHEMA, Field
from simulators.servicenow.store import Record
from simulators.servicenow.users import User

if TYPE_CHECKING:
    from simulators.servicenow.instance import Instance

ANYBODY = ("",)
"""Stands for every user who is logged in."""


@dataclass(frozen=True, slots=True)
class Access:
    """Roles, any one of which is enough. `mine` are columns that name the user whose record it is.

    Its owner may read a record without a role, and write the columns `mine_writes`. `shown` are values of columns
    that a record must have to be read by somebody who may not write it.
    """

    read: tuple[str, ...] = ("admin",)
    create: tuple[str, ...] = ("admin",)
    write: tuple[str, ...] = ("admin",)
    delete: tuple[str, ...] = ("admin",)
    mine: tuple[str, ...] = ()
    mine_writes: tuple[str, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()


_ITIL = ("itil",)
_DIRECTORY = Access(ANYBODY, ("user_admin",), ("user_admin",), ("user_admin",))
_DICTIONARY = Access(("personalize_dictionary",))
_CHANGE = Access(("sn_change_read",), ("sn_change_write",), ("sn_change_write",), ("change_manager",))
_REQUESTS = Access(("sn_request_read",), ANYBODY, _ITIL, mine=("requested_for", "opened_by"), mine_writes=("comments",))

ACCESS: Mapping[str, Access] = {
    "task": Access(_ITIL, _ITIL, _ITIL, mine=("opened_by", "assigned_to")),
    "incident": Access(
        ("sn_incident_read",),
        ANYBODY,
        ("sn_incident_write",),
        mine=("caller_id", "opened_by", "watch_list"),
        mine_writes=("comments", "state", "incident_state", "close_code", "close_notes"),
    ),
    "problem": Access(("sn_problem_read",), ("sn_problem_write",), ("sn_problem_write",)),
    "change_request": _CHANGE,
    "change_task": _CHANGE,
    "task_ci": Access(("sn_change_read",), _ITIL, _ITIL, _ITIL),
    "chg_model": Access(ANYBODY),
    "std_change_record_producer": Access(ANYBODY),
    "std_change_producer_version": Access(ANYBODY),
    "conflict": Access(("sn_change_read",)),
    "cmn_schedule": Access(ANYBODY),
    "cmn_schedule_span": Access(ANYBODY),
    "sys_template": Access(_ITIL),
    "sysapproval_group": Access(_ITIL),
    "task_cmdb_ci_service": Access(("sn_change_read",), _ITIL, _ITIL, _ITIL),
    "task_service_offering": Access(("sn_change_read",), _ITIL, _ITIL, _ITIL),
    "sysapproval_approver": Access(
        _ITIL, _ITIL, ("change_manager",), mine=("approver",), mine_writes=("state", "comments")
    ),
    "sys_user": _DIRECTORY,
    "sys_user_group": _DIRECTORY,
    "sys_user_grmember": _DIRECTORY,
    "sys_user_role": Access(_ITIL),
    "sys_user_has_role": Access(_ITIL, mine=("user",)),
    "cmn_location": _DIRECTORY,
    "cmn_department": _DIRECTORY,
    "core_company": _DIRECTORY,
    "cmdb": Access(("sn_cmdb_user",), _ITIL, _ITIL, mine=("assigned_to",)),
    "cmdb_rel_ci": Access(("sn_cmdb_user",), _ITIL, _ITIL, _ITIL),
    "cmdb_rel_type": Access(ANYBODY),
    "cmdb_model": Access(ANYBODY),
    "kb_knowledge": Access(
        ANYBODY,
        ("knowledge",),
        ("knowledge",),
        ("knowledge_admin",),
        mine=("author",),
        shown=(("workflow_state", "published"),),
    ),
    "kb_knowledge_base": Access(ANYBODY),
    "kb_category": Access(ANYBODY),
    "sc_catalog": Access(ANYBODY),
    "sc_category": Access(ANYBODY),
    "sc_cat_item": Access(
        ANYBODY, ("catalog_admin",), ("catalog_admin",), ("catalog_admin",), shown=(("active", "true"),)
    ),
    "sc_request": _REQUESTS,
    "sc_req_item": _REQUESTS,
    "sc_task": Access(("sn_request_read",), _ITIL, _ITIL),
    "item_option_new": Access(ANYBODY),
    "question_choice": Access(ANYBODY),
    "sc_item_option": Access(("sn_request_read",)),
    "sc_item_option_mtom": Access(("sn_request_read",)),
    "sys_attachment": Access(ANYBODY, ANYBODY, _ITIL, _ITIL),
    "sys_db_object": _DICTIONARY,
    "sys_dictionary": _DICTIONARY,
    "sys_glide_object": _DICTIONARY,
    "sys_choice": Access(ANYBODY),
    "sys_journal_field": Access(_ITIL),
}
_NOBODY = Access()


def access(table: str) -> Access:
    """What is said of the table, or of the nearest it extends; otherwise it is the admin's alone."""
    return next((ACCESS[each.name] for each in SCHEMA.lineage(table) if each.name in ACCESS), _NOBODY)


def _holds(user: User, roles: tuple[str, ...]) -> bool:
    return roles == ANYBODY or user.holds(*roles)


def _owns(user: User, rules: Access, record: Record) -> bool:
    return any(user.sys_id in record.get(column, "").split(",") for column in rules.mine)


def may_read(instance: "Instance", user: User, table: str, record: Record) -> bool:
    """True when the user may know of the record. An attachment is read by who may read what it hangs on."""
    rules = access(table)
    if table == "sys_attachment":
        return _reads_parent(instance, user, record)
    if _owns(user, rules, record) or _holds(user, rules.write):
        return True
    return _holds(user, rules.read) and all(record[column] == value for column, value in rules.shown)


def may_create(user: User, table: str) -> bool:
    """True when the user may make records of the table."""
    return _holds(user, access(table).create)


def writable(user: User, table: str, record: Record) -> frozenset[str] | None:
    """The columns the user may write; None for all, an empty set for a record that is not theirs to write."""
    rules = access(table)
    if _holds(user, rules.write):
        return None
    return frozenset(rules.mine_writes) if _owns(user, rules, record) else frozenset()


def may_delete(user: User, table: str) -> bool:
    """True when the user may take records away."""
    return _holds(user, access(table).delete)


def readable(user: User, field: Field) -> bool:
    """True when the user may see the column."""
    return not field.roles or user.holds(*field.roles)


def _reads_parent(instance: "Instance", user: User, record: Record) -> bool:
    parent = instance.tables.get(record["table_name"])
    held = None if parent is None else parent.get(record["table_sys_id"])
    if parent is None or held is None:
        return user.holds("admin")
    return may_read(instance, user, instance.class_of(parent.name, held["sys_id"]), held)
