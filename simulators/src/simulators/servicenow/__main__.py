"""`python -m simulators.servicenow --port 9102`."""

import argparse
import os

from simulators.command import options_of, serve_as_told
from simulators.servicenow.app import create_app
from simulators.servicenow.behaviour import CLIENT_ID, Behaviour, OAuthClient, RateRule
from simulators.world import build_world


def _arguments() -> argparse.Namespace:
    normal = Behaviour()
    parser = options_of(
        "simulators.servicenow", "A ServiceNow instance", port=9102, controls="faults, clock, requests, scripts"
    )
    parser.add_argument("--token-lifetime", type=float, default=normal.access_token_lifetime, metavar="SECONDS")
    parser.add_argument("--rate-limit", type=int, metavar="N", help="requests per user and hour, then 429")
    parser.add_argument("--time-zone", default=normal.time_zone, help="of users who have set none")
    parser.add_argument(
        "--jwt-public-key",
        default=os.environ.get("JWT_PUBLIC_KEY", ""),
        metavar="PEM",
        help="switches the JWT bearer grant on, key id mcp-platform; default: JWT_PUBLIC_KEY",
    )
    parser.add_argument("--hibernating", action="store_true", help="answer everything with 200 and a page")
    return parser.parse_args()


def main() -> None:
    """Serve until told to stop."""
    arguments = _arguments()
    application = OAuthClient(public_key=arguments.jwt_public_key, key_id=CLIENT_ID)
    behaviour = Behaviour(
        clients={CLIENT_ID: application},
        access_token_lifetime=arguments.token_lifetime,
        time_zone=arguments.time_zone,
        hibernating=arguments.hibernating,
        rate_rules=(RateRule(arguments.rate_limit),) if arguments.rate_limit else (),
    )
    app = create_app(build_world(arguments.seed), behaviour=behaviour, controls=arguments.controls)
    serve_as_told(app, arguments)


if __name__ == "__main__":
    main()
