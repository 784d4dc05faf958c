"""Answers to exercise 3 of homework 7: two right ones, and wrong ones with their message."""

import math

import torch


def with_products(s, h, real):
    scores = (h @ s[:, :, None])[:, :, 0]
    a = scores.masked_fill(~real, -math.inf).softmax(1)
    return (a[:, None] @ h)[:, 0], a


def one_by_one(s, h, real):
    c, a = torch.zeros_like(s), torch.zeros_like(h[..., 0])
    for b in range(len(s)):
        places = real[b].nonzero()[:, 0]
        scores = torch.stack([torch.dot(s[b], h[b, j]) for j in places])
        share = (scores - scores.max()).exp()
        a[b, places] = share / share.sum()
        c[b] = sum(a[b, j] * h[b, j] for j in places)
    return c, a


def scores_of(s, h):
    return (s[:, None] * h).sum(2)


def wrong(to_weights, see=lambda a, s, h: (a[..., None] * h).sum(1)):
    def attend(s, h, real):
        a = to_weights(scores_of(s, h), real)
        return see(a, s, h), a
    return attend


def masked(scores, real):
    return scores.masked_fill(~real, -math.inf).softmax(1)


def by_sum(scores, real):
    kept = scores * real
    return kept / kept.sum(1, keepdim=True)


def plain_mean(a, s, h):
    share = (a > 0).float()
    return (share[..., None] * h).sum(1) / share.sum(1, keepdim=True)


RIGHT = [with_products, one_by_one]
WRONG = [
    (wrong(masked, lambda a, s, h: (a[..., None] * s[:, None]).sum(1)),
     "without the encoder's states"),
    (wrong(masked, lambda a, s, h: s), "without the encoder's states"),
    (wrong(lambda scores, real: scores.softmax(1)), "padding is looked at"),
    (wrong(lambda scores, real: scores.softmax(1) * real), "masked after the softmax"),
    (wrong(lambda scores, real: (scores * real).softmax(1)), "scores of 0 in padding"),
    (wrong(lambda scores, real: scores.masked_fill(~real, -math.inf).softmax(0)),
     "the softmax runs over the batch"),
    (wrong(lambda scores, real: scores * real), "no softmax"),
    (wrong(by_sum), "divided by the sum of the scores"),
    (wrong(masked, plain_mean), "the plain mean"),
    (wrong(masked, lambda a, s, h: h[torch.arange(len(h)), a.argmax(1)]),
     "the state of the largest weight alone"),
    (wrong(masked, lambda a, s, h: a[..., None] * h), "are not added up"),
    (wrong(masked, lambda a, s, h: (a[..., None] * h).mean(1)), "the weighted states are averaged"),
    (lambda s, h, real: with_products(s / math.sqrt(s.shape[1]), h, real), "the square root"),
    (lambda s, h, real: with_products(-s, h, real), "the sign of the scores"),
    (lambda *given: with_products(*given)[::-1], "the two values are swapped"),
]
