"""Answers to exercise 4 of homework 8: right ones, and wrong ones with their message."""

import math


def weights(g, D, K, H):
    return g * (H * H + H * D + H) + K * H + K


def upwards(g, D, K, budget):
    H = 0
    while weights(g, D, K, H + 1) <= budget:
        H += 1
    return H


def by_the_root(g, D, K, budget):
    """Another way: g H^2 + (g D + g + K) H + K - budget = 0."""
    p, q = g * D + g + K, K - budget
    return int((-p + math.sqrt(p * p - 4 * g * q)) / (2 * g) + 1e-9)


def by_halving(g, D, K, budget):
    low, high = 1, budget
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if weights(g, D, K, middle) <= budget else (low, middle)
    return low


def wrong(count):
    def widest(g, D, K, budget):
        return max(H for H in range(1, 600) if count(g, D, K, H) <= budget)
    return widest


def nearest(g, D, K, budget):
    return min(range(1, 600), key=lambda H: abs(weights(g, D, K, H) - budget))


RIGHT = [upwards, by_the_root, by_halving]
WRONG = [
    (wrong(lambda g, D, K, H: g * H * (H + D + 1)), "the output layer is missing"),
    (wrong(lambda g, D, K, H: g * H * (H + D) + H * K), "the biases are missing"),
    (wrong(lambda g, D, K, H: weights(g, D, K, H) - K), "the bias of the output layer is missing"),
    (wrong(lambda g, D, K, H: weights(g, D, K, H) - g * H), "the biases of the cell are missing"),
    (wrong(lambda g, D, K, H: weights(g, 0, K, H)), "the input matrices are missing"),
    (wrong(lambda g, D, K, H: g * H * H + weights(1, D, K, H) - H * H),
     "g counts for the state's matrices alone"),
    (wrong(lambda g, D, K, H: g * weights(1, D, K, H)), "the output layer is multiplied by g"),
    (lambda g, D, K, budget: upwards(1, D, K, budget), "g is ignored"),
    (nearest, "the nearest size"),
    (lambda g, D, K, budget: upwards(g, D, K, budget - 1), "exactly the budget is allowed"),
    (lambda g, D, K, budget: (math.sqrt((g * D + g + K) ** 2 + 4 * g * (budget - K))
                              - (g * D + g + K)) / (2 * g), "a width is a whole number"),
    (lambda *given: upwards(*given) + 1, "one too many"),
    (lambda *given: upwards(*given) - 1, "one too few"),
    (lambda g, D, K, budget: weights(g, D, K, upwards(g, D, K, budget)),
     "this is the number of weights"),
]
