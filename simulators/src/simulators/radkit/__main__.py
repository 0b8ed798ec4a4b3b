"""`python -m simulators.radkit --port 9104`."""

import argparse

from simulators.command import options_of, serve_as_told
from simulators.happenings import Happenings
from simulators.radkit.app import create_app
from simulators.radkit.behaviour import Behaviour
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    parser = options_of("simulators.radkit", "A RADKit service", port=9104, controls="faults, clock, states of devices")
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
    serve_as_told(app, arguments)


if __name__ == "__main__":
    main()
