"""Answers to exercise 5 of homework 4: two right ones, and wrong ones with their message."""

import torch


def by_argsort(scores, lengths, power):
    return (scores / lengths ** power).argsort(descending=True).tolist()


def by_selection(scores, lengths, power):
    rated = {n: float(scores[n]) * float(lengths[n]) ** -power for n in range(len(scores))}
    order = []
    while rated:
        order.append(max(rated, key=rated.get))
        del rated[order[-1]]
    return order


def order_of(rate):
    return lambda scores, lengths, power: torch.argsort(
        rate(scores, lengths, power), descending=True).tolist()


RIGHT = [by_argsort, by_selection]
WRONG = [
    (order_of(lambda scores, lengths, power: scores * lengths ** power),
     "multiplied by the power of the length"),
    (lambda *given: by_argsort(*given)[::-1], "the worst stands first"),
    (order_of(lambda scores, lengths, power: scores), "nothing is divided"),
    (order_of(lambda scores, lengths, power: scores / lengths), "the power is not used"),
    (lambda scores, lengths, power: scores / lengths ** power, "these are the ratings"),
    (lambda *given: torch.tensor(by_argsort(*given)).argsort().tolist(), "which rank each text"),
    (order_of(lambda scores, lengths, power: lengths), "the length itself decides"),
]
