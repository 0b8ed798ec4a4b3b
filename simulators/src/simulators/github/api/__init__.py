"""The areas of the REST API; each module has `routes`."""
