import pytest

from tests.simulators.hub import CONFIG, GitHub


async def test_an_answer_that_has_not_changed_costs_nothing(github: GitHub) -> None:
    first = await github.http.get(CONFIG)
    again = await github.http.get(CONFIG, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"] == "1"
    since = await github.http.get(CONFIG, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert since.status_code == 304


async def test_a_change_changes_the_tag(github: GitHub) -> None:
    first = await github.http.get(f"{CONFIG}/issues/4")
    await github.send("POST", f"{CONFIG}/issues/4/comments", {"body": "New."})
    again = await github.http.get(f"{CONFIG}/issues/4", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200


@pytest.mark.parametrize("status", [403, 429])
async def test_beyond_the_hours_number_nothing_is_left_until_the_reset(status: int) -> None:
    async with GitHub.with_behaviour(core_limit=2, limited_status=status) as github:
        answers = [await github.http.get(CONFIG) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, status]
        assert answers[2].headers["x-ratelimit-remaining"] == "0"
        assert "retry-after" not in answers[2].headers
        assert "API rate limit exceeded" in answers[2].json()["message"]
        assert (await github.get("/rate_limit"))["resources"]["core"]["remaining"] == 0
        github.clock.advance(int(answers[2].headers["x-ratelimit-reset"]) - github.clock())
        assert (await github.http.get(CONFIG)).status_code == 200


async def test_searches_have_limits_of_their_own(github: GitHub) -> None:
    answers = [await github.http.get("/search/code", params={"q": "ntp"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [403]
    assert answers[10].headers["x-ratelimit-resource"] == "code_search"
    assert (await github.http.get("/search/repositories", params={"q": "network"})).status_code == 200


@pytest.mark.parametrize("retry_after", [None, 30])
async def test_a_secondary_limit_may_or_may_not_say_how_long(github: GitHub, retry_after: int | None) -> None:
    body = {"secondary": 1, "status": 403, "retry_after": retry_after}
    assert (await github.http.put("/__sim/limits", json=body)).status_code == 204
    answer = await github.http.get(CONFIG)
    assert answer.status_code == 403
    assert "secondary rate limit" in answer.json()["message"]
    assert answer.headers.get("retry-after") == (None if retry_after is None else "30")
    assert answer.headers["x-ratelimit-remaining"] != "0"
    assert (await github.http.get(CONFIG)).status_code == 200


async def test_who_creates_too_fast_is_stopped_for_a_while() -> None:
    async with GitHub.with_behaviour(creations_per_minute=3) as github:
        issue = {"title": "x"}
        statuses = [(await github.http.post(f"{CONFIG}/issues", json=issue)).status_code for _ in range(4)]
        assert statuses == [201, 201, 201, 403]
        github.clock.advance(61)
        assert (await github.http.post(f"{CONFIG}/issues", json=issue)).status_code == 201


async def test_pages_are_linked_and_only_where_there_is_another(github: GitHub) -> None:
    first = await github.http.get(f"{CONFIG}/commits", params={"per_page": 10})
    assert 'page=2>; rel="next"' in first.headers["link"]
    assert 'rel="prev"' not in first.headers["link"]
    seen, address = [], f"{CONFIG}/commits?per_page=10"
    for _ in range(10):
        answer = await github.http.get(address)
        seen += [each["sha"] for each in answer.json()]
        if "next" not in answer.links:
            break
        address = answer.links["next"]["url"]
    assert len(seen) == len(set(seen)) > 20
    assert "link" not in (await github.http.get(f"{CONFIG}/branches")).headers


async def test_faults_spoil_requests_and_requests_are_noted(github: GitHub) -> None:
    github.faults.add("html", "/repos/*", status=502, times=1)
    assert (await github.http.get(CONFIG)).status_code == 502
    assert (await github.http.get(CONFIG)).status_code == 200
    seen = (await github.http.get("/__sim/requests")).json()["requests"]
    assert [(one["method"], one["path"], one["status"]) for one in seen] == [("GET", CONFIG, 200)]
