"""The notes on a record. Its journal fields only take; what was written is in a table of its own."""

from mcp_service_now.calls.query import Query
from mcp_service_now.calls.table import change, find
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.tasks import Journal, JournalEntry, NoteAdded

KINDS = ("work_notes", "comments")


async def journal_of(servicenow: ServiceNowClient, sys_id: str, *, most: int) -> Journal:
    """The newest notes and comments of a record."""
    query = (
        Query()
        .where("element_id", "=", sys_id)
        .where("element", "in", KINDS)
        .order_by("sys_created_on", descending=True)
        .order_by("sys_id")
    )
    found = (await find(servicenow, "sys_journal_field", JournalEntry, query, limit=most + 1)).items
    return Journal(entries=found[:most], more=len(found) > most)


async def add_note(
    servicenow: ServiceNowClient, table: str, sys_id: str, number: str, text: str, *, for_caller: bool
) -> NoteAdded:
    """Append to a journal, once, and look whether it is there."""
    kind = "comments" if for_caller else "work_notes"
    find_out = f"Read {number} and look whether its journal has the note."
    await change(servicenow, table, sys_id, {kind: text}, find_out=find_out)
    newest = (await journal_of(servicenow, sys_id, most=3)).entries
    written = " ".join(text.split())
    landed = any(entry.kind == kind and " ".join((entry.text or "").split()) == written for entry in newest)
    return NoteAdded(number=number, kind=kind, landed=landed if newest else None, text=text)
