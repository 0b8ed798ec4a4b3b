"""The MCP server for Cisco RADKit."""
