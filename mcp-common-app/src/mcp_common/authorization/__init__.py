"""The policy engine in process, and the files it reads."""
