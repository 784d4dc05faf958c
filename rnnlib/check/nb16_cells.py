"""The checks of notebook 16, second half: one node of a gated sum, one node of a Tree-LSTM."""

import torch
from torch import sigmoid, tanh

from .core import Case, examine


def gate(x, h, weights, k, squash=sigmoid):
    """One layer of x (D,) and h (H,) or (M, H)."""
    W, U, b = (part[k] for part in weights)
    return squash(h @ U.T + W @ x + b)


# --- a gated sum --------------------------------------------------------------------------------


def gates(x, h, w):
    """The gate of each child (M, H)."""
    return gate(x, h, w, "f")


def summing(mix, squash=tanh):
    """A node whose children (M, H) are made one vector by `mix(x, h, w)`."""
    def function(x, h, W, U, b):
        w = (W, U, b)
        return gate(x, mix(x, h, w), w, "h", squash)
    return function


right_gated = summing(lambda x, h, w: (gates(x, h, w) * h).sum(0))

GATED_MISTAKES = [
    ("one gate for all children, made of their sum: each child has a gate of its own",
     summing(lambda x, h, w: gates(x, h.sum(0), w) * h.sum(0))),
    ("the children are added without gates", summing(lambda x, h, w: h.sum(0))),
    ("the mean of the children is taken: their weighted sum is asked for",
     summing(lambda x, h, w: (gates(x, h, w) * h).sum(0) / max(len(h), 1))),
    ("the weights of the children add up to one, as in attention: here each gate is a sigmoid "
     "of its own", summing(lambda x, h, w: (gate(x, h, w, "f", lambda a: a).softmax(0) * h)
                           .sum(0))),
    ("the gates read the label only: each reads its child, too",
     summing(lambda x, h, w: (gates(x, torch.zeros_like(h), w) * h).sum(0))),
    ("the gates alone are added: multiply each with its child",
     summing(lambda x, h, w: gates(x, h, w).sum(0))),
    ("the tanh is missing", summing(lambda x, h, w: (gates(x, h, w) * h).sum(0), lambda a: a)),
    ("only the last child is left", summing(lambda x, h, w: (gates(x, h, w) * h)[-1:].sum(0))),
    ("this is the gated sum s: the new state is tanh(W x + U s + b)",
     lambda x, h, W, U, b: (gates(x, h, (W, U, b)) * h).sum(0)),
]


def drawn(*shape, seed):
    """A tensor of these sizes, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def weights(keys, D, H, seed):
    """W, U, b as dicts with these keys."""
    return tuple({k: drawn(*shape, seed=seed + 10 * n + m) for m, k in enumerate(keys)}
                 for n, shape in enumerate([(H, D), (H, H), (H,)]))


GATED_CASES = [
    Case(name, [(drawn(D, seed=n), drawn(M, H, seed=n + 1), *weights("fh", D, H, n + 2))],
         right_gated, GATED_MISTAKES)
    for name, M, D, H, n in [("two children, one unit", 2, 1, 1, 100),
                             ("three children", 3, 2, 3, 200)]
] + [Case("a leaf has no children", [(drawn(2, seed=300), torch.zeros(0, 2),
                                      *weights("fh", 2, 2, 301))], right_gated)]


def gated(function):
    """Report on `function(x (D,), h (M, H), W, U, b) -> (H,)`; W, U, b have the keys f and h."""
    return examine(function, GATED_CASES)


# --- a node of a Tree-LSTM ----------------------------------------------------------------------


def forgetting(x, h, c, w):
    """What is kept of the children's cells: a gate for each."""
    return (gate(x, h, w, "f") * c).sum(0)


def noded(s=lambda h: h.sum(0), kept=forgetting, write=lambda i, g: i * g,
          show=lambda o, c: o * tanh(c), named=str):
    """A node with the parts to choose; `named` may exchange the names of the gates."""
    def function(x, h, c, W, U, b):
        w = tuple({k: part[named(k)] for k in "fiog"} for part in (W, U, b))
        i, o = (gate(x, s(h), w, k) for k in "io")
        new = write(i, gate(x, s(h), w, "g", tanh)) + kept(x, h, c, w)
        return show(o, new), new
    return function


right_tree_lstm = noded()

TREE_LSTM_MISTAKES = [
    ("one forget gate for all children, made of their sum: each child has one, made of its own h",
     noded(kept=lambda x, h, c, w: gate(x, h.sum(0), w, "f") * c.sum(0))),
    ("the cells of the children are added without gates",
     noded(kept=lambda x, h, c, w: c.sum(0))),
    ("the forget gates read the children's cells: they read their h",
     noded(kept=lambda x, h, c, w: (gate(x, c, w, "f") * c).sum(0))),
    ("the forget gates are put on the children's h: they keep their cells c",
     noded(kept=lambda x, h, c, w: (gate(x, h, w, "f") * h).sum(0))),
    ("the mean of the children's h is read: child-sum means the sum",
     noded(s=lambda h: h.sum(0) / max(len(h), 1))),
    ("only the last child is read by i, o and g", noded(s=lambda h: h[-1:].sum(0))),
    ("the input gate is missing: c = i * g + ...", noded(write=lambda i, g: g)),
    ("the tanh around c is missing: h = o * tanh(c)", noded(show=lambda o, c: o * c)),
    ("the output gate is missing: h = o * tanh(c)", noded(show=lambda o, c: tanh(c))),
    ("input and forget gate are exchanged", noded(named=lambda k: {"f": "i", "i": "f"}.get(k, k))),
    ("h and c are exchanged: return h, c",
     lambda x, h, c, W, U, b: right_tree_lstm(x, h, c, W, U, b)[::-1]),
]

TREE_LSTM_CASES = [
    Case(name, [(drawn(D, seed=n), drawn(M, H, seed=n + 1), drawn(M, H, seed=n + 2),
                 *weights("fiog", D, H, n + 3))],
         right_tree_lstm, TREE_LSTM_MISTAKES, returns=("h", "c"))
    for name, M, D, H, n in [("two children, one unit", 2, 1, 1, 400),
                             ("three children", 3, 2, 3, 500)]
] + [Case("a leaf has no children",
          [(drawn(2, seed=600), torch.zeros(0, 2), torch.zeros(0, 2),
            *weights("fiog", 2, 2, 601))], right_tree_lstm, returns=("h", "c"))]


def tree_lstm(function):
    """Report on `function(x (D,), h (M, H), c (M, H), W, U, b) -> (h, c)`; keys f, i, o, g."""
    return examine(function, TREE_LSTM_CASES)
