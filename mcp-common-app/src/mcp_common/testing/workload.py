"""What a workload logs in to a secret store with: a signed JWT, and a Kubernetes API that reviews one."""

import json
import secrets
import ssl
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from mcp_common.testing.certificates import own_authority


class Workload:
    """A key pair and the JWTs signed with it; `public_key` is PEM."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256")
        self.public_key = self._key.as_pem(private=False).decode()

    def token(self, subject: str = "server", audience: str = "vault", **claims: Any) -> str:
        """Sign a JWT that lives ten minutes."""
        now = int(time.time())
        body = {"sub": subject, "aud": audience, "iat": now, "nbf": now, "exp": now + 600} | claims
        return jwt.encode({"alg": "ES256"}, body, self._key)

    def service_account_token(self, account: str = "server", namespace: str = "mcp") -> str:
        """Sign the JWT a pod finds at /var/run/secrets/kubernetes.io/serviceaccount/token."""
        claims: dict[str, Any] = {
            "aud": ["vault"],
            "iss": "https://kubernetes.default.svc.cluster.local",
            "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account, "uid": f"uid-{account}"}},
        }
        return self.token(f"system:serviceaccount:{namespace}:{account}", **claims)


class TokenReviews:
    """The one call of the Kubernetes API that a secret store makes (authentication.k8s.io/v1 TokenReview).

    A context manager on loopback, over TLS with a certificate of its own (`ca`, PEM). It vouches for the JWTs of one
    workload and answers only to `reviewer_jwt`.
    """

    def __init__(self, workload: Workload) -> None:
        self.reviewer_jwt = secrets.token_urlsafe(16)
        self.reviewed: list[str] = []
        self._key = workload._key  # noqa: SLF001 — it plays the API server that issued the JWT
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.ca, context = _certificate()
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def review(self, token: str) -> dict[str, Any]:
        """Return the status of a TokenReview."""
        try:
            claims = jwt.decode(token, self._key, algorithms=["ES256"]).claims
        except JoseError:
            return {"authenticated": False, "error": "the token is not one of this cluster"}
        self.reviewed.append(claims["sub"])
        account = claims["kubernetes.io"]["serviceaccount"]
        user = {"username": claims["sub"], "uid": account["uid"], "groups": ["system:serviceaccounts"]}
        return {"authenticated": True, "user": user, "audiences": claims["aud"]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        reviews = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != f"Bearer {reviews.reviewer_jwt}":
                    self._answer(403, {"kind": "Status", "status": "Failure", "code": 403})
                    return
                self._answer(201, body | {"status": reviews.review(body["spec"]["token"])})

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                payload = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: object) -> None:
                """Say nothing: the test's output is for the test."""

        return Handler


def _certificate() -> tuple[str, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1, and the server's side of it."""
    made = own_authority("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        chain.write_text(made.chain)
        context.load_cert_chain(chain)
    return made.certificate, context
