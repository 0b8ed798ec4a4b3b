"""What the tools return, under our own names, one module per noun."""
