"""`python -m simulators.catalyst_center --port 9101`."""

import argparse

from simulators.catalyst_center.app import create_app
from simulators.catalyst_center.behaviour import Behaviour, RateLimit
from simulators.happenings import Happenings
from simulators.serving import forever
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    normal = Behaviour()
    parser = argparse.ArgumentParser(
        prog="simulators.catalyst_center", description="A Catalyst Center to try things on. It holds nothing real."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9101)
    parser.add_argument("--seed", type=int, default=7, help="another seed, other ids")
    parser.add_argument("--controls", action="store_true", help="serve /__sim/: faults, clock, what was deployed")
    parser.add_argument("--token-lifetime", type=float, default=normal.token_lifetime, metavar="SECONDS")
    parser.add_argument("--task-seconds", type=float, default=normal.task_seconds, metavar="SECONDS")
    parser.add_argument("--push-seconds", type=float, default=normal.push_seconds, metavar="SECONDS")
    parser.add_argument("--rate-limit", type=int, metavar="N", help="requests per minute, then 429 with Retry-After")
    return parser.parse_args()


def main() -> None:
    """Serve until told to stop."""
    arguments = _arguments()
    behaviour = Behaviour(
        token_lifetime=arguments.token_lifetime,
        task_seconds=arguments.task_seconds,
        push_seconds=arguments.push_seconds,
        rate_limit=RateLimit(arguments.rate_limit) if arguments.rate_limit else None,
    )
    app = create_app(
        build_world(arguments.seed),
        behaviour=behaviour,
        happenings=Happenings.of_this_run(),
        controls=arguments.controls,
    )
    forever(app, host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
