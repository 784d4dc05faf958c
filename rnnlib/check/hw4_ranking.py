"""Homework 4, exercise 5: how to rank texts of unequal length."""

import torch

from .core import Case
from .drawing import Draw


def right_ranked(scores, lengths, power):
    """What is expected: the texts by log-probability / length ** power, the best one first."""
    rated = (scores.double() / lengths.double() ** power).tolist()
    return sorted(range(len(rated)), key=lambda n: -rated[n])


def rated_by(rate):
    """Ranked by another rating; `rate` takes scores, lengths and power."""
    return lambda *given: rate(*given).argsort(descending=True).tolist()


RANKED_MISTAKES = [
    ("multiplied by the power of the length: this pushes long texts down even further, divide",
     rated_by(lambda scores, lengths, power: scores * lengths ** power)),
    ("the worst stands first: log-probabilities are negative, the best is the one nearest to 0",
     lambda *given: right_ranked(*given)[::-1]),
    ("nothing is divided: the sum alone prefers short texts",
     rated_by(lambda scores, lengths, power: scores + 0.0 * lengths)),
    ("the power is not used: this is the mean for each token",
     rated_by(lambda scores, lengths, power: scores / lengths)),
    ("the power multiplies the length: it is its exponent",
     rated_by(lambda scores, lengths, power: scores / (lengths * power))),
    ("these are the ratings: the places of the texts are asked for, best first",
     lambda scores, lengths, power: scores / lengths ** power),
    ("this says which rank each text has: asked is which text has each rank",
     lambda *given: torch.tensor(right_ranked(*given)).argsort().tolist()),
    ("the length itself decides: the longest stands first",
     rated_by(lambda scores, lengths, power: lengths.double())),
]


def ranked_case(name, draw, count, power, weight=1):
    """A case of ranking, its orders under sum, mean and product all different where possible."""
    for _ in range(300):
        lengths = 1 + draw.ids(12, count)
        scores = -(lengths * (0.5 + draw.ids(40, count) / 20)).double() - 0.01 * torch.arange(
            count).double()
        orders = {tuple(right_ranked(scores, lengths, p)) for p in (power, 0.0, 1.0, -power)}
        if len(orders) == 4 - (power == 1.0) or count < 3:
            break
    return Case(name, [(scores, lengths, power)], right_ranked, RANKED_MISTAKES, weight=weight)


def ranked_cases(seed):
    """Two texts, five, nine."""
    draw = Draw(seed + 48)
    return [ranked_case("five texts, by the mean for each token", draw, 5, 1.0, 2),
            ranked_case("six texts, a power between sum and mean", draw, 6, 0.6, 2)]


def ranked_hidden(seed):
    """More texts."""
    return [ranked_case("twenty texts", Draw(seed + 49), 20, 0.75)]
