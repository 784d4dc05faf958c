"""One graded function of a homework: its cases and its points, one definition for the student's
check, the hidden test in the notebook and the grader."""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from .core import Report, examine


def no_cases(seed):
    """What `hidden` is when an exercise has no cases but the ones that the student sees."""
    return []


@dataclass(frozen=True)
class Exercise:
    """A graded function: `exercise(function)` is the student's check, `exercise.grade(function,
    seed)` the grader's.

    name      of the student's function or class in the notebook
    points    for all of it; a case earns its share by its weight
    cases     function of a seed that gives a list of Case; the student sees seed 0
    minutes   that we expect it to take
    hidden    as `cases`, more of them, for grading alone
    seconds   that one call may take
    through   called as `through(function, *arguments)` where a plain call is not enough: classes,
              counted calls; lives in a module `rnnlib/check/hwN_inside.py`
    look_for  pairs (word, sentence): a word in the student's cells that a person should look at
    """

    name: str
    points: int
    cases: Callable
    minutes: int = 0
    hidden: Callable = no_cases
    seconds: float = 4.5  # so that a loop without an end is reported within five
    through: Callable | None = None
    look_for: tuple = ()

    def __call__(self, function):
        """Report on a student's function, tried on the cases of seed 0."""
        return examine(self.driven(function), self.cases(0), self.seconds)

    def driven(self, function):
        """The function as it is called: itself, or through the driver."""
        drive = self.through and callable(function)
        return partial(self.through, function) if drive else function

    def grade(self, function, seed):
        """(points, Report) of a function on all cases of a seed, the hidden ones too.

        `function` is called as it comes: the grader has run the driver where the function lives.
        """
        return self.judged(function, [*self.cases(seed), *self.hidden(seed)])

    def grade_quickly(self, function, seed):
        """As `grade`, without the names of known mistakes."""
        cases = [*self.cases(seed), *self.hidden(seed)]
        return self.judged(function, [replace(case, mistakes=[]) for case in cases])

    def judged(self, function, cases):
        """(points, Report) on these cases: points by weight, to half a point below."""
        report = examine(function, cases, self.seconds)
        held = [line.startswith("holds:") for line in report.lines]
        share = sum(case.weight for case, holds in zip(cases, held, strict=False) if holds)
        whole = sum(case.weight for case in cases)
        return math.floor(2 * self.points * share / whole + 1e-9) / 2, report

    def score(self, function):
        """Points of a function on fresh inputs that nobody knows beforehand: the hidden test."""
        return self.grade_quickly(self.driven(function), secrets.randbelow(2**31))[0]


def no_function(name):
    """Report for a function that the notebook does not have."""
    return Report((f"does not hold: the notebook has no function {name}",), False)
