"""Answers to exercise 1 of homework 8: right ones, and wrong ones with their message."""

import math
import statistics

import torch

T95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262,
       10: 2.228}


def by_statistics(values):
    n, mean = len(values), statistics.fmean(values)
    if n == 1:
        return mean, math.nan
    return mean, T95[n - 1] * statistics.stdev(values) / math.sqrt(n)


def by_torch(values):
    v = torch.tensor(values, dtype=torch.double)
    half = T95[len(v) - 1] * v.std() / len(v) ** 0.5 if len(v) > 1 else float("nan")
    return v.mean(), half


def by_sums(values):
    n = len(values)
    mean = sum(values) / n
    if n < 2:
        return mean, float("nan")
    squares = sum((v - mean) ** 2 for v in values)
    return mean, T95[n - 1] * (squares / (n - 1) / n) ** 0.5


def wrong(half, middle=statistics.fmean, alone=math.nan):
    def interval(values):
        return middle(values), half(values, len(values)) if len(values) > 1 else alone
    return interval


def right(values, n):
    return T95[n - 1] * statistics.stdev(values) / n ** 0.5


def ends(values):
    mean, half = by_sums(values)
    return mean - half, mean + half


RIGHT = [by_statistics, by_torch, by_sums]
WRONG = [
    (wrong(lambda v, n: 1.96 * statistics.stdev(v) / n ** 0.5), "1.96 is for many values"),
    (wrong(lambda v, n: 2 * statistics.stdev(v) / n ** 0.5), "2 is for many values"),
    (wrong(lambda v, n: T95[n] * statistics.stdev(v) / n ** 0.5), "the freedom of n values"),
    (wrong(lambda v, n: T95[n - 1] * statistics.pstdev(v) / n ** 0.5), "squares are divided by n"),
    (wrong(lambda v, n: T95[n - 1] * statistics.stdev(v)), "the root of n is missing"),
    (wrong(lambda v, n: T95[n - 1] * statistics.stdev(v) / n), "divided by n: divide by its root"),
    (wrong(lambda v, n: T95[n - 1] * statistics.stdev(v) / (n - 1) ** 0.5),
     "divided by the root of n - 1"),
    (wrong(lambda v, n: T95[n - 1] * statistics.variance(v) / n ** 0.5), "this is the variance"),
    (wrong(lambda v, n: 2 * right(v, n)), "this is the whole width"),
    (wrong(lambda v, n: {2: 6.314, 3: 2.920, 6: 2.015, 9: 1.860}[n] * statistics.stdev(v)
           / n ** 0.5), "leaves 5 % on one side"),
    (wrong(lambda v, n: statistics.stdev(v) / n ** 0.5), "this is the standard error"),
    (wrong(lambda v, n: statistics.stdev(v)), "this is the standard deviation"),
    (wrong(lambda v, n: (max(v) - min(v)) / 2), "half the range"),
    (wrong(right, statistics.median), "the median"),
    (ends, "the ends of the interval"),
    (lambda values: ends(values) if len(values) > 1 else by_sums(values),
     "the ends of the interval"),
    (wrong(right, alone=0.0), "one value says nothing about its spread"),
    (lambda values: by_sums(values)[::-1], "the two values are swapped"),
]
