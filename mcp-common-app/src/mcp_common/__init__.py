"""What makes an MCP server a declaration: identity, policy, secrets, audit and upstream calls, once."""
