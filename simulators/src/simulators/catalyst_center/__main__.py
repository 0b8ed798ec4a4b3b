"""`python -m simulators.catalyst_center --port 9101`."""

import argparse

from simulators.catalyst_center.app import create_app
from simulators.catalyst_center.behaviour import Behaviour, RateLimit
from simulators.command import options_of, serve_as_told
from simulators.happenings import Happenings
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    normal = Behaviour()
    parser = options_of(
        "simulators.catalyst_center", "A Catalyst Center", port=9101, controls="faults, clock, what was deployed"
    )
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
    serve_as_told(app, arguments)


if __name__ == "__main__":
    main()
