"""Answers to exercise 1 of homework 6: two right ones, and wrong ones with their message."""

import torch
from torch import sigmoid, tanh


def in_blocks(x, h, c, W, U, b):
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


def row_by_row(x, h, c, W, U, b):
    """One sequence after the other, one gate after the other."""
    H, states, contexts = h.shape[1], [], []
    for x_n, h_n, c_n in zip(x, h, c):
        a = [W[k * H : (k + 1) * H] @ x_n + U[k * H : (k + 1) * H] @ h_n + b[k * H : (k + 1) * H]
             for k in range(4)]
        new = c_n / (1 + torch.exp(-a[1])) + tanh(a[2]) / (1 + torch.exp(-a[0]))
        contexts.append(new)
        states.append(tanh(new) / (1 + torch.exp(-a[3])))
    return torch.stack(states), torch.stack(contexts)


def concatenated(x, h, c, W, U, b):
    a = torch.cat([x, h], 1) @ torch.cat([W, U], 1).T + b
    i, f, o = (sigmoid(a.unflatten(1, (4, -1))[:, k]) for k in (0, 1, 3))
    new = f * c + i * tanh(a.unflatten(1, (4, -1))[:, 2])
    return o * tanh(new), new


def wrong(order=(0, 1, 2, 3), keep=lambda i, f, g, c: f * c + i * g,
          show=lambda o, new, old: o * tanh(new), squash=(sigmoid, sigmoid, tanh, sigmoid)):
    """A step with one part replaced; `order` are the blocks that are read as i, f, g, o."""
    def lstm_step(x, h, c, W, U, b):
        a = (x @ W.T + h @ U.T + b).chunk(4, 1)
        i, f, g, o = (s(a[k]) for s, k in zip(squash, order))
        new = keep(i, f, g, c)
        return show(o, new, c), new
    return lstm_step


def not_transposed(x, h, c, W, U, b):
    i, f, g, o = (x @ W_k.T + h @ U_k + b_k for W_k, U_k, b_k in zip(
        W.chunk(4), U.chunk(4), b.chunk(4)))
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


RIGHT = [in_blocks, row_by_row, concatenated]
WRONG = [
    (wrong((0, 1, 3, 2)), "they are read as i, f, o, g"),
    (wrong((1, 0, 2, 3)), "they are read as f, i, g, o"),
    (wrong((1, 2, 3, 0)), "they are read as o, i, f, g"),
    (wrong(keep=lambda i, f, g, c: (1 - f) * c + i * g), "here 1 - f of the old context"),
    (wrong(keep=lambda i, f, g, c: f * c + (1 - f) * g), "this couples the gates"),
    (wrong(keep=lambda i, f, g, c: i * c + f * g), "they are read as f, i, g, o"),
    (wrong(keep=lambda i, f, g, c: c + i * g), "nothing is forgotten"),
    (wrong(keep=lambda i, f, g, c: i * g), "the old context is gone"),
    (wrong(keep=lambda i, f, g, c: f * c + g), "the input gate is missing"),
    (wrong(keep=lambda i, f, g, c: tanh(f * c + i * g), show=lambda o, new, old: o * new),
     "the form of cs447"),
    (wrong(show=lambda o, new, old: o * new), "the tanh on the way out is missing"),
    (wrong(show=lambda o, new, old: tanh(o * new)), "the tanh stands around the product"),
    (wrong(show=lambda o, new, old: o * tanh(old)), "the state shows the old context"),
    (wrong(show=lambda o, new, old: tanh(new)), "the output gate is missing"),
    (wrong(squash=(sigmoid,) * 4), "the candidate goes through a sigmoid"),
    (wrong(squash=(tanh,) * 4), "the gates go through tanh"),
    (lambda *given: in_blocks(*given)[::-1], "the two values are swapped"),
    (lambda x, h, c, W, U, b: in_blocks(x, 0 * h, c, W, U, b), "U is missing"),
    (not_transposed, "U is transposed"),
    (lambda x, h, c, W, U, b: in_blocks(x, h, c, W, U, 0), "the bias is missing"),
]
