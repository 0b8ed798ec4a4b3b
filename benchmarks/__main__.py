"""`make bench`: what a governed call costs beside a bare one, what REST adds, what a decision takes."""

import argparse
import json
import platform
import statistics
from pathlib import Path
from typing import Any

from benchmarks import decisions
from benchmarks.processes import Target, loaded, mcp_request, rest_request, running

CALLERS = (1, 32, 128)
TOOLS = (1, 50, 200)
RESULTS = Path("benchmarks/results.json")


def in_turn(targets: dict[str, tuple[Target, bytes]], callers: int, rounds: int, seconds: float) -> dict[str, Any]:
    """Load each target once per round, one after the other; medians, and the ratio to the first, round by round."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, (target, request) in targets.items():
            runs[name].append(loaded(target, request, callers, seconds))
    first = next(iter(targets))
    rows: dict[str, Any] = {}
    for name, found in runs.items():
        ratios = [run["rps"] / base["rps"] for run, base in zip(found, runs[first], strict=True)]
        rows[name] = {
            "rps": statistics.median(run["rps"] for run in found),
            "p50_ms": statistics.median(run["p50"] for run in found),
            "p99_ms": statistics.median(run["p99"] for run in found),
            "ratio": round(statistics.median(ratios), 2),
            "ratio_min": round(min(ratios), 2),
            "ratio_max": round(max(ratios), 2),
        }
    return rows


def governed_calls(rounds: int, seconds: float) -> dict[str, Any]:
    """The governed call, and the REST call through the proxy, against the bare call: all servers on one core."""
    results: dict[str, Any] = {}
    with running("bare", "1") as bare, running("stack", "1") as stack:
        rest = Target(stack.port + 1, stack.token)
        targets = {
            "bare FastMCP": (bare, mcp_request(bare)),
            "governed": (stack, mcp_request(stack)),
            "governed, other arguments": (stack, mcp_request(stack, a=1_000_000)),
            "governed, framework path": (stack, mcp_request(stack, progress=True)),
            "REST, proxy and server": (rest, rest_request(rest)),
        }
        for callers in CALLERS:
            results[str(callers)] = in_turn(targets, callers, rounds, seconds)
    return results


def registered_tools(rounds: int, seconds: float) -> dict[str, Any]:
    """The governed call with 1, 50 and 200 tools registered: its cost must not grow."""
    with running("governed", "1") as one, running("governed", "50") as fifty, running("governed", "200") as many:
        targets = {
            f"{count} tools": (target, mcp_request(target))
            for count, target in zip(TOOLS, (one, fifty, many), strict=True)
        }
        return in_turn(targets, 32, rounds, seconds)


def table(title: str, rows: dict[str, Any]) -> str:
    """Rows of figures as aligned text."""
    lines = [title, f"  {'':28}{'calls/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'ratio':>8}   min-max"]
    lines += [
        f"  {name:28}{row['rps']:>9.0f}{row['p50_ms']:>9.2f}{row['p99_ms']:>9.2f}{row['ratio']:>8.2f}"
        f"   {row['ratio_min']:.2f}-{row['ratio_max']:.2f}"
        for name, row in rows.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write `benchmarks/results.json`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    chosen = parser.parse_args()
    results: dict[str, Any] = {"python": platform.python_version(), "rounds": chosen.rounds, "seconds": chosen.seconds}
    results["calls"] = governed_calls(chosen.rounds, chosen.seconds)
    for callers, rows in results["calls"].items():
        print(table(f"\n{callers} caller{'s' if callers != '1' else ''}, ratio to bare FastMCP", rows))
    results["tools"] = registered_tools(chosen.rounds, chosen.seconds)
    print(table("\nregistered tools, governed call, 32 callers", results["tools"]))
    results["policy"] = decisions.measure()
    print("\n" + decisions.table(results["policy"]))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\nwritten to {RESULTS}")


if __name__ == "__main__":
    main()
