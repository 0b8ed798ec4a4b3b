"""MCP server for ServiceNow."""
