"""Homework 8, exercises 1 and 2: the interval of a mean over seeds, and of a difference by seed."""

import math
from statistics import fmean, median, pstdev, stdev

from .. import metrics
from .core import Case
from .drawing import Draw

ROUNDED = 1e-3
"""The table of t in the notebook has four digits."""


def t_of(n):
    """The t of a 95 % interval from n values."""
    return metrics.student(n - 1)


def spread(values, half):
    """(mean, half(values)); half is nan for one value."""
    return fmean(values), half(values) if len(values) > 1 else math.nan


def other(half):
    """Another half-width, the right mean."""
    return lambda values: spread(values, half)


def error(values):
    """The standard error of the mean."""
    return stdev(values) / math.sqrt(len(values))


def student_half(values):
    """What is expected."""
    return t_of(len(values)) * error(values)


def one_sided(n):
    """The t that 5 % lie above."""
    table = {2: 6.314, 3: 2.920, 4: 2.353, 5: 2.132, 6: 2.015, 7: 1.943, 8: 1.895, 9: 1.860,
             10: 1.833}
    return table[n]


def right_interval(values):
    """What is expected."""
    return spread(values, student_half)


INTERVAL_MISTAKES = [
    ("1.96 is for many values: with few the table's t is larger",
     other(lambda v: 1.96 * error(v))),
    ("2 is for many values: with few the table's t is larger", other(lambda v: 2 * error(v))),
    ("the freedom of n values is n - 1", other(lambda v: t_of(len(v) + 1) * error(v))),
    ("the squares are divided by n: with a mean from the same values divide by n - 1",
     other(lambda v: t_of(len(v)) * pstdev(v) / math.sqrt(len(v)))),
    ("the root of n is missing: this is how far single values spread, not their mean",
     other(lambda v: t_of(len(v)) * stdev(v))),
    ("divided by n: divide by its root", other(lambda v: t_of(len(v)) * stdev(v) / len(v))),
    ("divided by the root of n - 1: the freedom belongs to t and to the deviation",
     other(lambda v: t_of(len(v)) * stdev(v) / math.sqrt(len(v) - 1))),
    ("this is the variance: take its root",
     other(lambda v: t_of(len(v)) * stdev(v) ** 2 / math.sqrt(len(v)))),
    ("this is the whole width: half of it is asked for", other(lambda v: 2 * student_half(v))),
    ("this t leaves 5 % on one side: of a 95 % interval 2.5 % lie on each",
     other(lambda v: one_sided(len(v)) * error(v))),
    ("t is missing: this is the standard error", other(error)),
    ("t and the root of n are missing: this is the standard deviation", other(stdev)),
    ("half the range: it grows with the number of seeds", other(
        lambda v: (max(v) - min(v)) / 2)),
    ("the median: the mean is asked for",
     lambda v: (median(v), right_interval(v)[1])),
    ("these are the ends of the interval: asked are its middle and half its width",
     lambda v: (right_interval(v)[0] - right_interval(v)[1], sum(right_interval(v)))),
    ("these are the ends of the interval: asked are its middle and half its width",
     lambda v: (fmean(v) - student_half(v), fmean(v) + student_half(v)) if len(v) > 1
     else right_interval(v)),
    ("one value says nothing about its spread: half is then math.nan, not 0",
     lambda v: (fmean(v), student_half(v) if len(v) > 1 else 0.0)),
    ("the two values are swapped: the mean comes first", lambda v: right_interval(v)[::-1]),
]


def scores(draw, n):
    """n scores around 80, not symmetric."""
    return [round(80 + x, 1) for x in (3 * draw.normal(n).double()).tolist()]


def interval_case(name, inputs, weight=1):
    """A case of the interval."""
    return Case(name, inputs, right_interval, INTERVAL_MISTAKES, ROUNDED, ("mean", "half"), weight)


def interval_cases(seed):
    """Three seeds, two, six, one."""
    draw = Draw(seed + 80)
    return [interval_case("three seeds", [(scores(draw, 3),)], 2),
            interval_case("two seeds", [(scores(draw, 2),)]),
            interval_case("six seeds", [(scores(draw, 6),)], 2),
            interval_case("one seed", [(scores(draw, 1),)])]


def interval_hidden(seed):
    """Nine seeds."""
    return [interval_case("nine seeds", [(scores(Draw(seed + 81), 9),)])]


# --- differences by seed ------------------------------------------------------------------------


def both(a, b):
    """The values of the seeds that both have, a and b."""
    seeds = sorted(a.keys() & b.keys())
    return [a[s] for s in seeds], [b[s] for s in seeds]


def differences(a, b):
    """a - b for each seed that both have."""
    return [x - y for x, y in zip(*both(a, b), strict=True)]


def right_paired(a, b):
    """What is expected."""
    return right_interval(differences(a, b))


def of_differences(change):
    """The interval of changed differences; `change` takes the values of a and of b."""
    return lambda a, b: right_interval([change(x, y) for x, y in zip(*both(a, b), strict=True)])


def apart(half):
    """The right mean; half from the two lists."""
    def function(a, b):
        mean = fmean(differences(a, b))
        one, two = both(a, b)
        return mean, half(one, two) if len(one) > 1 else math.nan
    return function


def by_place(a, b):
    """Pairs in the order of the dicts."""
    return right_interval([x - y for x, y in zip(a.values(), b.values(), strict=False)])


def by_rank(a, b):
    """The best with the best."""
    pairs = zip(*(sorted(side) for side in both(a, b)), strict=True)
    return right_interval([x - y for x, y in pairs])


def all_means(a, b):
    """The difference of the means of all seeds."""
    return fmean(a.values()) - fmean(b.values()), right_paired(a, b)[1]


PAIRED_MISTAKES = [
    ("the seeds are not paired: the interval is that of the differences, seed by seed",
     apart(lambda x, y: math.hypot(student_half(x), student_half(y)))),
    ("the seeds are not paired: the interval is that of the differences, seed by seed",
     apart(lambda x, y: t_of(2 * len(x) - 1) * math.hypot(error(x), error(y)))),
    ("the seeds are not paired, and those of one side alone count: take the differences of the "
     "seeds that both have", lambda a, b: (fmean(a.values()) - fmean(b.values()), math.hypot(
         right_interval([*a.values()])[1], right_interval([*b.values()])[1]))),
    ("the half-widths are subtracted: the interval is that of the differences, seed by seed",
     apart(lambda x, y: student_half(x) - student_half(y))),
    ("the half-widths are added: the interval is that of the differences, seed by seed",
     apart(lambda x, y: student_half(x) + student_half(y))),
    ("this is the half-width of a alone", apart(lambda x, y: student_half(x))),
    ("turned round: the difference is a - b", of_differences(lambda x, y: y - x)),
    ("absolute differences: plus and minus belong to the finding",
     of_differences(lambda x, y: abs(x - y))),
    ("relative differences: asked is a - b", of_differences(lambda x, y: (x - y) / y)),
    ("ratios: asked is a - b", of_differences(lambda x, y: x / y)),
    ("paired by their place in the dict: the same seed belongs together", by_place),
    ("paired by rank: the same seed belongs together, whichever came out best", by_rank),
    ("the means are over all seeds: only a seed that both have says how they differ", all_means),
    ("a seed that is missing on one side counts as 0: leave it out",
     lambda a, b: right_interval([a.get(s, 0) - b.get(s, 0) for s in sorted(a.keys() | b.keys())])),
    ("1.96 is for many pairs: with few the table's t is larger",
     lambda a, b: (right_paired(a, b)[0], 1.96 * error(differences(a, b))
                   if len(differences(a, b)) > 1 else math.nan)),
    ("these are the ends of the interval: asked are its middle and half its width",
     lambda a, b: (right_paired(a, b)[0] - right_paired(a, b)[1], sum(right_paired(a, b)))),
    ("this is the mean difference alone: return it and half the width of its interval",
     lambda a, b: right_paired(a, b)[0]),
]


def two_sides(draw, seeds_a, seeds_b):
    """Dicts seed -> score; the scores of a seed go up and down together."""
    hard = dict(zip(range(20), (4 * draw.normal(20).double()).tolist(), strict=True))
    a = {s: round(81 + hard[s] + x, 1) for s, x in zip(seeds_a, draw.normal(len(seeds_a)).tolist(),
                                                       strict=True)}
    b = {s: round(80 + hard[s] + x, 1) for s, x in zip(seeds_b, draw.normal(len(seeds_b)).tolist(),
                                                       strict=True)}
    return a, b


def paired_case(name, arguments, weight=1):
    """A case of the differences."""
    return Case(name, [arguments], right_paired, PAIRED_MISTAKES, ROUNDED, ("mean", "half"),
                weight)


def paired_cases(seed):
    """The same seeds, in another order, some of them missing."""
    draw = Draw(seed + 82)
    return [paired_case("three seeds", two_sides(draw, [0, 1, 2], [0, 1, 2])),
            paired_case("four seeds, the dicts in different orders",
                        two_sides(draw, [3, 1, 2, 0], [0, 1, 2, 3]), 2),
            paired_case("seeds that only one side has",
                        two_sides(draw, [0, 1, 2, 5, 4], [7, 5, 4, 1, 0]), 2)]


def paired_hidden(seed):
    """More seeds."""
    draw = Draw(seed + 83)
    return [paired_case("nine seeds", two_sides(draw, [*range(9)], [*range(8, -1, -1)])),
            paired_case("one seed that both have", two_sides(draw, [0, 1], [1, 2]))]
