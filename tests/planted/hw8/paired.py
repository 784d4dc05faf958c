"""Answers to exercise 2 of homework 8: right ones, and wrong ones with their message."""

import math
from statistics import fmean, stdev

T95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262,
       10: 2.228, 12: 2.179, 14: 2.145, 16: 2.120}


def interval(values):
    if len(values) == 1:
        return values[0], math.nan
    return fmean(values), T95[len(values) - 1] * stdev(values) / math.sqrt(len(values))


def by_common_seeds(a, b):
    return interval([a[seed] - b[seed] for seed in a if seed in b])


def by_a_loop(a, b):
    found = []
    for seed in sorted(b):
        if seed in a:
            found.append(a[seed] - b[seed])
    n = len(found)
    mean = sum(found) / n
    if n == 1:
        return mean, math.nan
    return mean, T95[n - 1] * (sum((d - mean) ** 2 for d in found) / (n - 1) / n) ** 0.5


def common(a, b):
    seeds = [seed for seed in a if seed in b]
    return [a[s] for s in seeds], [b[s] for s in seeds]


def apart(half):
    def function(a, b):
        x, y = common(a, b)
        if len(x) == 1:
            return x[0] - y[0], math.nan
        return fmean(x) - fmean(y), half(x, y)
    return function


def each(change):
    return lambda a, b: interval([change(x, y) for x, y in zip(*common(a, b))])


def error(x):
    return stdev(x) / len(x) ** 0.5


def ranked(a, b):
    x, y = common(a, b)
    return interval([p - q for p, q in zip(sorted(x), sorted(y))])


def ends(a, b):
    mean, half = by_common_seeds(a, b)
    return mean - half, mean + half


def large_n(a, b):
    d = [a[s] - b[s] for s in a if s in b]
    return fmean(d), 1.96 * error(d) if len(d) > 1 else math.nan


RIGHT = [by_common_seeds, by_a_loop]
WRONG = [
    (apart(lambda x, y: (interval(x)[1] ** 2 + interval(y)[1] ** 2) ** 0.5),
     "the seeds are not paired"),
    (apart(lambda x, y: T95[2 * len(x) - 2] * math.hypot(error(x), error(y))),
     "the seeds are not paired"),
    (lambda a, b: (fmean(a.values()) - fmean(b.values()), math.hypot(
        interval([*a.values()])[1], interval([*b.values()])[1])), "those of one side alone count"),
    (apart(lambda x, y: interval(x)[1] + interval(y)[1]), "the half-widths are added"),
    (apart(lambda x, y: interval(x)[1] - interval(y)[1]), "the half-widths are subtracted"),
    (apart(lambda x, y: interval(x)[1]), "the half-width of a alone"),
    (lambda a, b: by_common_seeds(b, a), "turned round"),
    (each(lambda x, y: abs(x - y)), "absolute differences"),
    (each(lambda x, y: (x - y) / y), "relative differences"),
    (each(lambda x, y: x / y), "ratios"),
    (lambda a, b: interval([x - y for x, y in zip(a.values(), b.values())]),
     "paired by their place in the dict"),
    (ranked, "paired by rank"),
    (lambda a, b: (fmean(a.values()) - fmean(b.values()), by_common_seeds(a, b)[1]),
     "the means are over all seeds"),
    (lambda a, b: interval([a.get(s, 0) - b.get(s, 0) for s in sorted({*a, *b})]),
     "missing on one side counts as 0"),
    (large_n, "1.96 is for many pairs"),
    (ends, "the ends of the interval"),
    (lambda a, b: by_common_seeds(a, b)[0], "the mean difference alone"),
]
