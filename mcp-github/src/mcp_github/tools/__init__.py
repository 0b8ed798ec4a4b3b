"""The tools, one module per toolset or noun."""
