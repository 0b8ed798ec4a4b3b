"""Pull requests: listed, shown with checks and reviews, opened once."""

import pytest

from mcp_common.testing.plugin import Connect
from simulators.clock import SteppedClock
from simulators.faults import Faults, Kind
from simulators.github.hub import Hub
from simulators.world.repository_story import CONFLICTING_PULL, DRAFT_PULL, LOWERED, NTP_PULL
from tests.mcp_github.calling import answer, refusal
from tests.mcp_github.working import REPO, TEMPLATE, config_of, proposed, refused_to, said_to


async def test_open_pull_requests_are_listed_with_the_few_fields_that_matter(connect: Connect) -> None:
    found = await answer(connect, "list_pull_requests", repository=REPO)
    numbers = [one["number"] for one in found["pull_requests"]]
    assert {NTP_PULL, CONFLICTING_PULL, DRAFT_PULL} == set(numbers)
    one = next(one for one in found["pull_requests"] if one["number"] == NTP_PULL)
    assert (one["author"], one["head"], one["base"], one["state"]) == ("npatel", "npatel/ntp-prefer", "main", "open")
    assert "url" not in one


async def test_lists_go_on_where_they_stopped(connect: Connect) -> None:
    first = await answer(connect, "list_pull_requests", repository=REPO, state="all", limit=3)
    assert first["more"]
    rest = await answer(
        connect, "list_pull_requests", repository=REPO, state="all", limit=3, cursor=first["next_cursor"]
    )
    numbers = [one["number"] for one in first["pull_requests"] + rest["pull_requests"]]
    assert len(numbers) == len(set(numbers)) > 3


async def test_one_is_shown_with_its_reviews_and_whether_it_can_be_merged(connect: Connect) -> None:
    found = await answer(connect, "get_pull_request", repository=REPO, number=CONFLICTING_PULL)
    assert (found["mergeable"], found["mergeable_state"]) == (False, "dirty")
    assert found["reviews"]["changes_requested_by"] == ["shaddad"]
    assert found["reviews"]["latest"][0]["body"] == "Not before the uplinks are sorted out."
    waiting = await answer(connect, "get_pull_request", repository=REPO, number=NTP_PULL)
    assert (waiting["mergeable"], waiting["reviews"]["asked"]) == (True, ["shaddad"])
    assert waiting["reviews"].get("approved_by") in ([], None)


async def test_github_gets_time_to_find_out_whether_it_can_be_merged(
    connect: Connect, hub: Hub, simulated_clock: SteppedClock
) -> None:
    before = simulated_clock()
    assert (await answer(connect, "get_pull_request", repository=REPO, number=NTP_PULL))["mergeable"] is True
    asked = [one for one in hub.requests if one.path.endswith(f"/pulls/{NTP_PULL}")]
    assert 1 < len(asked) < 6
    assert simulated_clock() - before < 6


async def test_a_merged_one_says_who_merged_it(connect: Connect) -> None:
    found = await answer(connect, "get_pull_request", repository=REPO, number=LOWERED)
    assert (found["merged"], found["merged_by"], found["state"]) == (True, "admin", "closed")


async def test_its_files_come_as_patches_within_bounds(connect: Connect) -> None:
    found = await answer(connect, "get_pull_request_files", repository=REPO, number=LOWERED)
    assert [file["path"] for file in found["files"]] == [TEMPLATE]
    assert "+ storm-control broadcast level 0.10" in found["files"][0]["patch"]
    assert found["total"] == 1
    assert len(found["head_sha"]) == 40


async def test_a_patch_that_is_longer_than_asked_for_says_so(connect: Connect, hub: Hub) -> None:
    await said_to(connect, "developer", "create_branch", repository=REPO, branch="long")
    text = "".join(f"ntp server 10.0.0.{number}\n" for number in range(200))
    secret = "snmp-server community n0tForYou RW\n"
    await said_to(
        connect,
        "developer",
        "commit_files",
        repository=REPO,
        branch="long",
        message="More servers",
        files=[{"path": "templates/ntp.j2", "text": secret + text}],
    )
    made = await said_to(connect, "developer", "create_pull_request", repository=REPO, title="More", head="long")
    number = made["pull_request"]["number"]
    found = await answer(connect, "get_pull_request_files", repository=REPO, number=number, max_chars=400)
    (file,) = found["files"]
    assert file["cut"] is True
    assert len(file["patch"]) <= 400
    assert "n0tForYou" not in file["patch"] and "<masked>" in file["patch"]


async def test_opening_one_reads_it_back(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, body="So that ordinary broadcast does not trip it.")
    issue = config_of(hub).issues[number]
    assert (issue.author.login, issue.body) == ("developer", "So that ordinary broadcast does not trip it.")


async def test_an_open_one_of_the_same_branches_is_found_not_doubled(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect)
    again = await said_to(
        connect, "developer", "create_pull_request", repository=REPO, title="Raise it again", head="raise-it"
    )
    assert (again["pull_request"]["number"], again["created"]) == (number, False)
    assert len([one for one in hub.requests if one.method == "POST" and one.path.endswith("/pulls")]) == 1


async def ready(connect: Connect) -> dict[str, str]:
    """What asks for a pull request of a branch with one commit."""
    await said_to(connect, "developer", "create_branch", repository=REPO, branch="x")
    files = [{"path": "a.txt", "text": "a\n"}]
    await said_to(connect, "developer", "commit_files", repository=REPO, branch="x", message="m", files=files)
    return {"repository": REPO, "title": "t", "head": "x"}


@pytest.mark.parametrize("kind", ["drop_after", "half_body"])
async def test_one_whose_answer_was_lost_is_found(kind: Kind, connect: Connect, faults: Faults, hub: Hub) -> None:
    asked = await ready(connect)
    lost = faults.add(kind, f"/repos/{REPO}/pulls", method="POST")
    found = await said_to(connect, "developer", "create_pull_request", **asked)
    assert (found["created"], found["landed"], lost.hits) == (True, True, 1)
    assert found["pull_request"]["number"] in config_of(hub).issues


async def test_one_that_is_not_there_after_trouble_stays_in_doubt(connect: Connect, faults: Faults) -> None:
    asked = await ready(connect)
    lost = faults.add("html", f"/repos/{REPO}/pulls", method="POST", status=502)
    error = await refused_to(connect, "developer", "create_pull_request", **asked)
    assert (error["code"], error["retryable"], lost.hits) == ("outcome_unknown", False, 1)
    assert "list_pull_requests with this head" in error["text"]


async def test_trouble_upon_trouble_does_not_invite_to_try_again(connect: Connect, faults: Faults) -> None:
    """The write is in doubt, and looking for it fails in a way that alone would be retryable."""
    asked = await ready(connect)
    faults.add("status", f"/repos/{REPO}/pulls", method="POST", status=500)
    faults.add("status", f"/repos/{REPO}/pulls", method="GET", status=503, skip=1)
    error = await refused_to(connect, "developer", "create_pull_request", **asked)
    assert (error["code"], error["retryable"]) == ("outcome_unknown", False)


async def test_the_platforms_account_names_who_is_behind_it(connect: Connect, hub: Hub) -> None:
    number = await proposed(connect, "efischer", body="Please look.")
    issue = config_of(hub).issues[number]
    assert issue.author == hub.bot
    assert issue.body == "Please look.\n\nOn behalf of `efischer` via the platform."


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"head": "main", "base": "main"}, "invalid_arguments"),
        ({"head": "no-such-branch"}, "invalid_arguments"),
        ({"head": "npatel/ntp-prefer", "base": "no-such"}, "invalid_arguments"),
        ({"head": "a..b"}, "invalid_arguments"),
        ({"head": "nordhaven:main"}, "invalid_arguments"),
    ],
)
async def test_what_cannot_be_is_refused(connect: Connect, arguments: dict[str, str], code: str) -> None:
    error = await refusal(connect, "create_pull_request", repository=REPO, title="x", **arguments)
    assert error["code"] == code


async def test_there_is_no_such_pull_request(connect: Connect) -> None:
    for number in (999, 4):
        error = await refusal(connect, "get_pull_request", repository=REPO, number=number)
        assert error["code"] == "not_found"
        assert "list_pull_requests" in error["text"]
