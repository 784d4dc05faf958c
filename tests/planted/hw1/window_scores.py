"""Answers to exercise 2 of homework 1: two right ones, and wrong ones with their message."""

import torch


def side_by_side(e, W, b, V, c):
    h = torch.tanh(e.flatten(2) @ W.T + b)
    return h @ V.T + c


def place_by_place(e, W, b, V, c):
    """The columns of W in blocks, one for each place."""
    D, total = e.shape[-1], b
    for place in range(e.shape[2]):
        total = total + e[:, :, place] @ W[:, place * D : (place + 1) * D].T
    return torch.einsum("bth,kh->btk", total.tanh(), V) + c


def word_by_word(e, W, b, V, c):
    rows = [[V @ torch.tanh(W @ torch.cat(list(window)) + b) + c for window in row] for row in e]
    return torch.stack([torch.stack(row) for row in rows])


def wrong(flat=lambda e: e.flatten(2), g=torch.tanh, end=lambda z: z, biases=(1, 1)):
    """The window net with one part replaced."""
    def window_scores(e, W, b, V, c):
        h = g(flat(e) @ W.T + biases[0] * b)
        return end(h @ V.T + biases[1] * c)
    return window_scores


RIGHT = [side_by_side, place_by_place, word_by_word]
WRONG = [
    (wrong(lambda e: e.transpose(2, 3).flatten(2)), "in the wrong order"),
    (wrong(lambda e: e.flip(2).flatten(2)), "read from its end"),
    (wrong(lambda e: e.mean(2).repeat(1, 1, e.shape[2])), "a bag has no places"),
    (wrong(g=lambda a: a), "the tanh is missing"),
    (wrong(g=torch.relu), "ReLU in place of tanh"),
    (wrong(g=torch.sigmoid), "the sigmoid in place of tanh"),
    (wrong(end=torch.tanh), "the scores go through a tanh"),
    (wrong(end=lambda z: z.softmax(-1)), "softmax is already applied"),
    (wrong(end=lambda z: z.log_softmax(-1)), "log-softmax is already applied"),
    (wrong(biases=(0, 1)), "the bias b of the hidden layer is missing"),
    (wrong(biases=(1, 0)), "the bias c of the output is missing"),
    (wrong(biases=(0, 0)), "both biases are missing"),
    (lambda e, W, b, V, c: (torch.tanh(e.flatten(2) @ W.T) + b) @ V.T + c, "after the tanh"),
    (lambda e, W, b, V, c: torch.tanh(e.flatten(2) @ W.T + b) @ V + c, "V is transposed"),
    (lambda e, W, b, V, c: torch.tanh(e.flatten(2) @ W + b) @ V.T + c, "W is transposed"),
]
