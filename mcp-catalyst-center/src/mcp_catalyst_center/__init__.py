"""MCP server for Cisco Catalyst Center."""
