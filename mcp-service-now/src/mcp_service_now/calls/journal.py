"""The notes on a record. Its journal fields only take; what was written is in a table of its own."""

from contextlib import suppress

from mcp_common.errors import UpstreamUnauthorized
from mcp_service_now.calls.query import Query
from mcp_service_now.calls.table import change, find, read, read_fields
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.tasks import Journal, JournalEntry, NoteAdded

KINDS = ("work_notes", "comments")


async def journal_of(servicenow: ServiceNowClient, sys_id: str, *, most: int) -> Journal:
    """The newest notes and comments of a task.

    Many instances let only few accounts list the entries; the task itself then shows them, as one text.
    """
    try:
        found = await _entries(servicenow, sys_id, most + 1)
    except UpstreamUnauthorized:
        found = []
    if found or not most:
        return Journal(entries=found[:most], more=len(found) > most)
    return await read(servicenow, "task", Journal, sys_id)


async def _entries(servicenow: ServiceNowClient, sys_id: str, most: int) -> list[JournalEntry]:
    query = (
        Query()
        .where("element_id", "=", sys_id)
        .where("element", "in", KINDS)
        .order_by("sys_created_on", descending=True)
        .order_by("sys_id")
    )
    return (await find(servicenow, "sys_journal_field", JournalEntry, query, limit=most)).items


async def has_note(servicenow: ServiceNowClient, sys_id: str, text: str, *, by: str) -> bool:
    """Whether somebody of this user name left a work note on a task that has the text.

    Where the entries cannot be listed, the task's own text of all its notes counts, whoever wrote them.
    """
    query = (
        Query()
        .where("element_id", "=", sys_id)
        .where("element", "=", "work_notes")
        .where("sys_created_by", "=", by)
        .where("value", "contains", text)
    )
    with suppress(UpstreamUnauthorized):
        if (await find(servicenow, "sys_journal_field", JournalEntry, query, limit=1)).items:
            return True
    notes = await read_fields(servicenow, "task", sys_id, ["comments_and_work_notes"])
    return any(text in part for pair in notes.values() for part in (pair.value, pair.display))


async def add_note(
    servicenow: ServiceNowClient, table: str, sys_id: str, number: str, text: str, *, for_caller: bool
) -> NoteAdded:
    """Append to a journal, once, and look whether it is there."""
    kind = "comments" if for_caller else "work_notes"
    find_out = f"Read {number} and look whether its journal has the note."
    await change(servicenow, table, sys_id, {kind: text}, find_out=find_out)
    journal = await journal_of(servicenow, sys_id, most=3)
    written = " ".join(text.split())
    landed = any(entry.kind == kind and " ".join((entry.text or "").split()) == written for entry in journal.entries)
    if not journal.entries:
        landed = written in " ".join((journal.text or "").split())
    return NoteAdded(number=number, kind=kind, landed=landed, text=text)
