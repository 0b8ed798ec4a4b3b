"""Runs of commands: kept, shown in parts, parsed into records, compared."""
