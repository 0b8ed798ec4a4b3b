"""What the scanners found in the company's repositories."""

from simulators.github.alerts import CodeAlert, DependencyAlert, SecretAlert
from simulators.github.hub import Hub
from simulators.world.repositories import NETWORK_CONFIG, ORGANISATION, archive_token

DAY = 86_400.0
ENVIRONMENT = "scripts/archive.env"


def seed_alerts(hub: Hub) -> None:
    """Into network-config: a committed token, two places in code, three dependencies."""
    repository = hub.repositories[f"{ORGANISATION}/{NETWORK_CONFIG}"]
    epoch = hub.world.epoch
    commit = next(each for each in repository.objects.commits.values() if not each.parents)
    found = repository.objects.find(commit.tree, ENVIRONMENT)
    token = archive_token(hub.world.seed)
    if found is None:
        raise KeyError(ENVIRONMENT)
    lines = repository.objects.blobs[found.sha].decode().splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if token in text)
    alerts = repository.alerts
    alerts.secrets.append(
        SecretAlert(1, "github_personal_access_token", "GitHub Personal Access Token", token, ENVIRONMENT, line,
                    commit.sha, found.sha, epoch - 379 * DAY, validity="inactive")
    )  # fmt: skip
    alerts.secrets.append(
        SecretAlert(2, "password", "Password", "Tundra-maple36", ENVIRONMENT, 3, commit.sha, found.sha,
                    epoch - 300 * DAY, "resolved", "revoked", epoch - 290 * DAY, hub.accounts["efischer"])
    )  # fmt: skip
    head = repository.heads["main"]
    alerts.code += [
        CodeAlert(1, "py/regex-injection", "Regular expression injection", "error", "high",
                  "A pattern is built from what the user gives.", "CodeQL", "scripts/check_thresholds.py", 8, head,
                  epoch - 40 * DAY),
        CodeAlert(2, "py/clear-text-logging", "Secret in a log", "warning", "medium",
                  "What is logged may hold a secret.", "CodeQL", "scripts/lint.py", 9, head, epoch - 90 * DAY,
                  "dismissed", hub.accounts["efischer"], epoch - 80 * DAY, "false positive"),
    ]  # fmt: skip
    alerts.dependencies += [
        DependencyAlert(1, "jinja2", "pip", "scripts/requirements.txt", "medium", "Sandbox breakout through format",
                        "GHSA-q2x7-8rv6-6q7h", "CVE-2024-56326", "<= 3.1.4", "3.1.5", epoch - 200 * DAY),
        DependencyAlert(2, "paramiko", "pip", "scripts/requirements.txt", "high", "Prefix truncation of SSH (Terrapin)",
                        "GHSA-45x7-px36-x8w8", "CVE-2023-48795", "< 3.4.0", "3.4.0", epoch - 150 * DAY),
        DependencyAlert(3, "requests", "pip", "scripts/requirements.txt", "medium", ".netrc credentials leak",
                        "GHSA-9hjg-9r4m-mvj7", "CVE-2024-47081", "< 2.32.4", "2.32.4", epoch - 100 * DAY, "fixed",
                        epoch - 95 * DAY),
    ]  # fmt: skip
