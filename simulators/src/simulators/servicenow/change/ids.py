"""Ids of what every instance brings along."""

import hashlib


def fixed_id(*parts: str) -> str:
    """A sys_id that depends on the name alone: 32 hex digits."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]
