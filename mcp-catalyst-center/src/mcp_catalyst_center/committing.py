"""Commit a draft: what it changes is worked out before, and what became a version is read back after."""

from collections.abc import Sequence

from mcp_catalyst_center.authoring import WAIT, change_between, must_be, versions_of
from mcp_catalyst_center.calls.authoring import start_commit
from mcp_catalyst_center.calls.following import follow_task
from mcp_catalyst_center.calls.tasks import Task
from mcp_catalyst_center.calls.templates import TemplateAnswer, read_template
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.authoring import Commit, mistakes_in
from mcp_catalyst_center.models.templates import TemplateVersion
from mcp_common.errors import Conflict, InvalidArguments

_LOOK = "Call list_template_versions: a new version with your comment means that it was committed."
_REFUSED = "Catalyst Center refused to commit it; the message says why."
_GOES_ON = f"Catalyst Center has not finished. {_LOOK}"
_DIFFERS = (
    "Somebody edited the draft while it was committed: the version does not hold the text that was looked at. "
    "`change` shows what it does hold. Have it checked before anybody deploys this template."
)


async def commit(catalyst: CatalystClient, template_id: str, comment: str, *, expected_hash: str | None) -> Commit:
    """Make the draft the next version.

    Raises:
        NotFound: no such template.
        Conflict: the draft is not the one that was expected, or holds nothing new: so a repetition does nothing.
        InvalidArguments: the id is that of a version.
        OutcomeUnknown: it was asked for, and nobody knows what became of it.

    """
    draft = await read_template(catalyst, template_id)
    if (draft.root_id or template_id) != template_id:
        raise InvalidArguments("template_id: this is the id of a version. Give the template's.")
    must_be(expected_hash, draft)
    before = await versions_of(catalyst, draft)
    last = await read_template(catalyst, before[0].id) if before else None
    if last is not None and (last.text, last.params) == (draft.text, draft.params):
        raise Conflict(f"Nothing to commit: the draft is what version {last.version} holds. Nothing was changed.")
    task_id = await start_commit(catalyst, template_id, comment, find_out=_LOOK)
    task = await follow_task(catalyst, task_id, wait=WAIT, find_out=_LOOK)
    if task.failed:
        return Commit(
            status="refused",
            id=template_id,
            name=draft.name,
            task_id=task_id,
            message=task.text or None,
            next_step=_REFUSED,
        )
    made = _made(before, await versions_of(catalyst, draft), task)
    if made is None:
        return Commit(status="in_progress", id=template_id, name=draft.name, task_id=task_id, next_step=_GOES_ON)
    return await _read_back(catalyst, made, draft=draft, last=last, task_id=task_id)


def _made(before: Sequence[TemplateVersion], now: Sequence[TemplateVersion], task: Task) -> TemplateVersion | None:
    """The version the task names, or the newest one that was not there before."""
    known = {version.id for version in before}
    new = [version for version in now if version.id not in known]
    number = str(task.data or "").partition(",")[0].strip()
    return next((version for version in new if version.version == number), new[0] if new else None)


async def _read_back(
    catalyst: CatalystClient,
    made: TemplateVersion,
    *,
    draft: TemplateAnswer,
    last: TemplateAnswer | None,
    task_id: str,
) -> Commit:
    held = await read_template(catalyst, made.id)
    intact = held.text == draft.text
    return Commit(
        status="done" if intact else "differs",
        id=draft.id,
        name=draft.name,
        version=made.version,
        version_id=made.id,
        comment=made.comment,
        change=await change_between(last.version if last else None, (last.text if last else "") or "", held.text or ""),
        mistakes=mistakes_in(held.errors) or None,
        task_id=task_id,
        next_step=None if intact else _DIFFERS,
    )
