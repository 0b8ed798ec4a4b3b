"""Catalyst Center as a client meets it: tokens, paging, tasks, templates and their deployment."""

from simulators.catalyst_center.app import create_app, serve
from simulators.catalyst_center.behaviour import PASSWORD, USERNAME, Behaviour

__all__ = ["PASSWORD", "USERNAME", "Behaviour", "create_app", "serve"]
