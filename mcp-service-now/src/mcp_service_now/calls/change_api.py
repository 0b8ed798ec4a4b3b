"""The Change Management API: what the Table API cannot do to a change."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mcp_service_now.calls.shapes import One
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.shared import Answered, Code, Key, Label, Moment, Pair, Referred

CHANGES = "/api/sn_chg_rest/v1/change"

Seen = TypeVar("Seen")

_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 0.5, 1.6, 5.0
_DONE = frozenset({"3", "4"})


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) else value


class _Named(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: Label = None


class ConditionAnswer(BaseModel):
    """A condition of a transition and whether it holds."""

    passed: bool = False
    condition: _Named = _Named()


class TransitionAnswer(BaseModel):
    """One way to another state."""

    to_state: str
    available: bool = Field(default=False, validation_alias="transition_available")
    automatic: bool = Field(default=False, validation_alias="automatic_transition")
    conditions: list[ConditionAnswer] = []


class NextStatesAnswer(BaseModel):
    """Where a change can go: for each target the ways there are."""

    transitions: list[list[TransitionAnswer]] = Field(default=[], validation_alias="state_transitions")
    labels: dict[str, str] = Field(default={}, validation_alias="state_label")


class Made(Answered):
    """A record that was just made, and what of the order ServiceNow did not know."""

    id: Key = Field(validation_alias="sys_id")
    number: Code = None
    meta: dict[str, Any] | None = Field(default=None, validation_alias="__meta")

    @property
    def ignored(self) -> list[str]:
        """Names of fields that were sent and left out."""
        names = (self.meta or {}).get("ignoredFields")
        return [str(name)[:80] for name in names] if isinstance(names, list) else []


class ConflictAnswer(BaseModel):
    """One conflict."""

    model_config = ConfigDict(extra="ignore")

    type: Pair | None = None
    ci: Referred = Field(default=None, validation_alias="configuration_item")
    change: Referred = Field(default=None, validation_alias="conflicting_change")
    schedule: Referred = None


class ConflictsAnswer(BaseModel):
    """How the last conflict check went. `job_status`: 0 pending, 1 running, 2 done, 3 failed, 4 canceled."""

    status: str = ""
    last_run: Moment = None
    job_status: Annotated[str, BeforeValidator(_text)] = ""
    conflicts: list[ConflictAnswer] = []

    @property
    def running(self) -> bool:
        """True while there will be another answer."""
        return self.job_status in {"0", "1"}


class _WorkerState(BaseModel):
    value: Annotated[str, BeforeValidator(_text)] = ""


class _WorkerId(BaseModel):
    id: str = Field(validation_alias="sysId", pattern=r"^[0-9a-f]{32}$")


class Span(BaseModel):
    """A free time."""

    start: Moment = None
    end: Moment = None


class _Payload(BaseModel):
    spans: list[Span] = []


class Worker(BaseModel):
    """Work that ServiceNow does later. State 1 waits, 2 runs, 3 is complete, 4 failed."""

    worker: _WorkerId
    state: _WorkerState = _WorkerState()
    payload: _Payload | None = None

    @property
    def finished(self) -> bool:
        """True when nothing more will come of it."""
        return self.state.value in _DONE

    @property
    def failed(self) -> bool:
        """True when it ended badly."""
        return self.state.value == "4"


async def next_states(servicenow: ServiceNowClient, change_id: str) -> NextStatesAnswer:
    """Where the change can go, by its own model."""
    return (await servicenow.get(One[NextStatesAnswer], CHANGES, change_id, "nextstates")).result


async def make(
    servicenow: ServiceNowClient,
    kind: Literal["normal", "emergency", "standard"],
    values: Mapping[str, str],
    *,
    template: str | None = None,
    find_out: str,
) -> Made:
    """Make a change, once; a standard one from its template."""
    path = (kind,) if template is None else (kind, template)
    return (await servicenow.send(One[Made], "POST", CHANGES, *path, body=dict(values), find_out=find_out)).result


async def patch(
    servicenow: ServiceNowClient, change_id: str, *more: str, values: Mapping[str, str], find_out: str
) -> None:
    """Send values to a change or to something of it, once."""
    await servicenow.send(One[dict[str, Any]], "PATCH", CHANGES, change_id, *more, body=dict(values), find_out=find_out)


async def check_conflicts(servicenow: ServiceNowClient, change_id: str, *, wait: float) -> ConflictsAnswer:
    """Start conflict detection and wait for its outcome; who waits too short sees it running.

    It may be started again at any time: it changes nothing but its own findings.
    """
    await servicenow.send(One[Any], "POST", CHANGES, change_id, "conflict", safe=True)

    async def look() -> ConflictsAnswer:
        return (await servicenow.get(One[ConflictsAnswer], CHANGES, change_id, "conflict")).result

    return await _watched(servicenow, await look(), look, lambda found: not found.running, wait=wait)


async def free_times(servicenow: ServiceNowClient, change_id: str, *, wait: float) -> Worker:
    """Look for times at which nothing stands against the change."""
    begun = (await servicenow.get(One[Worker], CHANGES, change_id, "schedule")).result
    return await _worked(servicenow, begun, wait=wait)


async def add_cis(
    servicenow: ServiceNowClient, change_id: str, cis: list[str], *, wait: float, find_out: str
) -> Worker:
    """Make configuration items affected ones of the change; one that is already is left alone."""
    body = {"cmdb_ci_sys_ids": cis, "association_type": "affected", "refresh_impacted_services": True}
    begun = await servicenow.send(One[Worker], "POST", CHANGES, change_id, "ci", body=body, find_out=find_out)
    return await _worked(servicenow, begun.result, wait=wait)


async def _worked(servicenow: ServiceNowClient, worker: Worker, *, wait: float) -> Worker:
    async def look() -> Worker:
        return (await servicenow.get(One[Worker], CHANGES, "worker", worker.worker.id)).result

    return await _watched(servicenow, worker, look, lambda found: found.finished, wait=wait)


async def _watched(
    servicenow: ServiceNowClient,
    seen: Seen,
    look: Callable[[], Awaitable[Seen]],
    finished: Callable[[Seen], bool],
    *,
    wait: float,
) -> Seen:
    """Look again, less and less often, until it is finished or the time is up."""
    began, pause = servicenow.clock.now(), _FIRST_PAUSE
    while not finished(seen) and servicenow.clock.now() - began < wait:
        await servicenow.clock.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        seen = await look()
    return seen
