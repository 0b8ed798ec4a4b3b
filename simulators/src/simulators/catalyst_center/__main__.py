"""`python -m simulators.catalyst_center --port 9101`."""

import argparse

from simulators.catalyst_center.app import create_app
from simulators.serving import forever
from simulators.world import build_world


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(
        prog="simulators.catalyst_center", description="A Catalyst Center to try things on"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9101)
    parser.add_argument("--seed", type=int, default=7, help="another seed, another company")
    parser.add_argument("--controls", action="store_true", help="serve /__sim/: faults, clock, what was deployed")
    arguments = parser.parse_args()
    app = create_app(build_world(arguments.seed), controls=arguments.controls)
    forever(app, host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
