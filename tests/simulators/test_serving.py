import socket
import subprocess
import sys

import httpx2
import pytest

from simulators.catalyst_center import PASSWORD, USERNAME, Behaviour, serve

LOGIN = "/dna/system/api/v1/auth/token"


def test_it_serves_on_a_free_port_until_the_block_ends() -> None:
    with serve() as first, serve(behaviour=Behaviour(accounts={"a": "b"})) as second:
        assert first.port != second.port
        assert httpx2.post(first.url + LOGIN, auth=(USERNAME, PASSWORD)).status_code == 200
        assert httpx2.post(second.url + LOGIN, auth=("a", "b")).status_code == 200
    with pytest.raises(httpx2.ConnectError):
        httpx2.post(first.url + LOGIN)


def test_a_port_in_use_is_an_error_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"), serve(port=taken.getsockname()[1]):
            pass


def test_it_runs_as_a_program_of_its_own() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "simulators.catalyst_center",
        "--port",
        str(port),
        "--controls",
        "--rate-limit",
        "1",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stderr is not None
            assert any("running on" in line for line in program.stderr)
            url = f"http://127.0.0.1:{port}"
            token = httpx2.post(url + LOGIN, auth=(USERNAME, PASSWORD)).json()["Token"]
            paths = ["/dna/intent/api/v1/site/count"] * 2
            answers = [httpx2.get(url + path, headers={"X-Auth-Token": token}).status_code for path in paths]
            assert answers == [200, 429]
            assert httpx2.get(f"{url}/__sim/requests").json()["logins"] == 1
        finally:
            program.terminate()
    assert program.returncode in (0, -15)
