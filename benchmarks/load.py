"""A load client that costs little: raw HTTP/1.1 on keep-alive connections, in a process of its own.

`python -m benchmarks.load HOST PORT CONNECTIONS SECONDS` reads one HTTP request on standard input, sends it
over on each connection, and prints {"requests", "seconds", "p50", "p99", "errors"} (latencies in ms). A number 1000000
in the request is another one each time, so that nothing can be remembered.
"""

import asyncio
import itertools
import json
import os
import sys
import time

VARIED = b"1000000"
_numbers = itertools.count(1_000_001)


class Caller(asyncio.Protocol):
    """One connection: sends the request, waits for the whole answer, sends it again."""

    def __init__(self, request: bytes, until: float, latencies: list[float], errors: list[str]) -> None:
        self._request = request
        self._until = until
        self._latencies = latencies
        self._errors = errors
        self._buffer = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        request = self._request
        if VARIED in request:
            request = request.replace(VARIED, b"%d" % next(_numbers))
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect the answer; when it is whole, note its latency and go on."""
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), None
        )
        if length is None:
            self._stop("an answer without content-length")
            return
        if len(rest) < length:
            return
        self._latencies.append(time.perf_counter() - self._sent)
        if b" 200 " not in head[:16] or b'"isError":true' in rest:
            self._stop(f"{head[:60]!r} {rest[:200]!r}")
            return
        self._buffer = b""
        if time.perf_counter() < self._until:
            self._send()
        else:
            self._stop(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server hung up."""
        self._stop("connection lost")

    def _stop(self, error: str | None) -> None:
        if self.done.done():
            return
        if error:
            self._errors.append(error)
        self.done.set_result(None)
        self._transport.close()


async def load(host: str, port: int, request: bytes, connections: int, seconds: float) -> dict[str, object]:
    """Send `request` on every connection for `seconds`."""
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    errors: list[str] = []
    began = time.perf_counter()
    callers: list[Caller] = []
    for _ in range(connections):
        _, caller = await loop.create_connection(
            lambda: Caller(request, began + seconds, latencies, errors), host, port
        )
        callers.append(caller)
    await asyncio.gather(*(caller.done for caller in callers))
    took = time.perf_counter() - began
    latencies.sort()
    return {
        "requests": len(latencies),
        "seconds": round(took, 3),
        "p50": round(latencies[len(latencies) // 2] * 1000, 3) if latencies else None,
        "p99": round(latencies[int(len(latencies) * 0.99)] * 1000, 3) if latencies else None,
        "errors": errors[:3],
    }


def main() -> None:
    """Entry point of the load process; the last CPU is its own."""
    host, port, connections, seconds = sys.argv[1:5]
    cpus = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cpus[-1]})
    request = sys.stdin.buffer.read()
    print(json.dumps(asyncio.run(load(host, int(port), request, int(connections), float(seconds)))))


if __name__ == "__main__":
    main()
