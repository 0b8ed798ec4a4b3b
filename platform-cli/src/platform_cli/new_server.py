"""`mcp-platform new-server`: copy the template tree, replacing two words."""

from pathlib import Path


def make(root: Path, name: str) -> list[Path]:
    """Make mcp-NAME."""
    raise NotImplementedError
