"""Answers to exercise 2 of homework 6: two right ones, and wrong ones with their message."""

import torch
from torch import sigmoid, tanh


def in_blocks(x, h, W, U, b):
    (W_r, W_z, W_g), (U_r, U_z, U_g), (b_r, b_z, b_g) = W.chunk(3), U.chunk(3), b.chunk(3)
    r = sigmoid(x @ W_r.T + h @ U_r.T + b_r)
    z = sigmoid(x @ W_z.T + h @ U_z.T + b_z)
    g = tanh(x @ W_g.T + (r * h) @ U_g.T + b_g)
    return z * h + (1 - z) * g


def by_difference(x, h, W, U, b):
    """Another way: the new state is the candidate plus what is kept of the way to it."""
    H = h.shape[1]
    a = x @ W.T + b
    both = sigmoid(a[:, : 2 * H] + h @ U[: 2 * H].T)
    g = tanh(a[:, 2 * H :] + torch.einsum("bh,kh->bk", both[:, :H] * h, U[2 * H :]))
    return g + both[:, H:] * (h - g)


def wrong(order=(0, 1, 2), mix=lambda z, g, h: z * h + (1 - z) * g,
          read=lambda r, h, U_g: (r * h) @ U_g.T, squash=(sigmoid, tanh), bias=1):
    """A step with one part replaced; `order` are the blocks that are read as r, z, g."""
    def gru_step(x, h, W, U, b):
        W, U, b = ([w.chunk(3)[k] for k in order] for w in (W, U, bias * b))
        r, z = (squash[0](x @ W[k].T + h @ U[k].T + b[k]) for k in (0, 1))
        g = squash[1](x @ W[2].T + read(r, h, U[2]) + b[2])
        return mix(z, g, h)
    return gru_step


def reset_in_the_mixture(x, h, W, U, b):
    H = h.shape[1]
    r, z = sigmoid((x @ W.T + h @ U.T + b)[:, : 2 * H]).chunk(2, 1)
    kept = r * h
    g = tanh(x @ W[2 * H :].T + kept @ U[2 * H :].T + b[2 * H :])
    return z * kept + (1 - z) * g


def not_transposed(x, h, W, U, b):
    return in_blocks(x, h, W, torch.cat([U_k.T for U_k in U.chunk(3)]), b)


def all_reset(x, h, W, U, b):
    r, z, _ = sigmoid(x @ W.T + h @ U.T + b).chunk(3, 1)
    g = tanh(r * (x @ W.T + h @ U.T + b).chunk(3, 1)[2])
    return z * h + (1 - z) * g


RIGHT = [in_blocks, by_difference]
WRONG = [
    (wrong(mix=lambda z, g, h: (1 - z) * h + z * g), "the interpolation is reversed"),
    (wrong(read=lambda r, h, U_g: r * (h @ U_g.T)), "r acts after the matrix"),
    (wrong(read=lambda r, h, U_g: h @ U_g.T), "the reset gate is not used"),
    (wrong(read=lambda r, h, U_g: ((1 - r) * h) @ U_g.T), "1 - r resets"),
    (all_reset, "r multiplies all that the candidate reads"),
    (not_transposed, "U is transposed"),
    (wrong(read=lambda r, h, U_g: 0), "does not read the old state at all"),
    (wrong((1, 0, 2)), "they are read as z, r, g"),
    (wrong((0, 2, 1)), "they are read as r, g, z"),
    (wrong(mix=lambda z, g, h: h + (1 - z) * g), "the old state is added whole"),
    (wrong(mix=lambda z, g, h: z * h + g), "the candidate is added whole"),
    (wrong(mix=lambda z, g, h: g), "the update gate is not used"),
    (wrong(squash=(sigmoid, sigmoid)), "the candidate goes through a sigmoid"),
    (wrong(squash=(tanh, tanh)), "the gates go through tanh"),
    (wrong(bias=0), "the bias is missing"),
    (reset_in_the_mixture, "the mixture takes the reset state"),
]
