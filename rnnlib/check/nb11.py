"""The checks of notebook 11: unknown words, windows over letters, both ends; the rest in
nb11_pieces."""

import torch

from .core import Case, examine
from .nb11_pieces import bits, columns, merge

__all__ = ["unknown", "convolve", "ends", "merge", "bits", "columns"]


# --- unknown words ------------------------------------------------------------------------------


def right_unknown(train, test):
    """What is expected: the percentage of the running words of test that train does not have."""
    seen = set(train)
    return 100 * sum(word not in seen for word in test) / len(test)


def lower(words):
    """The words in small letters."""
    return [word.lower() for word in words]


UNKNOWN_MISTAKES = [
    ("different words are counted: a word that occurs three times in the test text counts three "
     "times", lambda train, test: right_unknown(train, sorted(set(test)))),
    ("this is the share of the known words: return the unknown ones",
     lambda train, test: 100 - right_unknown(train, test)),
    ("this is a share from 0 to 1: return a percentage",
     lambda train, test: right_unknown(train, test) / 100),
    ("the two texts are swapped: the words of the test text are looked up",
     lambda train, test: right_unknown(test, train)),
    ("capital letters are lost: 'May' and 'may' are different words here",
     lambda train, test: right_unknown(lower(train), lower(test))),
    ("a number of words, not a percentage: divide by the length of the test text",
     lambda train, test: right_unknown(train, test) * len(test) / 100),
    ("it is divided by the length of the training text: the share is one of the test text",
     lambda train, test: right_unknown(train, test) * len(test) / len(train)),
    ("a word counts as known only if the training text has it twice: once is enough",
     lambda train, test: 100 * sum(train.count(word) < 2 for word in test) / len(test)),
]

UNKNOWN_CASES = [
    Case(name, [(train.split(), test.split())], right_unknown, UNKNOWN_MISTAKES)
    for name, train, test in [
        ("one word of two is new", "a b a c b", "a d"),
        ("a new word that comes three times", "the cat sat on the mat on on", "dogs dogs sat dogs"),
        ("capital letters make another word", "we may go to the to sea", "May to the may we")]
]


def unknown(function):
    """Report on `function(train, test) -> percent`, both lists of words."""
    return examine(function, UNKNOWN_CASES)


# --- windows over letters -----------------------------------------------------------------------


def windows(e, n, before, after):
    """Every window of n rows of e (L, D), with zeros around it: (places, n, D)."""
    zeros = [torch.zeros(k, e.shape[1]) for k in (before, after)]
    whole = torch.cat([zeros[0], e, zeros[1]])
    return torch.stack([whole[t : t + n] for t in range(len(whole) - n + 1)])


def convolved(keep=lambda h: h.max(0).values, squash=torch.tanh, pad=None, turn=lambda W: W):
    """The vector of a word, with what is kept, the squashing, the zeros and the weights to
    choose."""
    def function(e, W, b):
        n = W.shape[1]
        before, after = pad(n) if pad else (n // 2, n // 2)
        return keep(squash(torch.einsum("tnd,hnd->th", windows(e, n, before, after), turn(W)) + b))
    return function


right_convolve = convolved()

CONVOLVE_MISTAKES = [
    ("the mean over the places is taken: keep the largest value of each unit",
     convolved(keep=lambda h: h.mean(0))),
    ("the values are added up over the places: keep the largest one of each unit",
     convolved(keep=lambda h: h.sum(0))),
    ("only the last window is kept: the largest value may stand anywhere",
     convolved(keep=lambda h: h[-1])),
    ("the tanh is missing", convolved(squash=lambda a: a)),
    ("no zeros around the word: the first and the last letter get no window of their own",
     convolved(pad=lambda n: (0, 0))),
    ("zeros on one side only: the window is centred on its letter",
     convolved(pad=lambda n: (0, n - 1))),
    ("zeros on the left side only: the window is centred on its letter",
     convolved(pad=lambda n: (n - 1, 0))),
    ("too many zeros: half a window on each side is enough",
     convolved(pad=lambda n: (n - 1, n - 1))),
    ("the window is turned round: its first row belongs to its first letter",
     convolved(turn=lambda W: W.flip(1))),
    ("the bias is missing", lambda e, W, b: right_convolve(e, W, 0 * b)),
    ("the maximum is taken over the units: one number for each unit is left, not for each place",
     convolved(keep=lambda h: h.max(1).values)),
]


def drawn(*shape, seed):
    """A tensor of these sizes, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


CONVOLVE_CASES = [
    Case(name, [(drawn(L, D, seed=n), drawn(H, 3, D, seed=n + 1), drawn(H, seed=n + 2))],
         right_convolve, CONVOLVE_MISTAKES)
    for name, L, D, H, n in [("one window, four letters of one number", 4, 1, 1, 70),
                             ("two windows, six letters", 6, 2, 2, 80),
                             ("eight windows, four letters", 4, 3, 8, 90)]
]


def convolve(function):
    """Report on `function(e (L, D), W (H, 3, D), b (H,)) -> (H,)`."""
    return examine(function, CONVOLVE_CASES)


# --- both ends ----------------------------------------------------------------------------------


def at(h, places):
    """Of each row of h (B, L, H) the state at its place."""
    return h[torch.arange(len(h)), places]


def right_ends(forwards, backwards, lengths):
    """What is expected: forward at the last letter, backward at the first."""
    return torch.cat([at(forwards, lengths - 1), backwards[:, 0]], 1)


def mean_over(h, lengths):
    """The mean over the letters of each word."""
    real = torch.arange(h.shape[1]) < lengths[:, None]
    return (h * real[..., None]).sum(1) / lengths[:, None]


ENDS_MISTAKES = [
    ("both are taken at the last letter: there the backward reader has read one letter only",
     lambda f, b, n: torch.cat([at(f, n - 1), at(b, n - 1)], 1)),
    ("the forward state is taken from the padding: its last letter stands at lengths - 1",
     lambda f, b, n: torch.cat([f[:, -1], b[:, 0]], 1)),
    ("both are taken in the last column, as in h[:, -1]: the forward reader ends at lengths - 1, "
     "the backward one at the first letter",
     lambda f, b, n: torch.cat([f[:, -1], b[:, -1]], 1)),
    ("the forward state is one letter too early: the last letter stands at lengths - 1",
     lambda f, b, n: torch.cat([at(f, (n - 2).clamp(min=0)), b[:, 0]], 1)),
    ("both are taken at the first letter: there the forward reader has read one letter only",
     lambda f, b, n: torch.cat([f[:, 0], b[:, 0]], 1)),
    ("the two halves are swapped: forward first",
     lambda f, b, n: torch.cat([b[:, 0], at(f, n - 1)], 1)),
    ("the two are added: put them side by side, 2H numbers",
     lambda f, b, n: at(f, n - 1) + b[:, 0]),
    ("the two are stacked: put them side by side, 2H numbers",
     lambda f, b, n: torch.stack([at(f, n - 1), b[:, 0]], 1)),
    ("the mean over the letters is taken: the last states are asked for",
     lambda f, b, n: torch.cat([mean_over(f, n), mean_over(b, n)], 1)),
]

ENDS_CASES = [
    Case(name, [(drawn(B, L, H, seed=n), drawn(B, L, H, seed=n + 1), torch.tensor(lengths))],
         right_ends, ENDS_MISTAKES)
    for name, B, L, H, lengths, n in [
        ("one word that fills the batch", 1, 3, 1, [3], 10),
        ("two words of different lengths", 2, 4, 2, [4, 2], 20),
        ("three words, all shorter than the batch", 3, 6, 2, [2, 5, 3], 30)]
]


def ends(function):
    """Report on `function(forwards (B, L, H), backwards (B, L, H), lengths (B,)) -> (B, 2H)`."""
    return examine(function, ENDS_CASES)
