"""What the command of every simulator is made of: where it listens, which world, and whether it can be controlled."""

import argparse

from starlette.types import ASGIApp

from simulators.serving import forever


def options_of(module: str, what: str, *, port: int | None, controls: str) -> argparse.ArgumentParser:
    """The options that all have. `port` is the usual one, None where it must be given; `controls` says what they do."""
    parser = argparse.ArgumentParser(prog=module, description=f"{what} to try things on. It holds nothing real.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port, required=port is None)
    parser.add_argument("--seed", type=int, default=7, help="another seed, other ids")
    parser.add_argument("--controls", action="store_true", help=f"serve /__sim/: {controls}")
    return parser


def serve_as_told(app: ASGIApp, arguments: argparse.Namespace) -> None:
    """Serve until the process is told to stop."""
    forever(app, host=arguments.host, port=arguments.port)
