"""The policy, asked of both engines."""
