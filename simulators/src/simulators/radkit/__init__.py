"""A RADKit service as a client meets it: an inventory, terminals, SNMP and the devices' own APIs.

What RADKit's client and service say to each other is not public. Here it is plain HTTP of our own, known to nobody but
`simulators.radkit.client`, which has the documented surface of `radkit_client.sync`.
"""

from simulators.radkit.app import create_app, serve
from simulators.radkit.behaviour import IDENTITY, PASSWORD, SERIAL, TOKEN, USERNAME, Behaviour

__all__ = ["IDENTITY", "PASSWORD", "SERIAL", "TOKEN", "USERNAME", "Behaviour", "create_app", "serve"]
