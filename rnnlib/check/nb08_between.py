"""Checks of notebook 08, what stands between layers: normalisation, a convolution over time."""

import torch

from .core import Case, examine

EPSILON = 1e-5


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- normalisation ------------------------------------------------------------------------------


def norm_with(axes=(2,), n_minus=0, spread=None, last=None):
    """A normalisation over some axes, with another divisor or another end."""
    spread = spread or (lambda variance: (variance + EPSILON).sqrt())
    last = last or (lambda h, gain, shift: gain * h + shift)

    def function(h, gain, shift):
        middle = h.mean(axes, keepdim=True)
        variance = h.var(axes, correction=n_minus, keepdim=True)
        return last((h - middle) / spread(variance), gain, shift)

    return function


right_norm = norm_with()

NORM_MISTAKES = [
    ("over the time steps: each step is normalised by itself, over its own H numbers",
     norm_with((1,))),
    ("over the batch: each step of each sequence is normalised by itself", norm_with((0,))),
    ("over batch and time, as batch normalisation does: a word then depends on its neighbours",
     norm_with((0, 1))),
    ("over time and features together: each step is normalised by itself", norm_with((1, 2))),
    ("over everything at once: each step is normalised by itself", norm_with((0, 1, 2))),
    ("the variance is divided by H - 1: layer normalisation divides by H", norm_with(n_minus=1)),
    ("the spread is torch's std: it divides by H - 1, and has no small number under the root",
     norm_with(n_minus=1, spread=lambda v: v.sqrt())),
    ("divided by the variance: divide by its root", norm_with(spread=lambda v: v + EPSILON)),
    ("the small number under the root is missing: equal numbers would be divided by zero",
     norm_with(spread=lambda v: v.sqrt())),
    ("the small number stands outside the root: add it to the variance",
     norm_with(spread=lambda v: v.sqrt() + EPSILON)),
    ("gain and shift are missing", norm_with(last=lambda h, gain, shift: h)),
    ("the shift is missing", norm_with(last=lambda h, gain, shift: gain * h)),
    ("the gain is missing", norm_with(last=lambda h, gain, shift: h + shift)),
    ("gain and shift are swapped", norm_with(last=lambda h, gain, shift: shift * h + gain)),
    ("the shift is multiplied by the gain, too: first the gain, then the shift",
     norm_with(last=lambda h, gain, shift: gain * (h + shift))),
    ("the mean is not taken away", lambda h, gain, shift: gain * h / (
        h.var(2, correction=0, keepdim=True) + EPSILON).sqrt() + shift),
    ("not divided by the spread", lambda h, gain, shift: gain * (h - h.mean(2, keepdim=True))
     + shift),
]


def norm_input(B, T, H, seed, scale=1.0):
    """h, gain, shift of these sizes."""
    h = scale * drawn(B, T, H, seed=seed) + drawn(B, T, 1, seed=seed + 1)
    return h, 1 + 0.5 * drawn(H, seed=seed + 2), drawn(H, seed=seed + 3)


NORM_CASES = [
    Case("one step of one sequence", [norm_input(1, 1, 4, 0)], right_norm, NORM_MISTAKES),
    Case("a batch", [norm_input(3, 4, 5, 10)], right_norm, NORM_MISTAKES),
    Case("numbers that hardly differ", [norm_input(1, 2, 4, 20, 0.004)], right_norm,
         NORM_MISTAKES, tolerance=1e-4),
]


def norm(function):
    """Report on `function(h (B, T, H), gain (H,), shift (H,)) -> (B, T, H)`."""
    return examine(function, NORM_CASES)


# --- convolution --------------------------------------------------------------------------------


def window(x, places, W, b):
    """tanh of b and the sum of W_k times x at t + place k, zeros outside the sequence."""
    T, total = x.shape[1], b.expand(*x.shape[:2], -1)
    for k, place in enumerate(places):
        moved = torch.zeros_like(x)
        here = slice(max(0, -place), min(T, T - place))
        moved[:, here] = x[:, max(0, place) : min(T, T + place)]
        total = total + moved @ W[k].T
    return torch.tanh(total)


def right_convolution(x, W, b):
    """What is expected: W[0] reads the step before, W[1] the step itself, W[2] the one after."""
    return window(x, (-1, 0, 1), W, b)


def at_edges(fill):
    """A convolution with something else beside the sequence; `fill` makes T + 2 steps of T."""
    def function(x, W, b):
        x = fill(x)
        return torch.tanh(x[:, :-2] @ W[0].T + x[:, 1:-1] @ W[1].T + x[:, 2:] @ W[2].T + b)
    return function


CONVOLUTION_MISTAKES = [
    ("the window is turned round: W[0] reads the step before, W[2] the step after",
     lambda x, W, b: window(x, (1, 0, -1), W, b)),
    ("the window ends at the step itself: it lies around it, one step to either side",
     lambda x, W, b: window(x, (-2, -1, 0), W, b)),
    ("the window begins at the step itself: it lies around it, one step to either side",
     lambda x, W, b: window(x, (0, 1, 2), W, b)),
    ("the edges are left out: with a zero vector on either side there are T outputs",
     at_edges(lambda x: x)),
    ("the first and the last step are repeated at the edges: outside stand zeros",
     at_edges(lambda x: torch.cat([x[:, :1], x, x[:, -1:]], 1))),
    ("the sequence is closed to a ring: outside stand zeros, not the other end",
     at_edges(lambda x: torch.cat([x[:, -1:], x, x[:, :1]], 1))),
    ("the tanh is missing", lambda x, W, b: torch.atanh(right_convolution(x, W, b).double())
     .float()),
    ("b is added for every place of the window: once is enough",
     lambda x, W, b: right_convolution(x, W, 3 * b)),
    ("b is missing", lambda x, W, b: right_convolution(x, W, 0 * b)),
    ("every place of the window has the weights W[1]: each has its own",
     lambda x, W, b: right_convolution(x, W[1].expand_as(W), b)),
    ("the step itself alone: the window has three places",
     lambda x, W, b: window(x, (0,), W[1:2], b)),
    ("the mean of the window: the lines of the sum are added",
     lambda x, W, b: right_convolution(x, W / 3, b)),
    ("W is transposed: with a row for each step, W x is written x @ W.T",
     lambda x, W, b: right_convolution(x, W.mT, b)),
]


def convolution_input(B, T, D, H, seed):
    """x, W (3, H, D), b of these sizes."""
    return drawn(B, T, D, seed=seed), 0.5 * drawn(3, H, D, seed=seed + 1), drawn(H, seed=seed + 2)


CONVOLUTION_CASES = [
    Case(name, [convolution_input(*sizes, seed=5 * n)], right_convolution, CONVOLUTION_MISTAKES,
         tolerance=1e-4)
    for n, (name, *sizes) in enumerate([
        ("three steps, one number each", 1, 3, 1, 1), ("one step alone", 1, 1, 2, 2),
        ("a batch, other sizes", 2, 5, 4, 3)])
]


def convolve(function):
    """Report on `function(x (B, T, D), W (3, H, D), b (H,)) -> (B, T, H)`."""
    return examine(function, CONVOLUTION_CASES)
