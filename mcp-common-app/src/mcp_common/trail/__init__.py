"""The audit trail's lines, chain and file, and the check that finds what was altered."""
