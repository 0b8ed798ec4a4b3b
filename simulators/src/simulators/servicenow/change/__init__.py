"""Change management: models, moves, approvals, conflicts, schedules."""
