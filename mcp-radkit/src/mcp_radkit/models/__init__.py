"""What the tools return."""
