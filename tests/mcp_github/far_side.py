"""A GitHub that follows a script, for what no well-behaved one would do."""

import base64
from typing import Any

import httpx2

from mcp_common.testing.upstream import FarSide, SteppingClock
from mcp_common.vault import Secret
from mcp_github.client import GitHubClient

HERE = "http://127.0.0.1"
REPOSITORY = "nordhaven/network-config"
REPO = f"/repos/{REPOSITORY}"
HEAD, TREE, FOLDER, BLOB = ("1" * 40, "2" * 40, "3" * 40, "4" * 40)
NEW_TREE, NEW_COMMIT = "5" * 40, "6" * 40
CONFIG = "hostname x\nsnmp-server community s3cret RO\nend\n"


def json(value: Any, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=value, headers=headers)


def refused(status: int, message: str, *errors: Any, **headers: str) -> httpx2.Response:
    return json({"message": message, "errors": list(errors), "status": str(status)}, status, **headers)


def encoded(text: str | bytes) -> str:
    body = text.encode() if isinstance(text, str) else text
    return base64.encodebytes(body).decode()


def line(path: str, kind: str = "blob", sha: str = BLOB, mode: str = "100644") -> dict[str, Any]:
    return {"path": path, "type": kind, "sha": sha, "mode": mode, "size": 10}


class ScriptedHub(FarSide):
    """Has one repository with one branch and a few files; a test changes one route."""

    def __init__(self) -> None:
        super().__init__()
        head = {"sha": HEAD, "commit": {"tree": {"sha": TREE}, "message": "Set up\n\nwhy"}}
        self.on(f"GET {REPO}", json({"full_name": REPOSITORY, "default_branch": "main"}))
        self.on(f"GET {REPO}/branches/work", json({"name": "work", "protected": False, "commit": head}))
        self.on(f"GET {REPO}/branches/main", json({"name": "main", "protected": True, "commit": head}))
        self.on(f"GET {REPO}/commits", json([head]))
        self.on(
            f"GET {REPO}/git/trees/{TREE}",
            json(
                {
                    "sha": TREE,
                    "tree": [
                        line("devices", "tree", FOLDER, "040000"),
                        line("run.sh", mode="100755"),
                        line("latest", mode="120000"),
                        line("vendor", "commit", mode="160000"),
                    ],
                }
            ),
        )
        self.on(f"GET {REPO}/git/trees/{FOLDER}", json({"sha": FOLDER, "tree": [line("a.cfg")]}))
        self.on(f"GET {REPO}/git/blobs/{BLOB}", json({"encoding": "base64", "content": encoded(CONFIG)}))
        self.on(f"POST {REPO}/git/trees", json({"sha": NEW_TREE}, 201))
        self.on(f"POST {REPO}/git/commits", json({"sha": NEW_COMMIT, "html_url": "https://github.test/c"}, 201))
        self.on(f"PATCH {REPO}/git/refs/heads/work", json({"ref": "refs/heads/work", "object": {"sha": NEW_COMMIT}}))
        self.on(f"GET {REPO}/git/ref/heads/work", json({"ref": "refs/heads/work", "object": {"sha": NEW_COMMIT}}))

    def file(self, path: str, content: str | bytes, **changes: Any) -> None:
        """Let the contents API answer a file."""
        body = content.encode() if isinstance(content, str) else content
        shown = {"type": "file", "sha": BLOB, "size": len(body), "encoding": "base64", "content": encoded(body)}
        self.on(f"GET {REPO}/contents/{path}", json(shown | changes))

    @property
    def written(self) -> list[str]:
        """The writes it got."""
        return [f"{one.method} {one.url.path}" for one in self.requests if one.method != "GET"]


def client_of(hub: FarSide, **secret: Any) -> GitHubClient:
    """A client whose whole network is `hub`."""

    async def credentials() -> Secret:
        return Secret({"base_url": HERE, "token": "ghp_x"} | secret, 1)

    class Patient(GitHubClient):
        clock = SteppingClock()

    return Patient(credentials, transport=httpx2.MockTransport(hub))
