"""Grading a class: each submission's code runs locked up in a process of its own and answers calls
with values; the points are computed outside, from those values."""
