"""`mcp-platform tour`: one trouble through every system, by the people whose work it is, each step with its right."""
