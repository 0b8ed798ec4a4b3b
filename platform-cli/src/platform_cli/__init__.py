"""The `mcp-platform` command."""
