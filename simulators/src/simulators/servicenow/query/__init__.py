"""The encoded-query language."""
