"""What the scanners found: code, dependencies, secrets. Each says in its own way that it is switched off."""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from simulators.github.alerts import CodeAlert, DependencyAlert, SecretAlert
from simulators.github.answers import Json, Refused, not_found
from simulators.github.call import Call
from simulators.github.gateway import needing, route
from simulators.github.rendering.accounts import account_or_none
from simulators.github.times import iso, iso_or_none

Numbered = TypeVar("Numbered", CodeAlert, DependencyAlert, SecretAlert)


async def list_code(call: Call) -> Response:
    """GET /repos/…/code-scanning/alerts?state=&tool_name=&ref=&severity=."""
    _code_on(call)
    state, severity = call.query("state"), call.query("severity")
    found = [
        each
        for each in call.repository.alerts.code
        if state in ("", each.state)
        and call.query("tool_name") in ("", each.tool)
        and severity in ("", each.security_severity or each.severity)
        and call.query("ref", "main").removeprefix("refs/heads/") == "main"
    ]
    return call.page(found[::-1], lambda each: _code(call, each))


async def get_code(call: Call) -> Response:
    """GET /repos/…/code-scanning/alerts/{number}."""
    _code_on(call)
    return call.json(_code(call, _numbered(call, call.repository.alerts.code)))


async def list_dependencies(call: Call) -> Response:
    """GET /repos/…/dependabot/alerts?state=&severity=&ecosystem=&package=; pages by cursor (`after`), not number."""
    _dependabot_on(call)
    states = [each for each in call.query("state").split(",") if each]
    severities = [each for each in call.query("severity").split(",") if each]
    found = [
        each
        for each in reversed(call.repository.alerts.dependencies)
        if (not states or each.state in states)
        and (not severities or each.severity in severities)
        and call.query("ecosystem") in ("", each.ecosystem)
        and call.query("package") in ("", each.package)
    ]
    if call.query("page"):
        raise Refused(400, "Pagination using the `page` parameter is not supported.")
    size = min(max(int(call.query("per_page") or 30), 1), 100) if (call.query("per_page") or "0").isdecimal() else 30
    after = call.query("after")
    if after:
        found = [each for each in found if after.isdecimal() and each.number < int(after)]
    shown = found[:size]
    headers = {}
    if len(found) > size:
        query = [(name, value) for name, value in call.request.query_params.multi_items() if name != "after"]
        address = call.links.repo(call.repository, "/dependabot/alerts")
        headers["Link"] = f'<{address}?{urlencode([*query, ("after", str(shown[-1].number))])}>; rel="next"'
    return call.json([_dependency(call, each) for each in shown], headers=headers)


async def get_dependency(call: Call) -> Response:
    """GET /repos/…/dependabot/alerts/{number}."""
    _dependabot_on(call)
    return call.json(_dependency(call, _numbered(call, call.repository.alerts.dependencies)))


async def list_secrets(call: Call) -> Response:
    """GET /repos/…/secret-scanning/alerts?state=&secret_type=&hide_secret=: the secret is in it unless hidden."""
    _secrets_on(call)
    kinds = [each for each in call.query("secret_type").split(",") if each]
    found = [
        each
        for each in reversed(call.repository.alerts.secrets)
        if call.query("state") in ("", each.state) and (not kinds or each.kind in kinds)
    ]
    return call.page(found, lambda each: _secret(call, each))


async def get_secret(call: Call) -> Response:
    """GET /repos/…/secret-scanning/alerts/{number}."""
    _secrets_on(call)
    return call.json(_secret(call, _numbered(call, call.repository.alerts.secrets)))


async def list_locations(call: Call) -> Response:
    """GET /repos/…/secret-scanning/alerts/{number}/locations."""
    _secrets_on(call)
    alert = _numbered(call, call.repository.alerts.secrets)
    return call.page([alert], lambda each: {"type": "commit", "details": _location(call, each)})


def _code_on(call: Call) -> None:
    if not call.repository.code_scanning:
        raise Refused(403, "Code Security must be enabled for this repository to use code scanning.")
    if not call.repository.alerts.code:
        raise Refused(404, "no analysis found")


def _dependabot_on(call: Call) -> None:
    if not call.repository.dependabot:
        raise Refused(403, "Dependabot alerts are disabled for this repository.")


def _secrets_on(call: Call) -> None:
    if not call.repository.secret_scanning:
        raise Refused(404, "Secret scanning is disabled on this repository.")


def _numbered(call: Call, alerts: Sequence[Numbered]) -> Numbered:
    for each in alerts:
        if each.number == call.number():
            return each
    raise not_found()


def _code(call: Call, one: CodeAlert) -> Json:
    url = call.links.repo(call.repository, f"/code-scanning/alerts/{one.number}")
    rule: dict[str, Any] = {
        "id": one.rule,
        "severity": one.severity,
        "description": one.description,
        "name": one.name,
        "tags": ["security"],
        "security_severity_level": one.security_severity,
    }
    return {
        "number": one.number,
        "created_at": iso(one.created),
        "updated_at": iso(one.dismissed or one.created),
        "url": url,
        "html_url": call.links.page(call.repository, f"/security/code-scanning/{one.number}"),
        "state": one.state,
        "fixed_at": None,
        "dismissed_by": account_or_none(call.links, one.dismissed_by),
        "dismissed_at": iso_or_none(one.dismissed),
        "dismissed_reason": one.dismissed_reason,
        "dismissed_comment": None,
        "rule": rule,
        "tool": {"name": one.tool, "guid": None, "version": "2.20.1"},
        "most_recent_instance": {
            "ref": "refs/heads/main",
            "analysis_key": ".github/workflows/validate.yml:analyze",
            "environment": "{}",
            "category": ".github/workflows/validate.yml:analyze",
            "state": one.state,
            "commit_sha": one.sha,
            "message": {"text": one.description},
            "location": {
                "path": one.path,
                "start_line": one.line,
                "end_line": one.line,
                "start_column": 1,
                "end_column": 40,
            },
            "classifications": [],
        },
        "instances_url": f"{url}/instances",
    }


def _dependency(call: Call, one: DependencyAlert) -> Json:
    package = {"ecosystem": one.ecosystem, "name": one.package}
    patched = None if one.patched is None else {"identifier": one.patched}
    weakness = {
        "package": package,
        "severity": one.severity,
        "vulnerable_version_range": one.affected,
        "first_patched_version": patched,
    }
    identifiers = [{"type": "GHSA", "value": one.ghsa}, {"type": "CVE", "value": one.cve}]
    return {
        "number": one.number,
        "state": one.state,
        "dependency": {
            "package": package,
            "manifest_path": one.manifest,
            "scope": "runtime",
            "relationship": "direct",
        },
        "security_advisory": {
            "ghsa_id": one.ghsa,
            "cve_id": one.cve,
            "summary": one.summary,
            "description": one.summary,
            "severity": one.severity,
            "cvss": {"score": 7.5, "vector_string": None},
            "cwes": [],
            "identifiers": identifiers,
            "references": [{"url": f"https://github.com/advisories/{one.ghsa}"}],
            "published_at": iso(one.created),
            "updated_at": iso(one.created),
            "withdrawn_at": None,
            "vulnerabilities": [weakness],
        },
        "security_vulnerability": weakness,
        "url": call.links.repo(call.repository, f"/dependabot/alerts/{one.number}"),
        "html_url": call.links.page(call.repository, f"/security/dependabot/{one.number}"),
        "created_at": iso(one.created),
        "updated_at": iso(one.fixed or one.created),
        "dismissed_at": None,
        "dismissed_by": None,
        "dismissed_reason": None,
        "dismissed_comment": None,
        "fixed_at": iso_or_none(one.fixed),
        "auto_dismissed_at": None,
    }


def _secret(call: Call, one: SecretAlert) -> Json:
    url = call.links.repo(call.repository, f"/secret-scanning/alerts/{one.number}")
    shown = {} if call.query("hide_secret") == "true" else {"secret": one.secret}
    return {
        "number": one.number,
        "created_at": iso(one.created),
        "updated_at": iso(one.resolved or one.created),
        "url": url,
        "html_url": call.links.page(call.repository, f"/security/secret-scanning/{one.number}"),
        "locations_url": f"{url}/locations",
        "state": one.state,
        "secret_type": one.kind,
        "secret_type_display_name": one.kind_name,
        **shown,
        "validity": one.validity,
        "resolution": one.resolution,
        "resolved_by": account_or_none(call.links, one.resolved_by),
        "resolved_at": iso_or_none(one.resolved),
        "resolution_comment": None,
        "push_protection_bypassed": one.bypassed,
        "push_protection_bypassed_by": None,
        "push_protection_bypassed_at": None,
        "publicly_leaked": False,
        "multi_repo": False,
        "first_location_detected": _location(call, one),
        "has_more_locations": False,
    }


def _location(call: Call, one: SecretAlert) -> Json:
    repository, links = call.repository, call.links
    return {
        "path": one.path,
        "start_line": one.line,
        "end_line": one.line,
        "start_column": 15,
        "end_column": 15 + len(one.secret),
        "blob_sha": one.blob,
        "blob_url": links.repo(repository, f"/git/blobs/{one.blob}"),
        "commit_sha": one.sha,
        "commit_url": links.repo(repository, f"/git/commits/{one.sha}"),
    }


_CODE = needing("security_events", "read", "write")
_DEPENDENCIES = needing("vulnerability_alerts", "read", "write")
_SECRETS = needing("secret_scanning_alerts", "read", "admin")
_REPO = "/repos/{owner}/{repo}"
routes = [
    route("GET", f"{_REPO}/code-scanning/alerts", list_code, _CODE),
    route("GET", f"{_REPO}/code-scanning/alerts/{{number}}", get_code, _CODE),
    route("GET", f"{_REPO}/dependabot/alerts", list_dependencies, _DEPENDENCIES),
    route("GET", f"{_REPO}/dependabot/alerts/{{number}}", get_dependency, _DEPENDENCIES),
    route("GET", f"{_REPO}/secret-scanning/alerts", list_secrets, _SECRETS),
    route("GET", f"{_REPO}/secret-scanning/alerts/{{number}}", get_secret, _SECRETS),
    route("GET", f"{_REPO}/secret-scanning/alerts/{{number}}/locations", list_locations, _SECRETS),
]
