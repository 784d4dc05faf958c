"""Homework 5: the best label sequences of a padded batch; find the mistake."""

import torch

from .. import crf
from .core import Case
from .drawing import Draw, telling
from .hw5_paths import chain_given

NONE = -1
"""Stands in padding."""


def right_padded(emissions, lengths, transitions, start, end):
    """What is expected: the best labels (B, T) of each sentence, -1 in padding."""
    mask = torch.arange(emissions.shape[1]) < lengths[:, None]
    return crf.viterbi(emissions, (transitions, start, end), mask)[0]


def searched(emissions, lengths, chain, stays, stands, followed=True):
    """Messages and pointers, with or without a stop at each sentence's last word; what is wrong in
    a batch."""
    (transitions, start, end), (_, T, K) = chain, emissions.shape
    best, pointers = start + emissions[:, 0], []
    for t in range(1, T):
        here = (t < lengths)[:, None]
        new, back = (best[:, :, None] + transitions).max(1)
        best = torch.where(here | (not stays), new + emissions[:, t], best)
        pointers.append(torch.where(here | (not stands), back, torch.arange(K)))
    labels = [(best + end).argmax(1)]
    for back in pointers[::-1]:
        labels.append(back.gather(1, labels[-1][:, None])[:, 0])
    return torch.stack(labels[::-1], 1).masked_fill(
        torch.arange(T) >= lengths[:, None], NONE)


def half(stays, stands):
    """One half of the cure, or none."""
    return lambda e, lengths, *chain: searched(e, lengths, chain, stays, stands)


def filled(value):
    """Right, with another number in padding."""
    def mistake(e, lengths, *chain):
        found = right_padded(e, lengths, *chain)
        return found.masked_fill(found == NONE, value)
    return mistake


def zero_emissions(e, lengths, *chain):
    """The emissions of padding set to zero: transitions go on all the same."""
    real = torch.arange(e.shape[1]) < lengths[:, None]
    return half(False, False)(e * real[..., None], lengths, *chain)


def without(change):
    """The right labels of another chain."""
    return lambda e, lengths, *chain: right_padded(e, lengths, *change(*chain))


PADDED_MISTAKES = [
    ("the messages run on through the padding: beyond its last word a sentence keeps its message, "
     "and the way back stays at its label", half(False, False)),
    ("the messages stop, but the way back follows the pointers of padding: there the label stays",
     half(True, False)),
    ("the way back stays at its label in padding, but the messages run on through it: a sentence "
     "keeps the message of its last word", half(False, True)),
    ("emissions of 0 in padding do not stop the messages: the transitions are still added",
     zero_emissions),
    ("the end is missing", without(lambda A, s, end: (A, s, 0 * end))),
    ("the start is missing", without(lambda A, s, end: (A, 0 * s, end))),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j",
     without(lambda A, s, end: (A.T, s, end))),
    ("in padding stands a label: it should be -1", filled(0)),
    ("every word for itself: the transitions are not used",
     lambda e, lengths, *chain: e.argmax(2).masked_fill(
         torch.arange(e.shape[1]) >= lengths[:, None], NONE)),
]


def padded_tells(*given):
    """Whether each half of the cure alone finds other labels, and no two sequences are equally
    good."""
    e, lengths, *chain = given
    right = right_padded(*given)
    if (lengths < e.shape[1]).any() and any(
            torch.equal(mistake(*given), right) for _, mistake in PADDED_MISTAKES[:3]):
        return False
    best = crf.k_best(e, tuple(chain), 2, torch.arange(e.shape[1]) < lengths[:, None])[1]
    return (best[:, 0] - best[:, 1]).min() > 0.02


def ends_tell(*given):
    """As `padded_tells`, and no two of the first seven mistakes find the same labels."""
    return padded_tells(*given) and len({
        str(find(*given).tolist())
        for find in [right_padded, *(mistake for _, mistake in PADDED_MISTAKES[:7])]}) == 8


def padded_case(name, draw, lengths, K, weight=1, tells=padded_tells):
    """A case of the batch; starts and ends have large scores, so that they matter."""
    B, T = len(lengths), max(lengths)

    def make(draw):
        e, A, s, end = chain_given(draw, B * T, K)
        return e.view(B, T, K), torch.tensor(lengths), A, 2 * s, 2 * end
    return Case(name, [telling(draw, make, tells)], right_padded, PADDED_MISTAKES, weight=weight)


def padded_cases(seed):
    """No padding, then two and six sentences."""
    draw = Draw(seed + 65)
    return [padded_case("two sentences of one length: nothing was wrong", draw, [3, 3], 2, 0),
            padded_case("two sentences, the first one is padded", draw, [1, 2], 2),
            padded_case("six sentences with padding", draw, [5, 2, 1, 4, 6, 3], 4, 2, ends_tell)]


def padded_hidden(seed):
    """Larger."""
    return [padded_case("eight sentences, five labels", Draw(seed + 66),
                        [2, 7, 5, 1, 7, 3, 6, 4], 5, 2)]
