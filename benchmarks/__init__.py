"""Measurements: `make bench`. Everything compared is measured in one run, in turn, and told as a ratio."""
