"""Regions of a cell between two markers, as nbgrader knows them: solutions, hidden tests, mark
schemes."""

import re

SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN_TESTS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
MARK_SCHEME = ("BEGIN MARK SCHEME", "END MARK SCHEME")
EVERY = (SOLUTION, HIDDEN_TESTS, MARK_SCHEME)


def cut(source, markers, stub=()):
    """(source with each region replaced by the lines of a stub, the lines that were cut out).

    The stub gets the indentation of the opening marker. Raises ValueError for a region that opens
    twice or never ends.
    """
    begin, end = markers
    kept, removed, inside = [], [], False
    for line in source.split("\n"):
        if begin in line:
            if inside:
                raise ValueError(f"{begin} stands twice without {end}")
            inside = True
            indent = re.match(r"\s*", line)[0]
            kept += [indent + words for words in stub]
        elif end in line:
            inside = False
        elif inside:
            removed.append(line)
        else:
            kept.append(line)
    if inside:
        raise ValueError(f"{begin} has no {end}")
    return "\n".join(kept), removed


def has(source, markers):
    """Whether a source has a region of this kind."""
    return markers[0] in source
