"""The paths of the proxy."""
