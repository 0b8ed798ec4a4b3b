"""REST door to every MCP tool."""
