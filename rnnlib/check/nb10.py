"""The checks of notebook 10: what is kept, the LSTM, the GRU (nb10_units); counting, a mend."""

import torch
from torch import sigmoid, tanh

from .core import Case, examine
from .nb10_units import drawn, gru, lstm

__all__ = ["share", "lstm", "gru", "parameters", "mend"]

BLOCKS = {"simple RNN": 1, "simple GRU": 2, "GRU": 3, "LSTM": 4}


def right_count(unit, D, H):
    """What is expected: a block of W (H, D), U (H, H), b (H,) for each gate and the candidate."""
    return BLOCKS[unit] * (H * D + H * H + H)


def wrongly(count, blocks=None):
    """A count of one block, times the blocks of the unit."""
    blocks = blocks or BLOCKS
    return lambda unit, D, H: blocks[unit] * count(D, H)


COUNT_MISTAKES = [
    ("U is missing: every gate reads the old state", wrongly(lambda D, H: H * D + H)),
    ("the biases are missing", wrongly(lambda D, H: H * D + H * H)),
    ("one bias for all gates: each has its own",
     lambda unit, D, H: BLOCKS[unit] * (H * D + H * H) + H),
    ("two biases for each gate: torch.nn has two, the equations have one",
     wrongly(lambda D, H: H * D + H * H + 2 * H)),
    ("U is counted with D columns: it reads a state", wrongly(lambda D, H: 2 * H * D + H)),
    ("W is counted with H columns: it reads the input", wrongly(lambda D, H: 2 * H * H + H)),
    ("the candidate is not counted: it has weights of its own, besides the gates",
     wrongly(lambda D, H: H * D + H * H + H,
             {"simple RNN": 1, "simple GRU": 1, "GRU": 2, "LSTM": 3})),
    ("the same number for every unit: each gate brings a block of weights",
     wrongly(lambda D, H: H * D + H * H + H, dict.fromkeys(BLOCKS, 1))),
    ("GRU and LSTM are swapped: the LSTM has three gates and a candidate",
     wrongly(lambda D, H: H * D + H * H + H, BLOCKS | {"GRU": 4, "LSTM": 3})),
]

COUNT_CASES = [
    Case(f"the {unit}", [(unit, 5, 3), (unit, 50, 100)], right_count, COUNT_MISTAKES)
    for unit in BLOCKS
]


def parameters(function):
    """Report on `function(unit, D, H) -> how many numbers`, for the four names in `BLOCKS`."""
    return examine(function, COUNT_CASES)


# --- how much of c is kept ----------------------------------------------------------------------


def right_share(f):
    """What is expected: the product of the forget gates after each step."""
    return torch.stack([f[t + 1 :].prod(0) for t in range(len(f))])


SHARE_MISTAKES = [
    ("the forget gate of the step itself is counted: c_t is already past f_t",
     lambda f: torch.stack([f[t:].prod(0) for t in range(len(f))])),
    ("the gates before the step are multiplied: they decide about what was written earlier",
     lambda f: f.cumprod(0)),
    ("the gates are added: a share of a share is a product",
     lambda f: torch.stack([f[t + 1 :].sum(0) for t in range(len(f))])),
    ("only the gate of the next step is used",
     lambda f: torch.cat([f[1:], torch.ones_like(f[:1])])),
    ("what is lost, not what is kept: 1 - f is the share that a step erases",
     lambda f: right_share(1 - f)),
    ("the products stand in the reverse order of time: flip them back",
     lambda f: torch.cat([f[1:].flip(0).cumprod(0), torch.ones_like(f[:1])])),
    ("the units are multiplied with one another: each unit keeps its own share",
     lambda f: right_share(f).prod(1, keepdim=True).expand_as(f)),
    ("the last gate is missing from the products",
     lambda f: torch.stack([f[t + 1 : -1].prod(0) for t in range(len(f))])),
]

SHARE_CASES = [
    Case(name, [(sigmoid(drawn(T, H, seed=T + H)),)], right_share, SHARE_MISTAKES)
    for name, T, H in [("one step: nothing comes after it", 1, 1), ("two steps", 2, 1),
                       ("four steps of two units", 4, 2)]
]


def share(function):
    """Report on `function(f (T, H)) -> derivative of c_T by each c_t (T, H), other paths cut`."""
    return examine(function, SHARE_CASES)


# --- a published LSTM ---------------------------------------------------------------------------


def mended_with(order=("x", "h"), use="ifog", squash=tanh):
    """A step on the concatenation; `order` of its columns, `use`: which rows make i, f, o, g."""

    def step(x, h, c, W, b):
        v = torch.cat([{"x": x, "h": h}[name] for name in order], 1)
        i, f, o, g = (act(v @ W[k].T + b[k])
                      for act, k in zip((sigmoid, sigmoid, sigmoid, tanh), use, strict=True))
        c = f * c + i * g
        return o * squash(c), c

    return step


mended = mended_with()


def kept_out(x, h, c, W, b):
    """No output gate at all."""
    _, c = mended(x, h, c, W, b)
    return tanh(c), c


def summed(x, h, c, W, b):
    """x and h added, where their sizes are equal."""
    v = torch.cat([x + h, x + h], 1)
    i, f, o = (sigmoid(v @ W[k].T + b[k]) for k in "ifo")
    c = f * c + i * tanh(v @ W["g"].T + b["g"])
    return o * tanh(c), c


PUBLISHED_MISTAKES = [
    ("concatenated as (h, x): these weights were made for (x, h)", mended_with(("h", "x"))),
    ("the forget gate stands in for the output gate: o has rows of its own in W and b",
     mended_with(use="iffg")),
    ("the input gate stands in for the output gate: o has rows of its own in W and b",
     mended_with(use="ifig")),
    ("forget and input gate are swapped: f multiplies the old c, i the candidate",
     mended_with(use="fiog")),
    ("the output gate is left out: then h cannot hide anything of c", kept_out),
    ("x and h are added: side by side is torch.cat", summed),
    ("the tanh on c was right before: h = o * tanh(c)", mended_with(squash=lambda c: c)),
]


def published_input(B, D, H, seed):
    """x, h, c, and by gate the matrix for (x, h) and the bias."""
    states = (drawn(B, size, seed=seed + n) for n, size in enumerate((D, H, H)))
    W = {k: drawn(H, D + H, seed=seed + 5 + n) for n, k in enumerate("ifog")}
    return *states, W, {k: drawn(H, seed=seed + 20 + n) for n, k in enumerate("ifog")}


PUBLISHED_CASES = [
    Case("a step that runs and is an LSTM", [published_input(1, 2, 2, 0)], mended,
         PUBLISHED_MISTAKES),
    Case("other sizes", [published_input(3, 3, 2, 40)], mended, PUBLISHED_MISTAKES),
]


def mend(function):
    """Report on `function(x, h, c, W, b) -> (h, c)`, W[k] (H, D + H): both mistakes mended."""
    return examine(function, PUBLISHED_CASES)
