"""`python -m simulators.github --port 9103`."""

import argparse
import os

from simulators.github.app import create_app
from simulators.github.behaviour import Behaviour
from simulators.happenings import Happenings
from simulators.serving import forever
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    normal = Behaviour()
    parser = argparse.ArgumentParser(
        prog="simulators.github", description="A GitHub to try things on. It holds nothing real."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9103)
    parser.add_argument("--seed", type=int, default=7, help="another seed, other ids")
    parser.add_argument("--controls", action="store_true", help="serve /__sim/: faults, clock, requests, limits")
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
    forever(app, host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
