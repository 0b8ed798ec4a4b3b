"""Pooled HTTP between parts of the platform."""
