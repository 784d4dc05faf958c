"""Answers to exercise 5 of homework 7: two right ones, and wrong ones with their message."""

import math

import torch
import torch.nn.functional as F


def with_cross_entropy(scores, y, real):
    each = F.cross_entropy(scores.transpose(1, 2), y, reduction="none")
    return (each * real).sum() / real.sum()


def with_a_loop(scores, y, real):
    found = [torch.logsumexp(scores[b, t], 0) - scores[b, t, y[b, t]]
             for b, t in real.nonzero().tolist()]
    return torch.stack(found).mean()


def each(scores, y):
    return -scores.log_softmax(2).gather(2, y[:, :, None])[:, :, 0]


RIGHT = [with_cross_entropy, with_a_loop]
WRONG = [
    (lambda scores, y, real: each(scores, y).mean(), "padding is counted"),
    (lambda scores, y, real: (each(scores, y) * real).mean(), "padding is left out of the sum"),
    (lambda scores, y, real: ((each(scores, y) * real).sum(1) / real.sum(1)).mean(),
     "a mean of the texts' own means"),
    (lambda scores, y, real: each(scores, y)[real].sum(), "this is the sum"),
    (lambda scores, y, real: each(scores, y)[real].sum() / len(y), "the number of texts"),
    (lambda scores, y, real: -each(scores, y)[real].mean(), "the sign"),
    (lambda scores, y, real: -scores.log_softmax(1).gather(2, y[:, :, None])[:, :, 0][real].mean(),
     "the softmax runs over the places"),
    (lambda scores, y, real: -scores.gather(2, y[:, :, None])[:, :, 0][real].mean(),
     "the softmax is missing"),
    (lambda scores, y, real: each(scores, y).neg().exp()[real].mean(), "this is the probability"),
    (lambda scores, y, real: each(scores, y)[real].mean().item(), "autograd cannot go back"),
    (lambda scores, y, real: each(scores.detach(), y)[real].mean(), "autograd cannot go back"),
    (lambda scores, y, real: each(scores, y)[real].mean() / math.log(2), "to the base 2"),
    (lambda scores, y, real: each(scores[:, :-1], y[:, 1:])[real[:, 1:]].mean(),
     "one place too late"),
]
