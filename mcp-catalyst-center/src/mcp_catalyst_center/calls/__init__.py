"""The calls to Catalyst Center, one module per noun, with the shapes of their answers."""
