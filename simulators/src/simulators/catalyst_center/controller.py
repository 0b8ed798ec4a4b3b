"""One controller: what it knows and what is going on in it."""

import random
import uuid
from collections import deque

from starlette.requests import Request

from simulators.catalyst_center.archive_store import ArchiveStore
from simulators.catalyst_center.behaviour import Behaviour
from simulators.catalyst_center.collection import Collection
from simulators.catalyst_center.command_runs import CommandRun
from simulators.catalyst_center.compliance_state import ComplianceState
from simulators.catalyst_center.deployment_store import DeploymentStore
from simulators.catalyst_center.event_store import EventStore
from simulators.catalyst_center.file_store import StoredFile
from simulators.catalyst_center.issue_store import IssueStore
from simulators.catalyst_center.path_traces import Trace
from simulators.catalyst_center.task_store import TaskStore
from simulators.catalyst_center.template_store import TemplateStore
from simulators.catalyst_center.tokens import Tokens
from simulators.clock import Clock
from simulators.happenings import Happenings
from simulators.request_log import RequestLog
from simulators.world import World


class Controller:
    """The state behind the routes of one application."""

    def __init__(self, world: World, behaviour: Behaviour, clock: Clock, happenings: Happenings) -> None:
        self.world = world
        self.happenings = happenings
        self.behaviour = behaviour
        self.clock = clock
        self.rng = random.Random(world.seed)
        self.tokens = Tokens(behaviour.accounts, behaviour.token_lifetime, clock)
        self.templates = TemplateStore(world, self.rng, lambda: happenings.uploads(clock()))
        self.tasks = TaskStore(clock, self.new_id, behaviour.task_seconds)
        self.deployments = DeploymentStore(behaviour, clock, self.new_id, happenings)
        self.issues = IssueStore(world, clock, behaviour.issue_seconds)
        self.collection = Collection(clock, behaviour.collection_seconds)
        self.compliance = ComplianceState(world, clock, self.deployments)
        self.command_runs: list[CommandRun] = []
        self.files: dict[str, StoredFile] = {}
        self.archive = ArchiveStore(world, self.deployments, clock)
        self.events = EventStore(world, clock)
        self.traces: dict[str, Trace] = {}
        self.requests: RequestLog = deque(maxlen=10_000)

    def new_id(self) -> str:
        """A UUID that starts with the time, as the controller's own do."""
        millis = int(self.clock() * 1000)
        number = (
            (millis & (1 << 48) - 1) << 80
            | 7 << 76
            | self.rng.getrandbits(12) << 64
            | 2 << 62
            | self.rng.getrandbits(62)
        )
        return str(uuid.UUID(int=number))


def controller_of(request: Request) -> Controller:
    """The controller a request is for."""
    controller: Controller = request.app.state.controller
    return controller


def account_of(request: Request) -> str:
    """Who asks; the gateway has proven it."""
    account: str = request.state.account
    return account
