"""Answers to exercise 3 of homework 8: right ones, and wrong ones with their message."""

import math

A, B, SAME, OPEN = "A is better", "B is better", "no difference that matters", "not decided"


def by_ends(mean, half, smallest):
    if mean - half > -smallest and mean + half < smallest:
        return SAME
    if mean - half > 0:
        return A
    if mean + half < 0:
        return B
    return OPEN


def by_size(mean, half, smallest):
    """Another way: how far the mean is from 0, against the half-width."""
    if math.isnan(half):
        return OPEN
    if abs(mean) + half < smallest:
        return SAME
    if abs(mean) <= half:
        return OPEN
    return A if mean > 0 else B


def wrong(rule):
    """A verdict from the two ends; not decided after one run."""
    def verdict(mean, half, smallest):
        return OPEN if half != half else rule(mean - half, mean + half, smallest)
    return verdict


def clear(low, high, smallest):
    if low > 0:
        return A
    return B if high < 0 else OPEN


def falls_through_to_b(mean, half, smallest):
    low, high = mean - half, mean + half
    if -smallest < low and high < smallest:
        return SAME
    if low > 0:
        return A
    if low <= 0 <= high:
        return OPEN
    return B


def falls_through_to_same(mean, half, smallest):
    low, high = mean - half, mean + half
    if low <= -smallest or high >= smallest:
        return clear(low, high, smallest)
    return SAME


def falls_through_to_a(mean, half, smallest):
    if abs(mean) + half < smallest:
        return SAME
    if mean - half <= 0 <= mean + half:
        return OPEN
    return B if mean + half < 0 else A


def order(low, high, smallest):
    if low > 0:
        return A
    if high < 0:
        return B
    return SAME if -smallest < low and high < smallest else OPEN


def beyond(low, high, smallest):
    if low > smallest:
        return A
    if high < -smallest:
        return B
    return SAME if -smallest < low and high < smallest else OPEN


RIGHT = [by_ends, by_size]
WRONG = [
    (lambda mean, half, smallest: A if mean > 0 else B, "the mean alone decides here"),
    (lambda mean, half, smallest: SAME if abs(mean) < smallest else A if mean > 0 else B,
     "the mean alone decides here"),
    (lambda mean, half, smallest: A if mean >= smallest else B if mean <= -smallest else OPEN,
     "the mean alone decides here"),
    (wrong(lambda low, high, s: A if low > 0 else B if high < 0 else SAME),
     "0 inside the interval does not mean"),
    (lambda mean, half, s: A if mean > half else B if mean < -half else SAME,
     "after one run (half is nan)"),
    (lambda mean, half, s: SAME if -half <= mean <= half else A if mean > 0 else B,
     "after one run (half is nan)"),
    (wrong(lambda low, high, s: SAME if abs(low + high) < 2 * s else clear(low, high, s)),
     "a small mean is not a small difference"),
    (wrong(clear), "`smallest` is never used"),
    (wrong(order), "a certain difference may be too small to matter"),
    (lambda mean, half, smallest: by_ends(-mean, half, smallest), "A and B are swapped"),
    (wrong(beyond), "the interval has to be beyond 0"),
    (wrong(lambda low, high, s: SAME if 0 < high < s else clear(low, high, s)),
     "only one end is compared"),
    (falls_through_to_b, "here that ends in 'B is better'"),
    (falls_through_to_same, "here that ends in 'no difference that matters'"),
    (falls_through_to_a, "here that ends in 'A is better'"),
    (lambda mean, half, smallest: by_ends(mean, half / 2, smallest), "half as wide"),
    (lambda mean, half, smallest: OPEN, "always 'not decided'"),
    (lambda mean, half, smallest: SAME, "always 'no difference that matters'"),
    (lambda mean, half, smallest: A, "always 'A is better'"),
]
