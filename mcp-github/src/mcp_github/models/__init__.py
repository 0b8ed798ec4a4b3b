"""What the tools answer, one module per noun."""
