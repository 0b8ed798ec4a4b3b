"""Doubles of the upstream systems, one coherent world."""
