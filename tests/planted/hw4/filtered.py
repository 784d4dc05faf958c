"""Answers to exercise 1 of homework 4: two right ones, and wrong ones with their message."""

import math

import torch


def by_topk(log_probs, t, k):
    k = min(k, log_probs.shape[1])
    best, places = (log_probs / t).topk(k)
    return torch.full_like(log_probs, -math.inf).scatter(1, places, best.log_softmax(1))


def row_by_row(log_probs, t, k):
    rows = []
    for row in log_probs:
        left = set(row.argsort(descending=True)[:k].tolist())
        weights = [math.exp(p / t) if n in left else 0.0 for n, p in enumerate(row.tolist())]
        rows.append(torch.tensor(weights).double() / sum(weights))
    return torch.stack(rows).log()


def cut(log_probs, k, largest=True):
    """-inf where a token is not among the k best."""
    places = log_probs.topk(min(k, log_probs.shape[1]), largest=largest).indices
    gone = torch.ones_like(log_probs, dtype=torch.bool).scatter(1, places, False)
    return log_probs.masked_fill(gone, -math.inf)


def one_bar(log_probs, t, k):
    bar = log_probs.flatten().sort(descending=True).values[min(k, log_probs.numel()) - 1]
    return (log_probs / t).masked_fill(log_probs < bar, -math.inf).log_softmax(-1)


RIGHT = [by_topk, row_by_row]
WRONG = [
    (lambda p, t, k: cut(torch.log_softmax(p / t, -1), k), "does not sum to one"),
    (lambda p, t, k: cut(p, k).log_softmax(-1), "the temperature is missing"),
    (lambda p, t, k: cut(p * t, k).log_softmax(-1), "multiplied by t"),
    (lambda p, t, k: cut(p.exp() / t, k).log_softmax(-1), "the temperature divides probabilities"),
    (lambda p, t, k: (p / t).log_softmax(-1), "nothing is cut"),
    (lambda p, t, k: cut(p / t, k, False).log_softmax(-1), "the k least probable"),
    (lambda p, t, k: cut(p / t, k + 1).log_softmax(-1), "one token too many"),
    (one_bar, "one bar for the whole batch"),
    (lambda p, t, k: cut(p / t, k).log_softmax(0), "each token is scaled over the texts"),
    (lambda p, t, k: cut(p / t, k).softmax(-1), "these are probabilities"),
    (lambda p, t, k: (p / t).topk(min(k, p.shape[1])).values.log_softmax(-1),
     "only the k best are returned"),
]
