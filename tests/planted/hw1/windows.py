"""Answers to exercise 1 of homework 1: two right ones, and wrong ones with their message."""

import torch
from torch.nn import functional as F


def unfolded(ids, n, edge):
    return F.pad(ids, (n, n), value=edge).unfold(1, 2 * n + 1, 1)


def one_by_one(ids, n, edge):
    B, T = ids.shape
    found = torch.full((B, T, 2 * n + 1), edge)
    for t in range(T):
        for j in range(2 * n + 1):
            if 0 <= t + j - n < T:
                found[:, t, j] = ids[:, t + j - n]
    return found


def gathered(ids, n, edge):
    wide = torch.cat([ids.new_full((len(ids), n), edge), ids,
                      ids.new_full((len(ids), n), edge)], 1)
    return torch.stack([wide[:, j : j + ids.shape[1]] for j in range(2 * n + 1)], -1)


def padded(left, right, width):
    """Windows of another width, after other paddings; all three take n."""
    return lambda ids, n, edge: F.pad(ids, (left(n), right(n)), value=edge).unfold(1, width(n), 1)


def round_and_round(ids, n, edge):
    return torch.stack([torch.roll(ids, -j, 1) for j in range(-n, n + 1)], -1)


def one_long_row(ids, n, edge):
    return F.pad(ids.flatten(), (n, n), value=edge).unfold(0, 2 * n + 1, 1).view(*ids.shape, -1)


def repeated(ids, n, edge):
    places = torch.arange(ids.shape[1])[:, None] + torch.arange(-n, n + 1)
    return ids[:, places.clamp(0, ids.shape[1] - 1)]


def negative_indices(ids, n, edge):
    found = torch.full((*ids.shape, 2 * n + 1), edge)
    for b in range(len(ids)):
        for t in range(ids.shape[1]):
            for j in range(-n, n + 1):
                try:
                    found[b, t, j + n] = ids[b, t + j]
                except IndexError:
                    pass
    return found


RIGHT = [unfolded, one_by_one, gathered]
WRONG = [
    (lambda ids, n, edge: ids.unfold(1, 2 * n + 1, 1) if ids.shape[1] > 2 * n
     else ids.new_zeros(len(ids), 0, 2 * n + 1), "the windows at the edges are missing"),
    (round_and_round, "the row goes round"),
    (one_long_row, "the rows run together"),
    (negative_indices, "a negative index counts from the end"),
    (lambda ids, n, edge: unfolded(ids, n, edge).float(), "expected whole numbers (int64)"),
    (repeated, "the first and the last word are repeated"),
    (lambda ids, n, edge: unfolded(ids, n, 0), "0 stands at the edges"),
    (lambda ids, n, edge: unfolded(ids, n, -1), "-1 stands at the edges"),
    (padded(lambda n: n, lambda n: 0, lambda n: n + 1), "words to the left only"),
    (padded(lambda n: 0, lambda n: n, lambda n: n + 1), "words to the right only"),
    (padded(lambda n: 2 * n, lambda n: 0, lambda n: 2 * n + 1), "all 2 n neighbours stand to the"),
    (padded(lambda n: n + 1, lambda n: n - 1, lambda n: 2 * n + 1), "one place too far left"),
    (padded(lambda n: n - 1, lambda n: n + 1, lambda n: 2 * n + 1), "one place too far right"),
    (lambda ids, n, edge: unfolded(ids, n, edge)[..., :-1], "the last place is missing"),
    (lambda ids, n, edge: unfolded(ids, n, edge).flip(-1), "the wrong way round"),
    (lambda ids, n, edge: torch.cat([(w := unfolded(ids, n, edge))[..., :n], w[..., n + 1 :]], -1),
     "the word itself is missing"),
    (lambda ids, n, edge: unfolded(ids, n, edge).mT, "two axes are exchanged"),
]
