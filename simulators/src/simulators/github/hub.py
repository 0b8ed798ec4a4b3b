"""What one GitHub holds."""

import pickle
from collections import deque
from collections.abc import Callable

from starlette.requests import Request

from simulators.clock import Clock
from simulators.github.accounts import Account
from simulators.github.actions import Attempt, Run, Workflow, findings
from simulators.github.answers import not_found
from simulators.github.behaviour import APP_SLUG, PAT, PAT_OWNER, Behaviour, user_token
from simulators.github.limits import Limits
from simulators.github.repository import Repository
from simulators.github.tokens import Tokens
from simulators.happenings import Happenings
from simulators.request_log import RequestLog
from simulators.world import World


class Hub:
    """The state behind the routes of one application."""

    def __init__(self, world: World, behaviour: Behaviour, clock: Clock) -> None:
        self.world = world
        self.behaviour = behaviour
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        """By login."""
        self.repositories: dict[str, Repository] = {}
        """By full name."""
        self.renamed: dict[str, int] = {}
        """Former full names, with the repository's id."""
        self.user_tokens: dict[str, str] = {}
        """Token to login."""
        self.tokens = Tokens(behaviour, clock, world.seed)
        self.limits = Limits(behaviour, clock)
        self.requests: RequestLog = deque(maxlen=10_000)
        self.last_id = 2_000_000
        self.happenings: Happenings | None = None
        """Where others learn what happened; None while the past is put in."""

    def image(self) -> Callable[[], None]:
        """What is held now: calling it brings all of that back. Logins and limits go on."""
        last_id = self.last_id
        held = pickle.dumps((self.accounts, self.repositories, self.renamed))

        def bring_back() -> None:
            self.accounts, self.repositories, self.renamed = pickle.loads(held)  # noqa: S301  # its own
            self.last_id = last_id

        return bring_back

    def new_id(self) -> int:
        """An id nothing else has."""
        self.last_id += 1
        return self.last_id

    def add_account(self, account: Account) -> Account:
        """Somebody new; people have a token of the App that acts for them."""
        self.accounts[account.login] = account
        if account.kind == "User":
            self.user_tokens[PAT if account.login == PAT_OWNER else user_token(account.login)] = account.login
        return account

    @property
    def bot(self) -> Account:
        """As whom the App itself writes."""
        return self.accounts[f"{APP_SLUG}[bot]"]

    def account(self, login: str) -> Account | None:
        """Upper and lower case are the same."""
        return next((each for each in self.accounts.values() if each.login.lower() == login.lower()), None)

    def repository(self, full_name: str) -> Repository:
        """Upper and lower case are the same. Raises: Refused 404."""
        wanted = full_name.lower()
        for name, repository in self.repositories.items():
            if name.lower() == wanted:
                return repository
        raise not_found()

    def by_id(self, number: int) -> Repository:
        """Raises: Refused 404."""
        for repository in self.repositories.values():
            if repository.id == number:
                return repository
        raise not_found()

    def started(
        self, repository: Repository, event: str, branch: str, sha: str, by: Account, pull: int | None = None
    ) -> list[Run]:
        """Start the workflows that an event asks for."""
        commit = repository.objects.commits[sha]
        files = repository.contents(sha)
        runs = []
        for workflow in repository.actions.workflows:
            if event not in workflow.events or workflow.disabled or workflow.path not in files:
                continue
            if event == "push" and branch != repository.default_branch:
                continue
            run = self.run(repository, workflow, event, branch, sha, commit.title, by)
            run.pull = pull
            runs.append(run)
        return runs

    def run(
        self, repository: Repository, workflow: Workflow, event: str, branch: str, sha: str, title: str, by: Account
    ) -> Run:
        """Start one workflow."""
        now = self.clock()
        found = findings(repository.contents(sha)) if "validate" in workflow.jobs else ()
        number, seconds = repository.actions.numbered(workflow), self.behaviour.run_seconds
        run = Run(self.new_id(), number, workflow, event, branch, sha, title, by, now, seconds, found)
        run.attempts.append(Attempt(now, {job: self.new_id() for job in workflow.jobs}, by))
        repository.actions.runs[run.id] = run
        return run

    def verdicts(self, repository: Repository, sha: str) -> dict[str, str]:
        """Of every check and status at a commit: success, failure or pending (the newest of a name counts)."""
        found: dict[str, str] = {}
        now = self.clock()
        for run in repository.actions.of_commit(sha):
            done = run.state(now) == "completed"
            found |= {job: run.job_conclusion(job) if done else "pending" for job in run.workflow.jobs}
        for status in repository.statuses:
            if status.sha == sha:
                found[status.context] = "failure" if status.state == "error" else status.state
        return found

    def rename(self, full_name: str, name: str) -> Repository:
        """The old name leads to the new one from now on."""
        repository = self.repositories.pop(full_name)
        self.renamed[full_name.lower()] = repository.id
        repository.name = name
        self.repositories[repository.full_name] = repository
        return repository


def hub_of(request: Request) -> Hub:
    """The GitHub a request is for."""
    hub: Hub = request.app.state.hub
    return hub
