"""A real OPA server on a free port, for tests that ask the policy as production does."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2

CHECKOUT = Path(__file__).parents[4]
POLICY = CHECKOUT / "common-services" / "opa" / "config"
SERVER_CONFIG = CHECKOUT / "common-services" / "opa" / "server.yaml"


def find_opa() -> str:
    """The OPA that the Makefile builds, else the one on the PATH.

    Raises:
        FileNotFoundError: when there is neither; the text says how to get it.

    """
    built = CHECKOUT / ".tools" / "opa"
    found = str(built) if os.access(built, os.X_OK) else shutil.which("opa")
    if found is None:
        raise FileNotFoundError("these tests ask a real OPA server and there is none: get it with `make .tools/opa`")
    return found


class OPAServer:
    """`opa run --server` over a policy directory, which it watches; `address` is what OPA_ADDR would be.

    With `bundle=False` it starts empty, to be filled over its API.
    """

    def __init__(self, policy: Path = POLICY, *, bundle: bool = True, start_seconds: float = 20.0) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._logged = b""
        command = [find_opa(), "run", "--server", "--addr", f"127.0.0.1:{port}", "--config-file", str(SERVER_CONFIG)]
        command += ["--skip-version-check", "--log-format", "json", "--shutdown-grace-period", "0"]
        if bundle:
            command += ["--watch", "--ignore", "*_test.rego", "--bundle", str(policy)]
        self._log_file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(command, stdout=self._log_file, stderr=subprocess.STDOUT)  # noqa: S603 - our own words
        try:
            self._wait(time.monotonic() + start_seconds)
        except BaseException:
            self.stop()
            raise

    @property
    def log(self) -> bytes:
        """What it has logged up to now, JSON lines."""
        if self._log_file.closed:
            return self._logged
        return os.pread(self._log_file.fileno(), os.fstat(self._log_file.fileno()).st_size, 0)

    def stop(self) -> None:
        """End the server; does nothing the second time."""
        if self._log_file.closed:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._logged = self.log
        self._log_file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self, deadline: float) -> None:
        with httpx2.Client(trust_env=False, timeout=1) as http:
            while time.monotonic() < deadline:
                if self._process.poll() is not None:
                    self.stop()
                    raise RuntimeError(f"OPA ended at once: {self.log.decode(errors='replace')}")
                with contextlib.suppress(httpx2.TransportError):
                    if http.get(f"{self.address}/health?bundles").status_code == httpx2.codes.OK:
                        return
                time.sleep(0.02)
        raise TimeoutError(f"OPA did not answer at {self.address}")
