"""What the test of a server needs; imported by tests only."""
