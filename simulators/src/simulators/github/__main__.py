"""`python -m simulators.github --port 9103`."""

import argparse
import os

from simulators.command import options_of, serve_as_told
from simulators.github.app import create_app
from simulators.github.behaviour import Behaviour
from simulators.happenings import Happenings
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    normal = Behaviour()
    parser = options_of("simulators.github", "A GitHub", port=9103, controls="faults, clock, requests, limits")
    parser.add_argument("--token-lifetime", type=float, default=normal.token_lifetime, metavar="SECONDS")
    parser.add_argument("--rate-limit", type=int, default=normal.core_limit, metavar="N", help="requests per hour")
    parser.add_argument("--run-seconds", type=float, default=normal.run_seconds, help="how long workflow runs take")
    parser.add_argument("--enterprise", default="", metavar="VERSION", help="be a GitHub Enterprise Server")
    parser.add_argument(
        "--app-public-key",
        default=os.environ.get("JWT_PUBLIC_KEY", ""),
        metavar="PEM",
        help="by which the App's JWTs are believed; default: JWT_PUBLIC_KEY",
    )
    return parser.parse_args()


def main() -> None:
    """Serve until told to stop."""
    arguments = _arguments()
    behaviour = Behaviour(
        app_public_key=arguments.app_public_key,
        token_lifetime=arguments.token_lifetime,
        core_limit=arguments.rate_limit,
        run_seconds=arguments.run_seconds,
        enterprise_version=arguments.enterprise,
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
