"""Homework 7: targets with their markers, and the states of an encoder that reads both ways."""

import torch

from .core import Case
from .drawing import Draw

# --- markers ------------------------------------------------------------------------------------


def right_markers(texts, bos, eos):
    """What is expected: what is read, what is guessed, and where there is something to guess."""
    T = 1 + max(len(one) for one in texts)
    read = [[bos, *one] + [eos] * (T - 1 - len(one)) for one in texts]
    guessed = [[*one] + [eos] * (T - len(one)) for one in texts]
    real = [[t <= len(one) for t in range(T)] for one in texts]
    return torch.tensor(read), torch.tensor(guessed), torch.tensor(real)


def marked(change):
    """The three tensors, changed; `change` takes them and the arguments."""
    return lambda texts, bos, eos: change(*right_markers(texts, bos, eos), (texts, bos, eos))


def until(count):
    """Real where t < count(length of the text)."""
    def change(before, y, real, given):
        places = torch.arange(before.shape[1])
        return before, y, torch.stack([places < count(len(one)) for one in given[0]])
    return marked(change)


def end_read(before, y, real, given):
    """The end marker among what is read, as a whole row of markers and words."""
    rows = torch.cat([before, y[:, -1:]], 1)
    longer = torch.cat([y, y[:, -1:]], 1)
    return rows, longer, torch.cat([real, torch.zeros(len(y), 1, dtype=torch.bool)], 1)


MARKER_NAMES = "before", "y", "real"
MARKER_MISTAKES = [
    ("before is not shifted: at each place stands what was guessed one place earlier, and the "
     "begin marker at the first", marked(lambda before, y, real, given: (y, y, real))),
    ("y is what was read: guessed is the token that comes after it",
     marked(lambda before, y, real, given: (before, before, real))),
    ("the end marker is not guessed: it is a token like the others, and real there",
     until(lambda length: length)),
    ("padding counts as real: nothing is guessed after the end marker",
     marked(lambda before, y, real, given: (before, y, torch.ones_like(real)))),
    ("one place too many is real: after the end marker nothing is guessed",
     until(lambda length: length + 2)),
    ("one column too many: a text of n tokens has n + 1 places", marked(end_read)),
    ("before and y are swapped", marked(lambda before, y, real, given: (y, before, real))),
    ("the end marker stands in place of the begin marker",
     marked(lambda before, y, real, given: (
         torch.cat([y[:, -1:] * 0 + given[2], before[:, 1:]], 1), y, real))),
    ("real is the wrong way round: True marks what is guessed",
     marked(lambda before, y, real, given: (before, y, ~real))),
    ("padding of before is filled with the begin marker: after its end a row holds the end marker",
     marked(lambda before, y, real, given: (before.where(real, given[1]), y, real))),
    ("padding is filled with 0, which is a token: fill it with the end marker",
     marked(lambda before, y, real, given: (before.where(real, 0), y.where(real, 0), real))),
]


def texts_of(draw, lengths):
    """Texts of tokens 2 to 8."""
    return [(draw.ids(7, n) + 2).tolist() for n in lengths]


def marker_case(name, draw, lengths, weight=1, markers=(9, 10)):
    """A case of the markers."""
    return Case(name, [(texts_of(draw, lengths), *markers)], right_markers, MARKER_MISTAKES,
                returns=MARKER_NAMES, weight=weight)


def marker_cases(seed):
    """One text, two, four of several lengths."""
    draw = Draw(seed + 70)
    return [marker_case("one text of two tokens", draw, [2]),
            marker_case("two texts: the first one is padded", draw, [1, 3], 2),
            marker_case("four texts, one of them empty", draw, [3, 0, 2, 1], 2, (10, 9))]


def marker_hidden(seed):
    """More texts."""
    return [marker_case("seven texts", Draw(seed + 71), [5, 2, 8, 1, 8, 3, 4])]


# --- both ways ----------------------------------------------------------------------------------


def turned(states, lengths):
    """States turned round within each source; zeros in padding."""
    rows = [torch.cat([row[:n].flip(0), row[n:] * 0]) for row, n in zip(
        states, lengths.tolist(), strict=True)]
    return torch.stack(rows)


def blanked(states, lengths):
    """Zeros in padding."""
    return states * (torch.arange(states.shape[1]) < lengths[:, None])[..., None]


def at_end(states, lengths):
    """The state at each source's own last place."""
    return states[torch.arange(len(states)), lengths - 1]


def right_both(left, right, lengths):
    """What is expected: states (B, S, 2H) and the last state (B, 2H)."""
    h = torch.cat([blanked(left, lengths), turned(right, lengths)], 2)
    return h, torch.cat([at_end(left, lengths), at_end(right, lengths)], 1)


def with_states(change):
    """Other states, the right last state."""
    return lambda left, right, lengths: (change(left, right, lengths),
                                         right_both(left, right, lengths)[1])


def with_last(change):
    """The right states, another last state."""
    return lambda left, right, lengths: (right_both(left, right, lengths)[0],
                                         change(left, right, lengths))


def both_from(of):
    """States as they are joined, and the last column of them or another."""
    def mistake(left, right, lengths):
        h = torch.cat([blanked(left, lengths), turned(right, lengths)], 2)
        return h, of(h, lengths)
    return mistake


BOTH_NAMES = "h", "last"
BOTH_MISTAKES = [
    ("the backward states are not turned round: right[b, 0] has read the last symbol, so it "
     "belongs to that symbol", with_states(lambda left, right, lengths: torch.cat(
         [blanked(left, lengths), blanked(right, lengths)], 2))),
    ("the whole row is turned round, padding and all: only the first `lengths` places are, so the "
     "source must stay at the left", with_states(lambda left, right, lengths: torch.cat(
         [blanked(left, lengths), blanked(right.flip(1), lengths)], 2))),
    ("the whole row is turned round, padding and all: only the first `lengths` places are, so the "
     "source must stay at the left", with_states(lambda left, right, lengths: torch.cat(
         [blanked(left, lengths), blanked(right, lengths).flip(1)], 2))),
    ("stacked, not concatenated: a symbol has one vector of 2H numbers, not two of H",
     with_states(lambda left, right, lengths: torch.stack(
         [blanked(left, lengths), turned(right, lengths)], 2))),
    ("stacked, not concatenated: a source has one vector of 2H numbers, not two of H",
     with_last(lambda left, right, lengths: torch.stack(
         [at_end(left, lengths), at_end(right, lengths)], 1))),
    ("stacked, not concatenated: a symbol has one vector of 2H numbers, not two of H",
     lambda left, right, lengths: (
         torch.stack([blanked(left, lengths), turned(right, lengths)], 2),
         torch.stack([at_end(left, lengths), at_end(right, lengths)], 1))),
    ("concatenated along the symbols: the two states of one stand side by side in one vector",
     with_states(lambda left, right, lengths: torch.cat(
         [blanked(left, lengths), turned(right, lengths)], 1))),
    ("added up: each direction keeps its own numbers, side by side",
     lambda left, right, lengths: (
         blanked(left, lengths) + turned(right, lengths),
         at_end(left, lengths) + at_end(right, lengths))),
    ("the last column in place of the last symbol: in a padded row the last state stands at "
     "lengths - 1", with_last(lambda left, right, lengths: torch.cat(
         [left[:, -1], right[:, -1]], 1))),
    ("the last state of the backward direction is the one that has read all symbols: it stands "
     "at the first symbol once the states are turned round", both_from(at_end)),
    ("the last state of the backward direction is the one that has read all symbols: it stands "
     "at the first symbol once the states are turned round", with_last(
         lambda left, right, lengths: torch.cat([at_end(left, lengths), right[:, 0]], 1))),
    ("padding is not blank: states there must be zeros", with_states(
        lambda left, right, lengths: torch.cat([left, turned(right, lengths) + (
            right - blanked(right, lengths))], 2))),
    ("padding is not blank: states there must be zeros", with_states(
        lambda left, right, lengths: torch.cat([left, turned(right, lengths)], 2))),
    ("the halves are swapped: the direction from the left comes first",
     lambda left, right, lengths: (
         torch.cat([turned(right, lengths), blanked(left, lengths)], 2),
         torch.cat([at_end(right, lengths), at_end(left, lengths)], 1))),
]


def both_case(name, draw, lengths, H, weight=1):
    """A case of the two directions."""
    B, S = len(lengths), max(lengths)
    given = draw.normal(B, S, H), draw.normal(B, S, H), torch.tensor(lengths)
    return Case(name, [given], right_both, BOTH_MISTAKES, returns=BOTH_NAMES, weight=weight)


def both_cases(seed):
    """One source, two of one length, padded ones."""
    draw = Draw(seed + 72)
    return [both_case("one source of three symbols", draw, [3], 1),
            both_case("two sources, the first one is padded", draw, [2, 3], 1, 2),
            both_case("four sources with padding", draw, [4, 1, 5, 3], 3, 2)]


def both_hidden(seed):
    """Larger."""
    return [both_case("six sources", Draw(seed + 73), [7, 2, 9, 9, 1, 4], 5)]
