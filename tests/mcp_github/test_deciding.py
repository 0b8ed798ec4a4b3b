"""Reviews and merging: in one's own name, never of one's own work, and exactly what was looked at."""

from dataclasses import replace
from typing import Any

import pytest

from mcp_common.testing.person import Person
from mcp_common.testing.plugin import AuditLines, Connect
from mcp_common.vault import VaultClient
from simulators.clock import SteppedClock
from simulators.faults import Faults
from simulators.github import PAT
from simulators.github.hub import Hub
from simulators.github.repository import Pull
from simulators.world.repository_story import CONFLICTING_PULL, DRAFT_PULL, LOWERED, NTP_PULL
from tests.mcp_github.calling import answer, error_of, refusal
from tests.mcp_github.working import REPO, config_of, head_of, passed, proposed, refused_to, said_to

AUTHOR, REVIEWER = "developer", "npatel"


def writes(hub: Hub, ending: str) -> list[Any]:
    """The writes to what ends like that."""
    return [one for one in hub.requests if one.method in {"POST", "PUT"} and one.path.endswith(ending)]


async def approved(connect: Connect, number: int, head: str, who: str = REVIEWER) -> dict[str, Any]:
    return await said_to(
        connect, who, "review_pull_request", repository=REPO, number=number, decision="approve", head_sha=head
    )


async def test_a_correction_is_approved_by_somebody_else_and_merged(
    connect: Connect, hub: Hub, person: Person, audit_lines: AuditLines, simulated_clock: SteppedClock
) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    simulated_clock.advance(60)  # the checks have run
    said = await approved(connect, number, head)
    assert (said["landed"], said["review"]["state"], said["review"]["reviewer"]) == (True, "APPROVED", REVIEWER)
    assert f"Review pull request {number} of {REPO} at commit {head} in your own name: approve?" in person.asked[0]
    shown = await said_to(connect, REVIEWER, "get_pull_request", repository=REPO, number=number)
    assert (shown["reviews"]["approved_by"], shown["mergeable_state"]) == ([REVIEWER], "clean")
    done = await said_to(
        connect, REVIEWER, "merge_pull_request", repository=REPO, number=number, head_sha=head, method="squash"
    )
    assert (done["landed"], done["base"]) == (True, "main")
    assert config_of(hub).heads["main"] == done["merge_commit"]
    assert f"Merge pull request {number} of {REPO} at commit {head}?" in person.asked[1]
    allowed = {line["mcp.tool"]: line["mcp.permission"] for line in audit_lines.calls()}
    assert allowed["create_pull_request"] == "github/pull-request:write"
    assert allowed["review_pull_request"] == "github/review:execute"
    assert allowed["merge_pull_request"] == "github/pull-request:execute"


async def test_merging_again_tells_that_it_is_done(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    passed(hub, head)
    await approved(connect, number, head)
    arguments: dict[str, Any] = {"repository": REPO, "number": number, "head_sha": head}
    first = await said_to(connect, REVIEWER, "merge_pull_request", **arguments)
    again = await said_to(connect, REVIEWER, "merge_pull_request", **arguments)
    assert (again["already"], again["merge_commit"]) == (True, first["merge_commit"])
    assert len(writes(hub, "/merge")) == 1


@pytest.mark.parametrize("decision", ["approve", "request changes"])
async def test_nobody_decides_on_their_own_work(connect: Connect, hub: Hub, decision: str) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    error = await refused_to(
        connect,
        AUTHOR,
        "review_pull_request",
        repository=REPO,
        number=number,
        decision=decision,
        head_sha=head,
        body="Looks good to me.",
    )
    assert (error["code"], error["rule"]) == ("denied", "separation_of_duties")
    assert error["text"].startswith("Separation of duties")
    assert writes(hub, "/reviews") == []


async def test_who_added_a_commit_to_somebody_elses_does_not_approve_it(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, AUTHOR)
    files = [{"path": "templates/also.j2", "text": "ntp server 10.0.0.1\n"}]
    await said_to(
        connect, REVIEWER, "commit_files", repository=REPO, branch="raise-it", message="And this", files=files
    )
    head = await head_of(connect, number)
    error = await refused_to(
        connect, REVIEWER, "review_pull_request", repository=REPO, number=number, decision="approve", head_sha=head
    )
    assert error["code"] == "denied"
    assert "commit in this pull request is yours" in error["text"]
    assert (await approved(connect, number, head, "kvisser"))["landed"]


@pytest.mark.parametrize("where", ["the request", "a commit"])
async def test_who_had_it_made_in_the_platforms_name_does_not_approve_it(
    connect: Connect, hub: Hub, where: str
) -> None:
    """For GitHub the App is the author; the platform wrote down for whom."""
    number = await proposed(connect, "efischer")
    repository = config_of(hub)
    assert repository.issues[number].author == hub.bot
    head = await head_of(connect, number)
    commit = repository.objects.commits[head]
    assert "On behalf of `efischer` via the platform." in commit.message
    if where == "the request":
        repository.issues[number].body = f"{'why, ' * 4_000}\n\nOn behalf of `{REVIEWER}` via the platform."
    else:
        signed = commit.message.replace("efischer", REVIEWER)
        repository.objects.commits[head] = replace(commit, message=signed)
    error = await refused_to(
        connect, REVIEWER, "review_pull_request", repository=REPO, number=number, decision="approve", head_sha=head
    )
    assert (error["code"], error["rule"]) == ("denied", "separation_of_duties")
    assert (await approved(connect, number, head, "kvisser"))["landed"]


NOREPLY = "{}+npatel@users.noreply.github.com"


@pytest.mark.parametrize(
    ("message", "address"),
    [
        ("Raise it\n\nCo-authored-by: N <NPatel@nordhaven.example>", None),
        (f"Raise it\n\nco-authored-by: Somebody <{NOREPLY}>", None),
        ("Raise it", "npatel@users.noreply.github.com"),
        ("Raise it", "NPATEL@nordhaven.example"),
    ],
)
async def test_who_is_named_in_a_commit_by_an_address_does_not_approve_it(
    connect: Connect, hub: Hub, message: str, address: str | None
) -> None:
    """A co-author has no login in GitHub's answer, nor has an address that GitHub does not know."""
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    commits = config_of(hub).objects.commits
    author = commits[head].author
    author = replace(author, email=address) if address else author
    commits[head] = replace(
        commits[head], message=message.format(hub.accounts[REVIEWER].id), author=author, committer=author
    )
    asked: dict[str, Any] = {"repository": REPO, "number": number, "decision": "approve", "head_sha": head}
    async with connect(
        "developers", subject=REVIEWER, preferred_username=REVIEWER, email="npatel@nordhaven.example"
    ) as client:
        result = await client.call_tool("review_pull_request", asked, raise_on_error=False)
    error = error_of(result)
    assert (error["code"], error["rule"]) == ("denied", "separation_of_duties")
    assert writes(hub, "/reviews") == []
    assert (await approved(connect, number, head, "kvisser"))["landed"]


async def test_commits_that_come_in_during_a_review_are_told(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    assert "moved" not in await approved(connect, number, head)
    pull = config_of(hub).issues[number].pull
    assert pull is not None
    racing: Pull = pull

    class Racing(list[Any]):
        def append(self, review: Any) -> None:
            super().append(review)
            racing.head_sha = config_of(hub).heads["main"]

    pull.reviews = Racing(pull.reviews)
    said = await approved(connect, number, head, "kvisser")
    assert (said["landed"], said["moved"]) == (True, True)


async def test_commenting_on_ones_own_is_fine(connect: Connect) -> None:
    number = await proposed(connect, AUTHOR)
    said = await said_to(
        connect,
        AUTHOR,
        "review_pull_request",
        repository=REPO,
        number=number,
        decision="comment",
        head_sha=await head_of(connect, number),
        body="Tried in the lab.",
    )
    assert (said["landed"], said["review"]["state"]) == (True, "COMMENTED")


@pytest.mark.parametrize("decision", ["request changes", "comment"])
async def test_anything_but_an_approval_needs_words(connect: Connect, hub: Hub, decision: str) -> None:
    error = await refused_to(
        connect,
        REVIEWER,
        "review_pull_request",
        repository=REPO,
        number=CONFLICTING_PULL,
        decision=decision,
        head_sha=await head_of(connect, CONFLICTING_PULL),
    )
    assert error["code"] == "invalid_arguments"
    assert writes(hub, "/reviews") == []


async def test_the_platforms_account_approves_nothing(connect: Connect, hub: Hub, vault: VaultClient) -> None:
    head = await head_of(connect, NTP_PULL)
    asked: dict[str, Any] = {"repository": REPO, "number": NTP_PULL, "decision": "approve", "head_sha": head}
    error = await refused_to(connect, "efischer", "review_pull_request", **asked)
    assert error["code"] == "unavailable"
    assert "user_tokens at api/github" in error["text"]
    await vault.set_secret("api/github", {"base_url": "http://127.0.0.1", "token": PAT})
    assert (await refused_to(connect, "efischer", "review_pull_request", **asked))["code"] == "unavailable"
    assert writes(hub, "/reviews") == []


async def moved(connect: Connect, number: int) -> str:
    """The head that was, after somebody has pushed on."""
    head = await head_of(connect, number)
    files = [{"path": "templates/sneaked-in.j2", "text": "no aaa new-model\n"}]
    await said_to(connect, AUTHOR, "commit_files", repository=REPO, branch="raise-it", message="One more", files=files)
    return head


@pytest.mark.parametrize(
    ("tool", "more"), [("review_pull_request", {"decision": "approve"}), ("merge_pull_request", {})]
)
async def test_what_has_moved_since_it_was_looked_at_is_neither_approved_nor_merged(
    connect: Connect, hub: Hub, tool: str, more: dict[str, str]
) -> None:
    number = await proposed(connect, AUTHOR)
    seen = await moved(connect, number)
    error = await refused_to(connect, REVIEWER, tool, repository=REPO, number=number, head_sha=seen, **more)
    assert error["code"] == "conflict"
    assert await head_of(connect, number) in error["text"]
    assert writes(hub, "/reviews") + writes(hub, "/merge") == []


async def test_an_approval_does_not_cover_what_is_pushed_after_it(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, AUTHOR)
    await approved(connect, number, await head_of(connect, number))
    await moved(connect, number)
    shown = await said_to(connect, AUTHOR, "get_pull_request", repository=REPO, number=number)
    assert shown["reviews"].get("approved_by") in (None, [])
    passed(hub, shown["head_sha"])
    error = await refused_to(
        connect, REVIEWER, "merge_pull_request", repository=REPO, number=number, head_sha=shown["head_sha"]
    )
    assert error["code"] == "conflict"
    assert "0 approving" in error["text"]


async def test_a_protected_branch_takes_nothing_without_a_review(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    passed(hub, head)
    error = await refused_to(connect, AUTHOR, "merge_pull_request", repository=REPO, number=number, head_sha=head)
    assert error["code"] == "conflict"
    assert "Reviews of this commit: 0 approving." in error["text"]
    assert config_of(hub).issues[number].state == "open"


async def test_a_protected_branch_takes_nothing_whose_checks_fail(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    passed(hub, head, state="failure")
    await approved(connect, number, head)
    shown = await said_to(connect, AUTHOR, "get_pull_request", repository=REPO, number=number)
    assert shown["checks"]["state"] == "failure"
    assert "validate" in shown["checks"]["failed"]
    error = await refused_to(connect, REVIEWER, "merge_pull_request", repository=REPO, number=number, head_sha=head)
    assert error["code"] == "conflict"
    assert "failed" in error["text"] and "1 approving" in error["text"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(CONFLICTING_PULL, "conflict"), (DRAFT_PULL, "draft"), (LOWERED, "merged already")],
)
async def test_what_cannot_be_merged_says_why(connect: Connect, hub: Hub, number: int, words: str) -> None:
    head = "0" * 40 if number == LOWERED else await head_of(connect, number)
    error = await refused_to(connect, REVIEWER, "merge_pull_request", repository=REPO, number=number, head_sha=head)
    assert error["code"] == "conflict"
    assert words in error["text"]
    assert writes(hub, "/merge") == []


async def test_without_a_persons_yes_nothing_is_decided(connect: Connect, hub: Hub, person: Person) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    person.answer = "decline"
    for tool, more in (("review_pull_request", {"decision": "approve"}), ("merge_pull_request", {})):
        error = await refused_to(connect, REVIEWER, tool, repository=REPO, number=number, head_sha=head, **more)
        assert error["code"] == "declined"
    assert writes(hub, "/reviews") + writes(hub, "/merge") == []


@pytest.mark.parametrize(
    "fault",
    [{"kind": "drop_after"}, {"kind": "status", "status": 500}, {"kind": "html", "status": 502}],
    ids=str,
)
async def test_a_decision_in_doubt_says_where_to_look_and_is_not_repeated(
    fault: dict[str, Any], connect: Connect, hub: Hub, faults: Faults
) -> None:
    number = await proposed(connect, AUTHOR)
    head = await head_of(connect, number)
    passed(hub, head)
    spoiled = faults.add(path=f"/repos/{REPO}/pulls/{number}/reviews", method="POST", **fault)
    asked: dict[str, Any] = {"repository": REPO, "number": number, "head_sha": head}
    error = await refused_to(connect, REVIEWER, "review_pull_request", decision="approve", **asked)
    assert (error["code"], spoiled.hits) == ("outcome_unknown", 1)
    assert "get_pull_request shows its reviews." in error["text"]
    spoiled = faults.add(path=f"/repos/{REPO}/pulls/{number}/merge", method="PUT", **fault)
    error = await refused_to(connect, REVIEWER, "merge_pull_request", **asked)
    assert (error["code"], spoiled.hits) == ("outcome_unknown", 1)
    assert "get_pull_request shows whether it is merged." in error["text"]


async def test_the_policy_keeps_engineers_without_the_grant_away(connect: Connect, hub: Hub) -> None:
    for who in ("service-desk", "network-engineers"):
        error = await refusal(
            connect,
            "review_pull_request",
            who,
            repository=REPO,
            number=NTP_PULL,
            decision="approve",
            head_sha="0" * 40,
        )
        assert error["code"] == "denied"
        assert "github/review:execute" in error["text"]
    assert not hub.requests


@pytest.mark.parametrize("head", ["main", "HEAD", "0" * 39, "0" * 41, "../x", "A" * 40])
async def test_only_a_whole_sha_names_what_was_reviewed(connect: Connect, head: str) -> None:
    error = await refusal(connect, "merge_pull_request", repository=REPO, number=NTP_PULL, head_sha=head)
    assert error["code"] == "invalid_arguments"


async def test_reviews_are_those_of_others(connect: Connect) -> None:
    shown = await answer(connect, "get_pull_request", repository=REPO, number=LOWERED)
    assert [review["reviewer"] for review in shown["reviews"]["latest"]] == ["npatel"]
    assert shown["reviews"].get("approved_by") in (None, [])
