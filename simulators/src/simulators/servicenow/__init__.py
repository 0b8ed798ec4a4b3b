"""ServiceNow as a client meets it: encoded queries, display values, access control, state machines."""

from simulators.servicenow.app import create_app, serve
from simulators.servicenow.behaviour import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, Behaviour

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "PASSWORD", "USERNAME", "Behaviour", "create_app", "serve"]
