"""RADKit's own client library behind a port of ours: the calls, their threads, and what it raises."""
