"""Homework from its source: what an assignment consists of, the student's copy, and the search for
what must not be in it."""
