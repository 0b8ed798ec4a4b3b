import base64
import io
import zipfile
from typing import Any

from simulators.github.seeding import OUTSIDER
from simulators.world.repositories import LARGE_FILE, UPLINK_TEMPLATE, archive_token
from simulators.world.repository_story import CONFLICTING_PULL, DRAFT_PULL, FLAPPING, NTP_PULL
from simulators.world.story import FLAGSHIP, UPLINK
from tests.simulators.hub import CONFIG, DOCS, TOOLS, GitHub


async def corrected(github: GitHub, level: str = "1.00") -> int:
    """A pull request with another threshold in the flagship's template; its number."""
    main = github.config.heads["main"]
    await github.send("POST", f"{CONFIG}/git/refs", {"ref": "refs/heads/fix", "sha": main})
    path = f"{CONFIG}/contents/{UPLINK_TEMPLATE}"
    known = await github.get(path)
    text = base64.b64decode(known["content"]).replace(b"level 0.10", f"level {level}".encode())
    body = {"message": "Raise it", "content": base64.b64encode(text).decode(), "sha": known["sha"], "branch": "fix"}
    await github.send("PUT", path, body, 200)
    made = await github.send("POST", f"{CONFIG}/pulls", {"title": "Raise it", "head": "fix", "base": "main"})
    return int(made["number"])


async def mergeable(github: GitHub, number: int) -> tuple[Any, str]:
    """As it is after GitHub has thought about it."""
    first = await github.get(f"{CONFIG}/pulls/{number}")
    assert (first["mergeable"], first["mergeable_state"]) == (None, "unknown")
    github.clock.advance(1)
    after = await github.get(f"{CONFIG}/pulls/{number}")
    return after["mergeable"], after["mergeable_state"]


async def test_the_template_is_corrected_reviewed_by_somebody_else_and_merged(github: GitHub) -> None:
    number = await corrected(github)
    merge, review = f"{CONFIG}/pulls/{number}/merge", f"{CONFIG}/pulls/{number}/reviews"
    assert await mergeable(github, number) == (True, "blocked")
    assert await github.refused("PUT", merge, {}) == (
        405, "At least 1 approving review is required by reviewers with write access.",
    )  # fmt: skip
    answer = await github.http.post(review, json={"event": "APPROVE"})
    assert (answer.status_code, answer.json()["errors"]) == (422, ["Can not approve your own pull request"])
    github.become("changemanager")
    await github.send("POST", review, {"event": "APPROVE"}, 200)
    assert await github.refused("PUT", merge, {}) == (405, 'Required status check "validate" is in progress.')
    github.clock.advance(10)
    assert (await github.get(f"{CONFIG}/pulls/{number}"))["mergeable_state"] == "clean"
    done = await github.send("PUT", merge, {"merge_method": "squash"}, 200)
    commit = await github.get(f"{CONFIG}/commits/{done['sha']}")
    assert (commit["commit"]["message"], commit["author"]["login"]) == (f"Raise it (#{number})", "developer")
    assert await github.refused("PUT", merge, {}) == (405, "Pull Request is not mergeable")
    github.clock.advance(10)
    newest = (await github.get(f"{CONFIG}/actions/runs", branch="main"))["workflow_runs"][0]
    assert (newest["head_sha"], newest["conclusion"]) == (done["sha"], "success")


async def test_a_template_that_is_still_wrong_stays_out(github: GitHub) -> None:
    number = await corrected(github, "0.20")
    github.become("changemanager")
    await github.send("POST", f"{CONFIG}/pulls/{number}/reviews", {"event": "APPROVE"}, 200)
    github.clock.advance(10)
    merge = f"{CONFIG}/pulls/{number}/merge"
    assert await github.refused("PUT", merge, {}) == (405, 'Required status check "validate" is failing.')


async def test_the_review_of_who_may_not_write_does_not_count_and_a_push_ends_an_approval(github: GitHub) -> None:
    reviews = f"{CONFIG}/pulls/{NTP_PULL}/reviews"
    for account, state in (("mrossi", "blocked"), ("developer", "clean")):
        github.become(account)
        await github.send("POST", reviews, {"event": "APPROVE"}, 200)
        await github.get(f"{CONFIG}/pulls/{NTP_PULL}")
        github.clock.advance(1)
        assert (await github.get(f"{CONFIG}/pulls/{NTP_PULL}"))["mergeable_state"] == state
    new = {"message": "m", "content": "eA==", "branch": "npatel/ntp-prefer"}
    await github.send("PUT", f"{CONFIG}/contents/docs/ntp.md", new)
    assert {each["state"] for each in await github.get(reviews)} == {"DISMISSED"}


async def test_pull_requests_that_cannot_be_merged_say_so(github: GitHub) -> None:
    assert await mergeable(github, CONFLICTING_PULL) == (False, "dirty")
    assert (await mergeable(github, DRAFT_PULL))[1] == "draft"
    assert await github.refused("PUT", f"{CONFIG}/pulls/{DRAFT_PULL}/merge") == (405, "Pull Request is still a draft")
    stale = {"sha": "0" * 40}
    assert (await github.refused("PUT", f"{CONFIG}/pulls/{NTP_PULL}/merge", stale))[0] == 409


async def test_a_pull_request_needs_two_branches_that_differ_and_is_made_once(github: GitHub) -> None:
    async def errors(**body: str) -> Any:
        answer = await github.http.post(f"{CONFIG}/pulls", json={"title": "x", "base": "main"} | body)
        return answer.status_code, answer.json()["errors"][0].get("message") or answer.json()["errors"][0]["field"]

    assert await errors(head="nowhere") == (422, "head")
    assert await errors(head="main") == (422, "No commits between main and main")
    taken = "A pull request already exists for nordhaven:npatel/ntp-prefer."
    assert await errors(head="npatel/ntp-prefer") == (422, taken)


async def test_the_failing_log_names_the_check_and_lies_in_storage_without_our_token(github: GitHub) -> None:
    query = {"status": "failure", "branch": "main", "event": "push"}
    run = (await github.get(f"{CONFIG}/actions/runs", **query))["workflow_runs"][0]
    jobs = (await github.get(f"{CONFIG}/actions/runs/{run['id']}/jobs"))["jobs"]
    assert {job["name"]: job["conclusion"] for job in jobs} == {"lint": "success", "validate": "failure"}
    redirect = await github.http.get(f"{CONFIG}/actions/jobs/{jobs[1]['id']}/logs")
    assert redirect.status_code == 302
    location = redirect.headers["location"]
    assert location.startswith("http://storage.github/")
    assert (await github.http.get(location)).status_code == 400
    github.become("")
    text = (await github.http.get(location)).text
    assert f"{UPLINK_TEMPLATE}:4: storm-control broadcast level 0.10 on {UPLINK} ({FLAGSHIP})" in text
    assert len(text) > 30_000
    assert (await github.http.get(location.replace("sig=", "sig=0"))).status_code == 403
    github.clock.advance(61)
    assert (await github.http.get(location)).status_code == 403


async def test_only_what_failed_runs_again(github: GitHub) -> None:
    run = (await github.get(f"{CONFIG}/actions/runs", status="failure"))["workflow_runs"][0]
    path = f"{CONFIG}/actions/runs/{run['id']}"
    before = {job["name"]: job["id"] for job in (await github.get(f"{path}/jobs"))["jobs"]}
    await github.send("POST", f"{path}/rerun-failed-jobs")
    assert (await github.get(path))["status"] == "queued"
    assert (await github.refused("POST", f"{path}/rerun-failed-jobs"))[0] == 403
    github.clock.advance(10)
    after = {job["name"]: job["id"] for job in (await github.get(f"{path}/jobs"))["jobs"]}
    assert after["lint"] == before["lint"] and after["validate"] != before["validate"]
    assert (await github.get(path))["run_attempt"] == 2
    archive = await github.http.get(f"{path}/logs")
    github.become("")
    names = zipfile.ZipFile(io.BytesIO((await github.http.get(archive.headers["location"])).content)).namelist()
    assert names == ["0_lint.txt", "1_validate.txt"]


async def test_a_dispatch_wants_its_inputs_and_answers_nothing(github: GitHub) -> None:
    path = f"{CONFIG}/actions/workflows/archive.yml/dispatches"
    assert await github.refused("POST", path, {"ref": "main"}) == (422, "Required input 'site' not provided")
    wrong = {"ref": "main", "inputs": {"site": "ZRH01", "x": "y"}}
    assert (await github.refused("POST", path, wrong))[0] == 422
    assert (await github.refused("POST", path.replace("archive", "deploy"), {"ref": "main"}))[0] == 422
    assert await github.send("POST", path, {"ref": "main", "inputs": {"site": "ZRH01"}}, 204) is None
    runs = await github.get(f"{CONFIG}/actions/runs", event="workflow_dispatch")
    assert [(run["status"], run["actor"]["login"]) for run in runs["workflow_runs"]] == [("queued", "developer")]


async def test_issues_and_pull_requests_are_one_list_and_the_outsider_is_known_as_one(github: GitHub) -> None:
    listed = await github.get(f"{CONFIG}/issues", state="all")
    assert {each["number"] for each in listed if "pull_request" in each} == {1, 3, 5, 6, 8}
    assert FLAGSHIP in (await github.get(f"{CONFIG}/issues/{FLAPPING}"))["title"]
    issue = (await github.get(f"{TOOLS}/issues", creator=OUTSIDER))[0]
    assert (issue["author_association"], issue["user"]["login"]) == ("NONE", OUTSIDER)
    permission = await github.get(f"{TOOLS}/collaborators/{OUTSIDER}/permission")
    assert permission["permission"] == "read"


async def test_searches_find_what_one_may_see_and_say_what_they_cannot(github: GitHub) -> None:
    async def found(kind: str, query: str) -> list[Any]:
        return list((await github.get(f"/search/{kind}", q=query))["items"])

    assert [each["number"] for each in await found("issues", "is:issue is:open label:incident flaps")] == [FLAPPING]
    assert len(await found("issues", "repo:nordhaven/network-config is:pr is:open")) == 3
    assert [each["path"] for each in await found("code", "storm-control action path:templates")] == [UPLINK_TEMPLATE]
    assert LARGE_FILE not in [each["path"] for each in await found("code", "seen path:inventory")]
    assert {each["name"] for each in await found("repositories", "org:nordhaven")} == {
        "network-config", "network-docs", "netlab-tools",
    }  # fmt: skip
    for query in ("repo:nordhaven/payroll is:issue x", "", "flaps"):
        assert (await github.http.get("/search/issues", params={"q": query})).status_code == 422
    beyond = {"q": "org:nordhaven is:pr", "page": "11", "per_page": "100"}
    assert (await github.http.get("/search/issues", params=beyond)).status_code == 422


async def test_a_committed_secret_is_shown_unless_hidden_and_scanners_may_be_off(github: GitHub) -> None:
    github.become("admin")
    shown = (await github.get(f"{CONFIG}/secret-scanning/alerts", state="open"))[0]
    assert shown["secret"] == archive_token(7)
    hidden = (await github.get(f"{CONFIG}/secret-scanning/alerts", state="open", hide_secret="true"))[0]
    assert "secret" not in hidden
    for scanner, status in (("code-scanning", 403), ("dependabot", 403), ("secret-scanning", 404)):
        assert (await github.http.get(f"{DOCS}/{scanner}/alerts")).status_code == status
    page = await github.http.get(f"{CONFIG}/dependabot/alerts", params={"per_page": 2})
    assert [each["number"] for each in (await github.http.get(page.links["next"]["url"])).json()] == [1]


async def test_graphql_answers_errors_with_200(github: GitHub) -> None:
    assert (await github.send("POST", "/graphql", {"query": "{ viewer { login } }"}, 200))["data"] == {
        "viewer": {"login": "developer"}
    }
    assert "errors" in await github.send("POST", "/graphql", {"query": "{ nothing }"}, 200)
