"""The checks of notebook 13: attention, bilinear scores, crossings; the rest in nb13_looking."""

import torch

from .core import Case, examine
from .nb13_looking import cover, step

__all__ = ["attend", "step", "scores", "crossings", "cover"]


def drawn(*shape, seed):
    """A tensor of these sizes, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- attention ----------------------------------------------------------------------------------


def right_attend(s, h, real):
    """What is expected: the context (B, H) and the weights (B, S) of dot-product attention."""
    return of_scores((h @ s[:, :, None])[..., 0], h, real)


def of_scores(scores, h, real):
    """The context and the weights of given scores (B, S)."""
    a = torch.softmax(scores.masked_fill(~real, -torch.inf), 1)
    return summed(a, h), a


def summed(a, h):
    """The weighted sum of states: (B, H)."""
    return (a[..., None] * h).sum(1)


def dots(s, h):
    """Every s . h_j: (B, S)."""
    return (h @ s[:, :, None])[..., 0]


def own_state(s, h, real):
    """Attention of the decoder to itself: every key and value is s."""
    c, a = right_attend(s, s[:, None].expand(-1, h.shape[1], -1), real)
    return c, a


def without_sum_one(s, h, real):
    """Weights of the padding set to zero after the softmax."""
    a = torch.softmax(dots(s, h), 1) * real
    return summed(a, h), a


def hard(s, h, real):
    """All weight on the largest score."""
    best = dots(s, h).masked_fill(~real, -torch.inf).argmax(1)
    a = torch.nn.functional.one_hot(best, h.shape[1]).float()
    return summed(a, h), a


def from_weights(weigh):
    """The context and the weights for a function that makes the weights of scores and mask."""
    def function(s, h, real):
        a = weigh(dots(s, h), real)
        return summed(a, h), a
    return function


ATTEND_MISTAKES = [
    ("the softmax runs over the batch: the weights of one sentence's words add up to 1",
     from_weights(lambda e, real: torch.softmax(e.masked_fill(~real, -torch.inf), 0).nan_to_num())),
    ("the padding is not masked: it gets weight too",
     from_weights(lambda e, real: torch.softmax(e, 1))),
    ("the padding is set to zero after the softmax: then the weights do not add up to 1",
     without_sum_one),
    ("the scores of the padding are set to 0: e to the power of 0 is 1, use -inf",
     from_weights(lambda e, real: torch.softmax(e.masked_fill(~real, 0.0), 1))),
    ("the encoder's states are not used: the decoder looks at its own state", own_state),
    ("the softmax is missing: the scores themselves are no weights",
     from_weights(lambda e, real: e.masked_fill(~real, 0.0))),
    ("the scores are divided by the square root of H: here it is the plain dot product",
     lambda s, h, real: of_scores(dots(s, h) / h.shape[2] ** 0.5, h, real)),
    ("all words get the same weight: the scores are not used",
     lambda s, h, real: of_scores(0 * dots(s, h), h, real)),
    ("only the word with the largest score is taken: the choice is soft", hard),
    ("the two results are swapped: the context first",
     lambda s, h, real: right_attend(s, h, real)[::-1]),
]

ATTEND_CASES = [
    Case(name, [(drawn(len(lengths), H, seed=n), drawn(len(lengths), max(lengths), H, seed=n + 1),
                 torch.arange(max(lengths)) < torch.tensor(lengths)[:, None])],
         right_attend, ATTEND_MISTAKES, returns=("c", "a"))
    for name, lengths, H, n in [("three states of two numbers", [3], 2, 3),
                                ("two sentences of the same length", [3, 3], 3, 13),
                                ("sentences of different lengths", [4, 2, 3], 3, 23)]
]


def attend(function):
    """Report on `function(s (B, H), h (B, S, H), real (B, S)) -> c (B, H), a (B, S)`."""
    return examine(function, ATTEND_CASES)


# --- bilinear scores ----------------------------------------------------------------------------


def right_scores(s, W, h):
    """What is expected: s W h for every pair, (B, T, S)."""
    return s @ W @ h.mT


SCORES_MISTAKES = [
    ("the two sides are swapped: a row for each decoder state, (B, T, S)",
     lambda s, W, h: right_scores(s, W, h).mT),
    ("W is transposed: its rows belong to the decoder's numbers, its columns to the encoder's",
     lambda s, W, h: right_scores(s, W.T, h)),
    ("W is not used: that is the dot product", lambda s, W, h: s @ h.mT),
    ("these are the weights: the scores before the softmax are asked for",
     lambda s, W, h: torch.softmax(right_scores(s, W, h), 2)),
    ("there is no tanh in a bilinear score",
     lambda s, W, h: torch.tanh(s @ W) @ h.mT),
    ("the scores are divided by a square root of the size",
     lambda s, W, h: right_scores(s, W, h) / h.shape[2] ** 0.5),
    ("the t-th decoder state is compared with the t-th word only: every pair is asked for",
     lambda s, W, h: ((s @ W) * h).sum(2)),
]

SCORES_CASES = [
    Case(name, [(drawn(B, T, Q, seed=n), drawn(Q, H, seed=n + 1), drawn(B, S, H, seed=n + 2))],
         right_scores, SCORES_MISTAKES)
    for name, B, T, S, Q, H, n in [("two states, two words, equal sizes", 1, 2, 2, 2, 2, 31),
                                   ("three states, three words, equal sizes", 2, 3, 3, 4, 4, 41),
                                   ("different sizes: Q = 2, H = 3", 2, 3, 4, 2, 3, 51)]
]


def scores(function):
    """Report on `function(s (B, T, Q), W (Q, H), h (B, S, H)) -> (B, T, S)`."""
    return examine(function, SCORES_CASES)


# --- crossings ----------------------------------------------------------------------------------


def right_crossings(a):
    """What is expected: pairs of target words whose most looked at source words are in the
    opposite order."""
    return crossing_pairs(a.argmax(1).tolist(), lambda before, after: before > after)


def crossing_pairs(places, crosses):
    """How many pairs of places, an earlier and a later one, do cross."""
    return sum(crosses(places[t], places[u])
               for t in range(len(places)) for u in range(t + 1, len(places)))


CROSSINGS_MISTAKES = [
    ("the largest weight of each column is taken: a row is one target word",
     lambda a: crossing_pairs(a.argmax(0).tolist(), lambda before, after: before > after)),
    ("only neighbours are compared: any two target words can cross",
     lambda a: sum(x > y for x, y in zip(a.argmax(1).tolist(), a.argmax(1).tolist()[1:],
                                         strict=False))),
    ("two words that look at the same source word do not cross",
     lambda a: crossing_pairs(a.argmax(1).tolist(), lambda before, after: before >= after)),
    ("these are the pairs that do not cross",
     lambda a: crossing_pairs(a.argmax(1).tolist(), lambda before, after: before < after)),
    ("every pair is counted twice", lambda a: 2 * right_crossings(a)),
    ("the words that look elsewhere than at their own place are counted: crossings are pairs",
     lambda a: sum(j != t for t, j in enumerate(a.argmax(1).tolist()))),
]


def soft(*places, S):
    """Weights (T, S) that are largest at these places, one for each target word."""
    a = torch.full((len(places), S), 0.5 / (S - 1))
    a[range(len(places)), places] = 0.5
    return a + 0.001 * torch.arange(S)


CROSSINGS_CASES = [
    Case(name, [(soft(*places, S=S),)], lambda a: right_crossings(a), CROSSINGS_MISTAKES)
    for name, places, S in [("two words in the other order", (0, 2, 1), 3),
                            ("the green witch arrived", (3, 0, 2, 1), 4),
                            ("two words that look at the same one", (1, 0, 0, 3, 2), 4)]
]


def crossings(function):
    """Report on `function(a (T, S)) -> number of pairs`."""
    return examine(function, CROSSINGS_CASES)
