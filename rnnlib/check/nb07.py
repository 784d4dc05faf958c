"""The checks of notebook 07: the last state of a batch, pooling, both ends, errors, confidence."""

import torch

from .core import Case, examine
from .nb07_errors import answered, pooled_errors

__all__ = ["last", "pool", "ends", "pooled_errors", "answered"]


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def padded(B, T, H, lengths, seed):
    """States (B, T, H) of texts of these lengths, rubbish in padding, and the lengths (B,)."""
    return drawn(B, T, H, seed=seed), torch.tensor(lengths)


# --- the last state -----------------------------------------------------------------------------


def at(h, places):
    """The state of each text at its own place."""
    return h[torch.arange(len(h)), places]


def right_last(h, lengths):
    """What is expected: the state after the last real word of each text."""
    return at(h, lengths - 1)


def mean_of(h, lengths):
    """The mean over the real words."""
    return h.sum(1) / lengths[:, None]


LAST_MISTAKES = [
    ("the last column of the batch is taken: shorter texts have only padding there",
     lambda h, lengths: h[:, -1]),
    ("one place too far: the first word stands at place 0, so the last one at lengths - 1",
     lambda h, lengths: at(h, lengths.clamp(max=h.shape[1] - 1))),
    ("one place too early: the last word stands at lengths - 1",
     lambda h, lengths: at(h, (lengths - 2).clamp(min=0))),
    ("this is the state after the first word", lambda h, lengths: h[:, 0]),
    ("one length for all: each text ends at its own place",
     lambda h, lengths: h[:, lengths[0] - 1]),
    ("all texts are cut at the shortest one: each ends at its own place",
     lambda h, lengths: h[:, lengths.min() - 1]),
    ("h[:, lengths - 1] takes all places for every text, (B, B, H): text b belongs to place b",
     lambda h, lengths: h[:, lengths - 1]),
    ("this is the mean of the states: the last one was asked for", mean_of),
    ("this is the sum of the states: the last one was asked for", lambda h, lengths: h.sum(1)),
]

LAST_CASES = [
    Case("a text of two words beside one of three", [padded(2, 4, 2, [3, 2], seed=1)],
         right_last, LAST_MISTAKES),
    Case("the shorter text first", [padded(3, 4, 2, [2, 4, 1], seed=2)],
         right_last, LAST_MISTAKES),
    Case("no padding at all", [padded(2, 2, 3, [2, 2], seed=3)], right_last, LAST_MISTAKES),
]


def last(function):
    """Report on `function(h (B, T, H), lengths (B,)) -> (B, H)`, the state after the last word."""
    return examine(function, LAST_CASES)


# --- pooling ------------------------------------------------------------------------------------


def right_pool(h, real):
    """What is expected: mean and maximum of each unit over the real words."""
    return mean_over(h, real), h.masked_fill(~real[..., None], -torch.inf).amax(1)


def mean_over(h, real):
    """The mean over the real words; what stands in padding does not count."""
    return h.masked_fill(~real[..., None], 0.0).sum(1) / real.sum(1, keepdim=True)


def pool_with(mean=None, largest=None):
    """The right answer with another mean or another maximum."""
    def both(h, real):
        right = right_pool(h, real)
        return (mean(h, real) if mean else right[0]), (largest(h, real) if largest else right[1])
    return both


POOL_MISTAKES = [
    ("the mean is divided by T: padding is no word, divide by the number of real ones",
     pool_with(lambda h, real: h.masked_fill(~real[..., None], 0.0).mean(1))),
    ("what stands in padding is counted, in the mean and in the maximum: use the mask",
     lambda h, real: (h.mean(1), h.amax(1))),
    ("what stands in padding is counted in the mean: use the mask",
     pool_with(lambda h, real: h.mean(1))),
    ("what stands in padding is added up, though the number of words is right: use the mask",
     pool_with(lambda h, real: h.sum(1) / real.sum(1, keepdim=True))),
    ("what stands in padding is counted in the maximum: fill it with -inf",
     pool_with(largest=lambda h, real: h.amax(1))),
    ("0 in padding can be the largest: where all values are negative it wins, fill with -inf",
     pool_with(largest=lambda h, real: h.masked_fill(~real[..., None], 0.0).amax(1))),
    ("0 in padding can be the largest, and it counts in the mean",
     lambda h, real: (h.masked_fill(~real[..., None], 0.0).mean(1),
                      h.masked_fill(~real[..., None], 0.0).amax(1))),
    ("this is the sum: divide it by the number of words",
     pool_with(lambda h, real: h.masked_fill(~real[..., None], 0.0).sum(1))),
    ("the largest by size is taken: the maximum of -3 and 1 is 1",
     pool_with(largest=lambda h, real: h.masked_fill(~real[..., None], 0.0).abs().amax(1))),
    ("the minimum was taken",
     pool_with(largest=lambda h, real: h.masked_fill(~real[..., None], torch.inf).amin(1))),
    ("the two are returned in the other order: the mean first",
     lambda h, real: right_pool(h, real)[::-1]),
    ("the axis is wrong: pool over the words of each text, not over the units",
     lambda h, real: (h.mean(2), h.amax(2))),
    ("the axis is wrong: pool over the words of each text, not over the texts",
     lambda h, real: (h.mean(0), h.amax(0))),
]


def pool_input(lengths, T, H, seed, shift=0.0):
    """States with rubbish in padding, and the mask of the real words."""
    real = torch.arange(T) < torch.tensor(lengths)[:, None]
    h = drawn(len(lengths), T, H, seed=seed) + shift
    return h.masked_fill(~real[..., None], 5.0), real


POOL_CASES = [
    Case("two texts, one of them shorter", [pool_input([2, 3], 3, 2, seed=4)],
         right_pool, POOL_MISTAKES, returns=("mean", "maximum")),
    Case("all values negative", [pool_input([3, 1], 3, 2, seed=5, shift=-4.0)],
         right_pool, POOL_MISTAKES, returns=("mean", "maximum")),
    Case("no padding", [pool_input([2, 2, 2], 2, 4, seed=6)],
         right_pool, POOL_MISTAKES, returns=("mean", "maximum")),
]


def pool(function):
    """Report on `function(h (B, T, H), real (B, T)) -> (mean (B, H), maximum (B, H))`."""
    return examine(function, POOL_CASES)


# --- both ends ----------------------------------------------------------------------------------


def right_ends(forwards, backwards, lengths):
    """What is expected: each direction where it has read the whole text, forward one first."""
    return torch.cat([at(forwards, lengths - 1), backwards[:, 0]], 1)


def ends_with(first, second):
    """The forward states and the backward ones at other places, given h and lengths."""
    return lambda f, b, lengths: torch.cat([first(f, lengths), second(b, lengths)], 1)


def own(h, lengths):
    """At the last word of each text."""
    return at(h, lengths - 1)


ENDS_MISTAKES = [
    ("the backward state at the last word has read one word only: it has read all at the first",
     ends_with(own, own)),
    ("both are taken at the first word: the forward state has read one word there",
     ends_with(lambda h, n: h[:, 0], lambda h, n: h[:, 0])),
    ("the ends are swapped: forward at the last word, backward at the first",
     ends_with(lambda h, n: h[:, 0], own)),
    ("the forward state is taken in padding: its text ends at lengths - 1",
     ends_with(lambda h, n: h[:, -1], lambda h, n: h[:, 0])),
    ("both are taken in the last column of the batch, which is padding for shorter texts",
     ends_with(lambda h, n: h[:, -1], lambda h, n: h[:, -1])),
    ("the forward state is one place too far: the last word stands at lengths - 1",
     ends_with(lambda h, n: at(h, n.clamp(max=h.shape[1] - 1)), lambda h, n: h[:, 0])),
    ("the halves are in the other order: the forward one comes first",
     lambda f, b, lengths: right_ends(f, b, lengths).roll(b.shape[2], 1)),
    ("the two are added: side by side they keep apart what each has read",
     lambda f, b, lengths: own(f, lengths) + b[:, 0]),
    ("the two are stacked, (B, 2, H): one vector for each text was asked for, (B, 2H)",
     lambda f, b, lengths: torch.stack([own(f, lengths), b[:, 0]], 1)),
    ("joined along the wrong axis, (2B, H): the two belong side by side, (B, 2H)",
     lambda f, b, lengths: torch.cat([own(f, lengths), b[:, 0]], 0)),
]


def two_directions(lengths, T, H, seed):
    """Forward and backward states (B, T, H), and the lengths."""
    forwards, n = padded(len(lengths), T, H, lengths, seed)
    return forwards, padded(len(lengths), T, H, lengths, seed + 100)[0], n


ENDS_CASES = [
    Case(name, [two_directions(lengths, T, 2, seed)], right_ends, ENDS_MISTAKES)
    for seed, (name, lengths, T) in enumerate([
        ("two texts, one of them shorter", [3, 2], 4), ("three texts", [2, 4, 3], 4),
        ("no padding", [2, 2], 2)])
]


def ends(function):
    """Report on `function(forwards (B, T, H), backwards (B, T, H), lengths (B,)) -> (B, 2H)`."""
    return examine(function, ENDS_CASES)
