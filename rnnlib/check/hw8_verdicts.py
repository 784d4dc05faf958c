"""Homework 8, exercise 3: what an interval allows one to say."""

import math

from .core import Case
from .drawing import Draw

A, B, SAME, OPEN = "A is better", "B is better", "no difference that matters", "not decided"


def right_verdict(mean, half, smallest):
    """What is expected: by where the ends of the interval lie."""
    low, high = mean - half, mean + half
    inside = [end for end in (low, high) if -smallest < end < smallest]
    if len(inside) == 2:
        return SAME
    signs = {end > 0 for end in (low, high) if not math.isnan(end)}
    return {frozenset([True]): A, frozenset([False]): B}.get(frozenset(signs), OPEN)


def by_ends(rule):
    """A verdict from low, high and smallest; not decided when half is nan."""
    def function(mean, half, smallest):
        return OPEN if math.isnan(half) else rule(mean - half, mean + half, smallest)
    return function


def sided(low, high, between=OPEN):
    """A, B, or what is said when 0 lies inside."""
    return A if low > 0 else B if high < 0 else between


def always(answer):
    """The same verdict on everything."""
    return lambda mean, half, smallest: answer


VERDICT_MISTAKES = [
    ("the mean alone decides here: look at both ends of the interval",
     lambda mean, half, smallest: A if mean > 0 else B),
    ("the mean alone decides here: look at both ends of the interval",
     lambda mean, half, smallest: SAME if abs(mean) < smallest else A if mean > 0 else B),
    ("the mean alone decides here: look at both ends of the interval",
     lambda mean, half, smallest: OPEN if abs(mean) < smallest else A if mean > 0 else B),
    ("0 inside the interval does not mean that there is no difference: with few seeds it means "
     "that it is not decided", by_ends(lambda low, high, s: sided(low, high, SAME))),
    ("0 inside the interval does not mean that there is no difference, and after one run (half is "
     "nan) nothing is decided", lambda mean, half, smallest: sided(
         mean - half, mean + half, SAME)),
    ("0 inside the interval does not mean that there is no difference, and after one run (half is "
     "nan) nothing is decided", lambda mean, half, smallest: (
         SAME if abs(mean) <= half else A if mean > 0 else B)),
    ("a small mean is not a small difference: the whole interval has to lie within `smallest`",
     by_ends(lambda low, high, s: SAME if abs(low + high) / 2 < s else sided(low, high))),
    ("`smallest` is never used: an interval that lies within it says that the two are as good as "
     "equal", by_ends(lambda low, high, s: sided(low, high))),
    ("a certain difference may be too small to matter: ask first whether the whole interval lies "
     "within `smallest`",
     by_ends(lambda low, high, s: SAME if -s < low < 0 < high < s else sided(low, high))),
    ("A and B are swapped: the difference is A - B, and more is better",
     by_ends(lambda low, high, s: SAME if -s < low and high < s else sided(-high, -low))),
    ("the interval has to be beyond 0, not beyond `smallest`, for one to be better",
     by_ends(lambda low, high, s: SAME if -s < low and high < s else A if low > s
             else B if high < -s else OPEN)),
    ("only one end is compared with `smallest`: the whole interval has to lie within",
     by_ends(lambda low, high, s: SAME if high < s and high > 0 else sided(low, high))),
    *((f"half is nan after one run, and every comparison with nan is false: here that ends in "
       f"{answer!r}", lambda mean, half, smallest, answer=answer: answer if math.isnan(half)
       else right_verdict(mean, half, smallest)) for answer in (A, B, SAME)),
    ("the interval is taken for half as wide: it reaches from mean - half to mean + half",
     lambda mean, half, smallest: right_verdict(mean, half / 2, smallest)),
    *((f"always {answer!r}", always(answer)) for answer in (A, B, SAME, OPEN)),
]


def verdict_case(name, inputs, weight=1):
    """A case of verdicts on several intervals."""
    return Case(name, inputs, right_verdict, VERDICT_MISTAKES, weight=weight)


def verdict_cases(seed):
    """Clear ones; undecided ones; small ones; one run."""
    shift = Draw(seed + 84).ids(40, 4).div(100).tolist()
    a, b, c, d = shift
    return [
        verdict_case("clear on either side", [(3 + a, 1.0, 0.5), (-3 - b, 1.0, 0.5)]),
        verdict_case("0 lies inside, and the interval is wide",
                     [(0.6 + a, 2.1, 0.5), (-0.3 - b, 1.6, 1.0), (0.1 + c, 1.2, 0.8),
                      (4.0 + d, 1.0, 0.5)], 2),
        verdict_case("the whole interval is too small to matter",
                     [(0.1 + a / 4, 0.3, 0.7), (0.4 + b / 4, 0.2, 0.9), (-0.4 - c / 4, 0.2, 0.9),
                      (2.4 + d, 0.8, 0.9)], 2),
        verdict_case("better, but perhaps not by much",
                     [(1.0 + a / 2, 0.9, 0.5), (-1.0 - b / 2, 0.9, 0.5), (1.0 + c, 1.7, 0.5)]),
        verdict_case("one run: half is nan",
                     [(5.0 + a, math.nan, 0.5), (-5.0 - b, math.nan, 0.5), (5.0 + c, 2.0, 0.5)]),
    ]


def verdict_hidden(seed):
    """More of them."""
    draw = Draw(seed + 85)
    many = [(m, abs(h), 0.05 + abs(s)) for m, h, s in draw.normal(30, 3).double().tolist()]
    safe = [one for one in many if min(abs(abs(one[0]) - one[1]), abs(
        one[2] - abs(one[0]) - one[1])) > 1e-6]
    return [verdict_case("thirty intervals", safe)]
