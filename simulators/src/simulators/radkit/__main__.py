"""`python -m simulators.radkit --port 9104`."""

import argparse

from simulators.happenings import Happenings
from simulators.radkit.app import create_app
from simulators.radkit.behaviour import Behaviour
from simulators.serving import forever
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulators.radkit", description="A RADKit service to try things on. It holds nothing real."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9104)
    parser.add_argument("--seed", type=int, default=7, help="another seed, other ids")
    parser.add_argument("--controls", action="store_true", help="serve /__sim/: faults, clock, states of devices")
    parser.add_argument("--command-seconds", type=float, default=0.1, metavar="SECONDS")
    parser.add_argument("--connect-seconds", type=float, default=2.0, metavar="SECONDS")
    return parser.parse_args()


def main() -> None:
    """Serve until told to stop."""
    arguments = _arguments()
    behaviour = Behaviour(command_seconds=arguments.command_seconds, connect_seconds=arguments.connect_seconds)
    app = create_app(
        build_world(arguments.seed),
        behaviour=behaviour,
        happenings=Happenings.of_this_run(),
        controls=arguments.controls,
    )
    forever(app, host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
