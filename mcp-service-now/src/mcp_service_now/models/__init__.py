"""What the tools return, one module per noun."""
