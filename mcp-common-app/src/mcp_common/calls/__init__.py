"""The way of one call, and the adapters that lead to it."""
