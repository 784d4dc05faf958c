"""Answers to exercise 3 of homework 6: two right ones, and wrong ones with their message."""

import torch
from torch import sigmoid, tanh


def after_the_matrix(x, h, W, U, b, q):
    from_x, from_h = (x @ W.T + b).chunk(3, 1), (h @ U.T).chunk(3, 1)
    r, z = sigmoid(from_x[0] + from_h[0]), sigmoid(from_x[1] + from_h[1])
    g = tanh(from_x[2] + r * (from_h[2] + q))
    return z * h + (1 - z) * g


def sequence_by_sequence(x, h, W, U, b, q):
    found, H = [], h.shape[1]
    for x_n, h_n in zip(x, h):
        a, u = W @ x_n + b, U @ h_n
        r, z = sigmoid(a + u)[:H], sigmoid(a + u)[H : 2 * H]
        g = tanh(a[2 * H :] + r * u[2 * H :] + r * q)
        found.append(g - z * g + z * h_n)
    return torch.stack(found)


def as_found(x, h, W, U, b, q):
    """The mistake that was found in a library: the lectures' GRU with torch's weights."""
    (W_r, W_z, W_g), (U_r, U_z, U_g), (b_r, b_z, b_g) = W.chunk(3), U.chunk(3), b.chunk(3)
    r = sigmoid(x @ W_r.T + h @ U_r.T + b_r)
    z = sigmoid(x @ W_z.T + h @ U_z.T + b_z)
    g = tanh(x @ W_g.T + (r * h) @ U_g.T + b_g + q)
    return z * h + (1 - z) * g


def wrong(read, mix=lambda z, g, h: z * h + (1 - z) * g):
    """A step whose candidate reads something else; `read` takes r, U_g h, q and b_g."""
    def torch_gru_step(x, h, W, U, b, q):
        H, total = h.shape[1], x @ W.T + h @ U.T + b
        r, z = sigmoid(total[:, :H]), sigmoid(total[:, H : 2 * H])
        from_h = h @ U[2 * H :].T
        g = tanh(total[:, 2 * H :] - from_h + read(r, from_h, q, b[2 * H :]))
        return mix(z, g, h)
    return torch_gru_step


def all_reset(x, h, W, U, b, q):
    r, z, _ = sigmoid(x @ W.T + h @ U.T + b).chunk(3, 1)
    g = tanh(r * ((x @ W.T + h @ U.T + b).chunk(3, 1)[2] + q))
    return z * h + (1 - z) * g


def not_transposed(x, h, W, U, b, q):
    return after_the_matrix(x, h, W, torch.cat([U_k.T for U_k in U.chunk(3)]), b, q)


RIGHT = [after_the_matrix, sequence_by_sequence]
WRONG = [
    (as_found, "r acts before the matrix: that is the lectures' form"),
    (lambda x, h, W, U, b, q: as_found(x, h, W, U, b, 0), "and the second bias q is missing"),
    (wrong(lambda r, u, q, b_g: r * u + q), "the second bias q stands outside"),
    (wrong(lambda r, u, q, b_g: r * u), "the second bias q is missing: r"),
    (wrong(lambda r, u, q, b_g: u + q), "the reset gate is not used"),
    (all_reset, "r multiplies all that the candidate reads"),
    (not_transposed, "U is transposed"),
    (wrong(lambda r, u, q, b_g: (1 - r) * (u + q)), "1 - r resets"),
    (wrong(lambda r, u, q, b_g: r * (u + q + b_g) - b_g), "the first bias of the candidate"),
    (wrong(lambda r, u, q, b_g: r * (u + q), lambda z, g, h: z * g + (1 - z) * h),
     "the interpolation is reversed"),
]
