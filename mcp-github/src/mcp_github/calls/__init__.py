"""The calls to GitHub, one module per noun."""
