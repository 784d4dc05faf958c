"""Answers to exercise 5 of homework 1: two right ones, and wrong ones with their message."""

import torch


def added_up(batches):
    right = counted = 0
    for scores, tags in batches:
        real = tags != -100
        right += ((scores.argmax(-1) == tags) & real).sum().item()
        counted += real.sum().item()
    return right / counted


def side_by_side(batches):
    best = torch.cat([scores.max(-1).indices.flatten() for scores, _ in batches])
    tags = torch.cat([tags.flatten() for _, tags in batches])
    return (best == tags)[tags >= 0].double().mean()


def as_found(batches):
    shares = []
    for scores, tags in batches:
        shares.append((scores.argmax(-1) == tags).float().mean())
    return sum(shares) / len(shares)


def batch_means(batches):
    return sum(added_up([batch]) for batch in batches) / len(batches)


def sentence_means(batches):
    rows = [(z[None], t[None]) for scores, tags in batches for z, t in zip(scores, tags)]
    return batch_means(rows)


def with_padding(batches):
    right = sum((scores.argmax(-1) == tags).sum() for scores, tags in batches)
    return right / sum(tags.numel() for _, tags in batches)


def without_zero(batches):
    return added_up([(scores, tags.masked_fill(tags == 0, -100)) for scores, tags in batches])


RIGHT = [added_up, side_by_side]
WRONG = [
    (as_found, "as it was found"),
    (batch_means, "a small batch counts as much as a large one"),
    (sentence_means, "a short sentence counts as much as a long one"),
    (with_padding, "padding is counted, and it is never right"),
    (without_zero, "tag 0 is left out"),
    (lambda batches: added_up(batches[-1:]), "only the last batch counts"),
    (lambda batches: added_up(batches[:1]), "only the first batch counts"),
    (lambda batches: 1 - added_up(batches), "the share of mistakes"),
    (lambda batches: 100 * added_up(batches), "in per cent"),
    (lambda batches: added_up([(-scores, tags) for scores, tags in batches]),
     "the lowest score wins"),
    (lambda batches: sum(((z.argmax(-1) == t) & (t >= 0)).sum().item() for z, t in batches),
     "this is how many are right"),
]
