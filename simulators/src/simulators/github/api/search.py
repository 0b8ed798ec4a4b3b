"""Searching issues, code and repositories. The first 1,000 results are all there is."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.responses import Response

from simulators.github.answers import Json, Refused, field_error, invalid
from simulators.github.call import Call
from simulators.github.gateway import route
from simulators.github.identify import requires_authentication
from simulators.github.rendering import issues as issue_rendering
from simulators.github.rendering import repositories as rendering
from simulators.github.repository import Issue, Repository
from simulators.github.search_terms import Qualifier, Terms, in_range, terms

MOST_RESULTS = 1000
LONGEST_QUERY = 256
LARGEST_SEARCHED = 384 * 1024
Item = TypeVar("Item")

_ISSUES = frozenset(
    {
        *("repo", "org", "user", "is", "state", "type", "author", "assignee", "label", "in", "created", "updated"),
        *("closed", "no", "head", "base", "draft", "review", "involves", "commenter", "mentions"),
    }
)
_CODE = frozenset(["repo", "org", "user", "path", "filename", "extension", "language", "in", "size"])
_REPOSITORIES = frozenset(
    ["repo", "org", "user", "topic", "language", "is", "in", "archived", "created", "pushed", "stars"]
)
_LANGUAGES = {"py": "python", "sh": "shell", "md": "markdown", "yml": "yaml", "j2": "jinja"}


async def search_issues(call: Call) -> Response:
    """GET /search/issues?q=&sort=&order=. With a user's token of an App a search must say which of the two it wants."""
    asked = _asked(call, _ISSUES)
    kinds = {"issue", "pr", "pull-request", "pull_request"}
    chosen = asked.says("is", *kinds) or asked.says("type", *kinds)
    if call.who.kind == "user" and call.who.permissions is not None and not chosen:
        raise invalid("Query must include 'is:issue' or 'is:pull-request'")
    found = [
        (repository, issue)
        for repository in _within(call, asked, "issues")
        for issue in repository.issues.values()
        if _issue_matches(call, repository, issue, asked)
    ]
    sort = call.query("sort", "created")
    found.sort(key=lambda each: each[1].updated if sort == "updated" else each[1].created)
    if call.query("order", "desc") == "desc":
        found.reverse()
    return _results(call, found, lambda each: _found(call, *each), "lexical")


async def search_code(call: Call) -> Response:
    """GET /search/code?q=: default branches only, files up to 384 KB, only for those who say who they are."""
    if call.who.kind == "anonymous":
        raise requires_authentication()
    asked = _asked(call, _CODE)
    if not asked.words:
        raise invalid(field_error("Search", "q", "invalid", "The search must contain at least one search term"))
    found: list[tuple[Repository, str, str, str]] = []
    for repository in _within(call, asked, "contents"):
        commit = repository.commit(repository.default_branch)
        files = repository.objects.files(commit.tree) if commit else {}
        for path, (_, sha) in sorted(files.items()):
            data = repository.objects.blobs.get(sha, b"")
            if len(data) > LARGEST_SEARCHED or b"\x00" in data or not _path_matches(path, asked):
                continue
            text = data.decode(errors="replace")
            if all(word in text.lower() or word in path.lower() for word in asked.words):
                found.append((repository, path, sha, text))
    return _results(call, found, lambda each: _code(call, asked, *each))


async def search_repositories(call: Call) -> Response:
    """GET /search/repositories?q=."""
    asked = _asked(call, _REPOSITORIES)
    found = [each for each in _within(call, asked, "metadata") if _repository_matches(each, asked)]
    return _results(call, found, lambda each: rendering.listed(call, each) | {"score": 1.0})


def _asked(call: Call, names: frozenset[str]) -> Terms:
    """Raises: Refused 422."""
    query = call.query("q")
    if not query.strip():
        raise invalid(field_error("Search", "q", "missing"))
    if len(query) > LONGEST_QUERY:
        raise invalid(field_error("Search", "q", "invalid", "The search is longer than 256 characters."))
    if len(re.findall(r"\b(AND|OR|NOT)\b", query)) > 5:
        raise invalid(field_error("Search", "q", "invalid", "More than five AND / OR / NOT operators were used."))
    return terms(query, names)


def _within(call: Call, asked: Terms, permission: str) -> list[Repository]:
    """Those the caller sees and the search names. Raises: Refused 422, it names only what cannot be seen."""
    seen = [
        each
        for each in call.hub.repositories.values()
        if call.who.sees(each) and call.who.may(each, permission, "read", "read")
    ]
    named = [each for each in asked.all("repo", "org", "user") if each.wanted]
    if named:
        seen = [each for each in seen if any(_named(each, one) for one in named)]
        if not seen:
            raise invalid(
                field_error(
                    "Search", "q", "invalid",
                    "The listed users and repositories cannot be searched either because the resources do not exist "
                    "or you do not have permission to view them.",
                )
            )  # fmt: skip
    unwanted = [each for each in asked.all("repo", "org", "user") if not each.wanted]
    return [each for each in seen if not any(_named(each, one) for one in unwanted)]


def _named(repository: Repository, qualifier: Qualifier) -> bool:
    own = repository.full_name if qualifier.name == "repo" else repository.owner.login
    return own.lower() == qualifier.value.lower()


def _results(call: Call, found: Sequence[Item], render: Callable[[Item], Any], kind: str = "") -> Response:
    """Raises: Refused 422, beyond the thousandth."""
    page, size = call.query("page", "1"), call.query("per_page", "30")
    if page.isdecimal() and size.isdecimal() and (int(page) - 1) * min(int(size), 100) >= MOST_RESULTS:
        raise Refused(422, "Only the first 1000 search results are available")
    shown, headers = call.slice(found, most=MOST_RESULTS)
    body = {
        "total_count": len(found),
        "incomplete_results": call.hub.behaviour.search_incomplete,
        "items": [render(each) for each in shown],
    }
    return call.json(body | ({"search_type": kind} if kind else {}), headers=headers)


def _found(call: Call, repository: Repository, issue: Issue) -> Json:
    """As an issue elsewhere, but nobody is said to have closed it."""
    body = issue_rendering.issue(call, repository, issue) | {"score": 1.0}
    return {name: value for name, value in body.items() if name != "closed_by"}


def _issue_matches(call: Call, repository: Repository, issue: Issue, asked: Terms) -> bool:
    said = " ".join(comment.body for comment in issue.comments)
    places = {"title": issue.title, "body": issue.body or "", "comments": said}
    chosen = [each.value for each in asked.all("in")]
    text = " ".join(value for name, value in places.items() if not chosen or name in chosen).lower()
    return all(word in text for word in asked.words) and all(
        _qualifies(call, repository, issue, each) == each.wanted
        for each in asked.qualifiers
        if each.name not in ("repo", "org", "user", "in")
    )


def _qualifies(call: Call, repository: Repository, issue: Issue, one: Qualifier) -> bool:
    value = call.author.login if one.value == "@me" else one.value.lower()
    pull = issue.pull
    facts = {issue.state, "pr" if pull else "issue", "private" if repository.private else "public"}
    if pull:
        facts |= {"pull-request", "pull_request", "draft" if pull.draft else "ready"}
        facts.add("merged" if pull.merged else "unmerged")
    simple: dict[str, Callable[[], bool]] = {
        "is": lambda: value in facts,
        "state": lambda: value in facts,
        "type": lambda: value in facts,
        "draft": lambda: pull is not None and pull.draft == (value == "true"),
        "author": lambda: issue.author.login.lower() == value,
        "assignee": lambda: value in [each.login.lower() for each in issue.assignees],
        "involves": lambda: value in [each.login.lower() for each in (issue.author, *issue.assignees)],
        "commenter": lambda: value in [each.author.login.lower() for each in issue.comments],
        "mentions": lambda: f"@{value}" in (issue.body or "").lower(),
        "label": lambda: any(each.name.lower() in value.split(",") for each in issue.labels),
        "no": lambda: not {"assignee": issue.assignees, "label": issue.labels}.get(value, []),
        "created": lambda: in_range(issue.created, one.value),
        "updated": lambda: in_range(issue.updated, one.value),
        "closed": lambda: issue.closed is not None and in_range(issue.closed, one.value),
        "head": lambda: pull is not None and pull.head.startswith(value),
        "base": lambda: pull is not None and pull.base == value,
        "review": lambda: pull is not None and _reviewed(pull.reviews, value),
    }
    return simple[one.name]()


def _reviewed(reviews: Sequence[Any], value: str) -> bool:
    states = {review.state.lower() for review in reviews}
    return not states if value in ("none", "required") else value in states


def _path_matches(path: str, asked: Terms) -> bool:
    name = path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2]
    tests: dict[str, Callable[[str], bool]] = {
        "path": lambda value: path.lower().startswith(value.strip("/")) or value in path.lower(),
        "filename": lambda value: value in name,
        "extension": lambda value: ending == value.lstrip("."),
        "language": lambda value: value in (ending, _LANGUAGES.get(ending, "")),
    }
    return all(tests[each.name](each.value.lower()) == each.wanted for each in asked.qualifiers if each.name in tests)


def _repository_matches(repository: Repository, asked: Terms) -> bool:
    text = f"{repository.full_name} {repository.description} {' '.join(repository.topics)}".lower()
    tests: dict[str, Callable[[str], bool]] = {
        "topic": lambda value: value in repository.topics,
        "language": lambda value: value == (repository.language or "").lower(),
        "is": lambda value: value == ("private" if repository.private else "public"),
        "archived": lambda value: repository.archived == (value == "true"),
    }
    return all(word in text for word in asked.words) and all(
        tests[each.name](each.value.lower()) == each.wanted for each in asked.qualifiers if each.name in tests
    )


def _code(call: Call, asked: Terms, repository: Repository, path: str, sha: str, text: str) -> Json:
    links = call.links
    head = repository.heads[repository.default_branch]
    shown = quote(path)
    url = links.repo(repository, f"/contents/{shown}?ref={head}")
    body: Json = {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": url,
        "git_url": links.repo(repository, f"/git/blobs/{sha}"),
        "html_url": links.page(repository, f"/blob/{head}/{shown}"),
        "repository": rendering.minimal(links, repository),
        "score": 1.0,
    }
    if "text-match" in call.request.headers.get("accept", ""):
        body["text_matches"] = _fragments(url, asked.words, text)
    return body


def _fragments(url: str, words: Sequence[str], text: str) -> list[Json]:
    """Up to two pieces of the text around what was found."""
    found: list[Json] = []
    lower = text.lower()
    for word in words:
        place = lower.find(word)
        if place < 0 or len(found) == 2:
            continue
        start, end = max(0, place - 100), min(len(text), place + len(word) + 100)
        match = {"text": text[place : place + len(word)], "indices": [place - start, place - start + len(word)]}
        found.append({"object_url": url, "object_type": "FileContent", "property": "content",
                      "fragment": text[start:end], "matches": [match]})  # fmt: skip
    return found


routes = [
    route("GET", "/search/issues", search_issues, resource="search"),
    route("GET", "/search/code", search_code, resource="code_search"),
    route("GET", "/search/repositories", search_repositories, resource="search"),
]
