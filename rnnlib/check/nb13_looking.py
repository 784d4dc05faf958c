"""Checks of notebook 13: one step of a decoder that looks, and weights with a word covered."""

import torch

from .core import Case, examine

__all__ = ["step", "cover"]


def drawn(*shape, seed):
    """A tensor of these sizes, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- one step of the decoder --------------------------------------------------------------------


def looked_for(s, keys, values):
    """The context that s finds: softmax of dot products, weighted sum; (B, H)."""
    a = torch.softmax((keys @ s[:, :, None])[..., 0], 1)
    return (a[..., None] * values).sum(1)


def stepping(context=lambda y, s, x, h: looked_for(s, h, h), g=torch.tanh, turn=lambda C: C,
             bias=1.0):
    """A step with the context, the function g, the matrix C and the bias to choose."""
    def function(y, s, x, h, p):
        return g(y @ p["W"].T + s @ p["U"].T + context(y, s, x, h) @ turn(p["C"]).T + bias * p["b"])
    return function


right_step = stepping()


def asks_late(y, s, x, h, p):
    """The new state, made without the context, asks in the old one's place."""
    late = torch.tanh(y @ p["W"].T + s @ p["U"].T + p["b"])
    return torch.tanh(y @ p["W"].T + s @ p["U"].T + looked_for(late, h, h) @ p["C"].T + p["b"])


def added(y, s, x, h, p):
    """The context added to the state after the step."""
    return torch.tanh(y @ p["W"].T + s @ p["U"].T + p["b"]) + looked_for(s, h, h) @ p["C"].T


STEP_MISTAKES = [
    ("the context is not used in the new state: it has to enter the sum",
     lambda y, s, x, h, p: torch.tanh(y @ p["W"].T + s @ p["U"].T + p["b"])),
    ("attention looks at the embeddings of the source: it has to look at the encoder's states",
     stepping(lambda y, s, x, h: looked_for(s, x, x))),
    ("the scores are made with the embeddings of the source: compare with the encoder's states",
     stepping(lambda y, s, x, h: looked_for(s, x, h))),
    ("the embeddings of the source are summed up: sum the encoder's states",
     stepping(lambda y, s, x, h: looked_for(s, h, x))),
    ("the decoder looks at its own state: the encoder's states are not used",
     stepping(lambda y, s, x, h: s)),
    ("the embedding of the last word asks: the state before asks",
     stepping(lambda y, s, x, h: looked_for(y, h, h))),
    ("the new state asks: the context is needed to make it, so the state before asks", asks_late),
    ("the encoder's last state is taken at every step: that is the fixed context again",
     stepping(lambda y, s, x, h: h[:, -1])),
    ("the mean of the encoder's states is taken: weigh them",
     stepping(lambda y, s, x, h: h.mean(1))),
    ("the context is added after the tanh: it has to enter the sum", added),
    ("the tanh is missing", stepping(g=lambda total: total)),
    ("C is transposed", stepping(turn=lambda C: C.T)),
    ("the bias is missing", stepping(bias=0.0)),
]


def arguments(B, S, H, seed):
    """Random y, s (B, H), x, h (B, S, H), and a dict of W, U, C (H, H) and b (H,)."""
    shapes = [(B, H), (B, H), (B, S, H), (B, S, H), (H, H), (H, H), (H, H), (H,)]
    made = [drawn(*shape, seed=seed + n) for n, shape in enumerate(shapes)]
    return *made[:4], dict(zip("WUCb", made[4:], strict=True))


STEP_CASES = [
    Case(name, [arguments(B, S, H, seed)], right_step, STEP_MISTAKES)
    for name, B, S, H, seed in [("one sentence of two words", 1, 2, 2, 100),
                                ("one sentence of four words", 1, 4, 3, 110),
                                ("three sentences", 3, 5, 3, 120)]
]


def step(function):
    """Report on `function(y, s, x, h, p) -> the new state (B, H)`."""
    return examine(function, STEP_CASES)


# --- a covered word -----------------------------------------------------------------------------


def right_cover(a, j):
    """What is expected: no weight on word j, the others in their old proportions, sum 1."""
    left = a.clone()
    left[:, j] = 0
    return left / left.sum(1, keepdim=True)


def zeroed(a, j):
    """No weight on word j, nothing else changed."""
    left = a.clone()
    left[:, j] = 0
    return left


def shared(a, j):
    """The weight of word j, in equal parts to the others."""
    left = a + a[:, j : j + 1] / (a.shape[1] - 1)
    left[:, j] = 0
    return left


def again(a, j):
    """A softmax of the weights that are left."""
    left = a.clone()
    left[:, j] = -torch.inf
    return torch.softmax(left, 1)


def row_zeroed(a, j):
    """No weights for target word j."""
    left = a.clone()
    left[j] = 0
    return left


def to_most(a, j):
    """The weight of word j goes to the largest of the others."""
    left = zeroed(a, j)
    left[range(len(a)), left.argmax(1)] += a[:, j]
    return left


COVER_MISTAKES = [
    ("the weights do not add up to 1 any more: divide each row by its sum", zeroed),
    ("the lost weight is shared in equal parts: the others keep their proportions", shared),
    ("the softmax is taken of weights: it belongs to scores, divide by the sum", again),
    ("a row is covered: rows are target words, column j is source word j", row_zeroed),
    ("the column is taken out: leave a zero in its place",
     lambda a, j: torch.cat([a[:, :j], a[:, j + 1 :]], 1) / (1 - a[:, j : j + 1])),
    ("all of the lost weight goes to the largest of the others", to_most),
    ("nothing is covered", lambda a, j: a),
]

COVER_CASES = [
    Case(name, [(torch.softmax(2 * drawn(T, S, seed=seed), 1), j)], right_cover, COVER_MISTAKES)
    for name, T, S, j, seed in [("one target word, three source words", 1, 3, 0, 61),
                                ("three target words", 3, 4, 2, 62),
                                ("the last word", 4, 5, 3, 63)]
]


def cover(function):
    """Report on `function(a (T, S), j) -> the weights (T, S) when word j is covered`."""
    return examine(function, COVER_CASES)
