"""The checks of notebook 12: a row for one network, two networks, teacher forcing; the context at
every step is in nb12_context."""

import torch

from .core import Case, examine
from .nb12_context import at_every_step, handed_over

__all__ = ["row", "handed_over", "forced_loss", "at_every_step"]


# --- one row for one network --------------------------------------------------------------------


def right_row(source, target):
    """What is expected: source, separator, target, end; what is guessed is target and end."""
    return ([*source, "<s>", *target, "</s>"],
            [False] * (len(source) + 1) + [True] * (len(target) + 1))


def changed(row=lambda row, source, target: row, counted=lambda counted, source: counted):
    """A row and its marks with one thing done otherwise."""
    def function(source, target):
        symbols, marks = right_row(source, target)
        return row(symbols, source, target), counted(marks, source)
    return function


ROW_MISTAKES = [
    ("the separator is missing: nothing says where the source ends",
     changed(lambda row, s, t: [*s, *t, "</s>"], lambda marks, s: marks[1:])),
    ("the end marker is missing: the network would never learn to stop",
     changed(lambda row, s, t: row[:-1], lambda marks, s: marks[:-1])),
    ("the separator is counted: it is read and never guessed",
     changed(counted=lambda marks, s: [False] * len(s) + [True] * (len(marks) - len(s)))),
    ("the end marker is not counted: the network has to guess where a target ends",
     changed(counted=lambda marks, s: [*marks[:-1], False])),
    ("the source is counted, too: it is given, nobody has to guess it",
     changed(counted=lambda marks, s: [True] * len(s) + marks[len(s):])),
    ("everything is counted: the source and the separator are given",
     changed(counted=lambda marks, s: [True] * len(marks))),
    ("the marks are the wrong way round: True stands for what is guessed",
     changed(counted=lambda marks, s: [not mark for mark in marks])),
    ("the target comes first: the network must have read the source before it writes",
     changed(lambda row, s, t: [*t, "<s>", *s, "</s>"])),
    ("the marks are one symbol late: the word after the separator is guessed, too",
     changed(counted=lambda marks, s: [False, *marks[:-1]])),
    ("the source has a begin marker: only one <s> stands in the row, between source and target",
     changed(lambda row, s, t: ["<s>", *row], lambda marks, s: [False, *marks])),
]

ROW_CASES = [
    Case(name, [(source.split(), target.split())], right_row, ROW_MISTAKES,
         returns=("row", "counted"))
    for name, source, target in [
        ("one word becomes one word", "yes", "sí"),
        ("four words become four, in another order", "the green witch arrived",
         "llegó la bruja verde"),
        ("the target is longer", "she sees him", "ella no lo ve nunca")]
]


def row(function):
    """Report on `function(source, target) -> (row, counted)`, lists of symbols and of bools."""
    return examine(function, ROW_CASES)


# --- teacher forcing ----------------------------------------------------------------------------


def toy(seed, size=4):
    """A decoder with numbers drawn once: what comes next depends on all that was read."""
    table = torch.randn(size, size, generator=torch.Generator().manual_seed(seed))

    def step(token, state):
        state = 0.5 * state + table[token]
        return torch.log_softmax(state, -1), state

    return step


def losses(step, state, read, guess, carry=True):
    """The nats of each symbol of guess, after the ones of read."""
    found, first = [], state
    for token, wanted in zip(read, guess, strict=True):
        log_probs, state = step(token, state if carry else first)
        found.append(-log_probs[wanted])
    return torch.stack(found)


def right_forced_loss(step, state, target, bos, eos):
    """What is expected: the mean nats of target and end marker after the gold words."""
    return losses(step, state, [bos, *target], [*target, eos]).mean()


def own_words(step, state, target, bos, eos):
    """The loss when the decoder reads the word that it finds most probable."""
    token, found = bos, []
    for wanted in [*target, eos]:
        log_probs, state = step(token, state)
        found.append(-log_probs[wanted])
        token = int(log_probs.argmax())
    return torch.stack(found).mean()


def best_words(step, state, target, bos, eos):
    """The loss of the most probable words in place of the gold ones."""
    found = []
    for token in [bos, *target]:
        log_probs, state = step(token, state)
        found.append(-log_probs.max())
    return torch.stack(found).mean()


FORCED_MISTAKES = [
    ("the decoder reads its own words: in training the gold word goes in, whatever it has guessed",
     own_words),
    ("the loss is that of the most probable word: it is the gold word that counts", best_words),
    ("the end marker is not counted: it has to be guessed like a word",
     lambda step, h, y, b, e: losses(step, h, [b, *y[:-1]], y).mean()),
    ("the nats are added up: divide by how many symbols were guessed",
     lambda step, h, y, b, e: losses(step, h, [b, *y], [*y, e]).sum()),
    ("it is divided by the number of words: the end marker was guessed, too",
     lambda step, h, y, b, e: losses(step, h, [b, *y], [*y, e]).sum() / len(y)),
    ("the sign is wrong: a loss is minus a log-probability",
     lambda step, h, y, b, e: -losses(step, h, [b, *y], [*y, e]).mean()),
    ("the begin marker is missing: the first word is guessed after <s>",
     lambda step, h, y, b, e: losses(step, h, y, [*y[1:], e]).mean()),
    ("the decoder reads the word that it has to guess: it reads the one before",
     lambda step, h, y, b, e: losses(step, h, [*y, e], [*y, e]).mean()),
    ("the state is not carried on: each step begins at the context again",
     lambda step, h, y, b, e: losses(step, h, [b, *y], [*y, e], carry=False).mean()),
    ("the decoder reads <s> at every step: it reads the gold word before",
     lambda step, h, y, b, e: losses(step, h, [b] * (len(y) + 1), [*y, e]).mean()),
]

FORCED_CASES = [
    Case(name, [(toy(seed), torch.randn(4, generator=torch.Generator().manual_seed(seed + 50)),
                 target, 0, 1)], right_forced_loss, FORCED_MISTAKES)
    for name, seed, target in [("two words and the end", 3, [2, 3]),
                               ("a word that comes twice", 5, [3, 3, 2]),
                               ("five words", 11, [2, 3, 3, 2, 2])]
]


def forced_loss(function):
    """Report on `function(step, state, target, bos, eos) -> mean nats`."""
    return examine(function, FORCED_CASES)
