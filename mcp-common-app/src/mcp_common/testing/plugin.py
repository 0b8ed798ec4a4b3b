"""Pytest fixtures for a test of a server."""
