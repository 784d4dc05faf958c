"""Answers to exercise 3 of homework 3: right ones, and wrong ones with their message."""

import math

import torch


def by_where(log_probs, ids, unk, outside):
    p = torch.where(ids == unk, log_probs - math.log(outside), log_probs)
    return torch.exp(-p.mean())


def in_a_loop(log_probs, ids, unk, outside):
    nats = 0.0
    for p, i in zip(log_probs, ids):
        nats -= p.item()
        if i == unk:
            nats += math.log(outside)
    return math.exp(nats / len(ids))


def by_products(log_probs, ids, unk, outside):
    plain = math.exp(-log_probs.mean().item())
    share = (ids == unk).double().mean().item()
    return plain * outside ** share


def nats(change):
    """Perplexity from changed log-probabilities."""
    return lambda p, ids, unk, outside: float((-change(p, ids == unk, outside).mean()).exp())


RIGHT = [by_where, in_a_loop, by_products]
WRONG = [
    (nats(lambda p, rare, m: p), "nothing is adjusted"),
    (nats(lambda p, rare, m: p + rare * math.log(m)), "the probability of <unk> is multiplied"),
    (nats(lambda p, rare, m: (p.exp() / m).log()), "every word is divided"),
    (nats(lambda p, rare, m: torch.where(rare, p / m, p)), "the log-probability is divided"),
    (nats(lambda p, rare, m: torch.where(rare, p * m, p)), "the log-probability is multiplied"),
    (nats(lambda p, rare, m: p - rare * m), "its logarithm belongs there"),
    (nats(lambda p, rare, m: p[~rare]), "the unknown words are left out"),
    (nats(lambda p, rare, m: p.masked_fill(rare, 0.0)), "cost nothing, but are counted"),
    (lambda p, ids, unk, m: math.exp((math.log(m) - p.sum().item()) / len(p)),
     "<unk> is adjusted once"),
    (lambda *given: math.log(by_where(*given)), "these are nats"),
    (lambda *given: 2 ** math.log(by_where(*given)), "2 to the power of nats"),
    (lambda p, ids, unk, m: (-torch.where(ids == unk, p - math.log(m), p)).exp().mean(),
     "a mean of single perplexities"),
    (lambda *given: 1 / by_where(*given), "the sign"),
    (lambda p, ids, unk, m: float(by_where(p, ids, unk, m)) ** len(p), "not divided by the number"),
]
