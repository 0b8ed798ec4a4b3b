"""GitHub as a client meets it: git underneath, pull requests, Actions, limits, tokens that are narrowed and end."""

from simulators.github.app import create_app, serve
from simulators.github.behaviour import APP_ID, APP_SLUG, CLIENT_ID, INSTALLATION_ID, PAT, Behaviour, user_token

__all__ = [
    "APP_ID",
    "APP_SLUG",
    "CLIENT_ID",
    "INSTALLATION_ID",
    "PAT",
    "Behaviour",
    "create_app",
    "serve",
    "user_token",
]
