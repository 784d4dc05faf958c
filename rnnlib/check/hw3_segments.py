"""Homework 3, exercise 4: a long text as rows that go on from segment to segment."""

import torch

from .core import Case
from .drawing import Draw


def right_segments(ids, B, T):
    """What is expected, place by place."""
    L = (len(ids) - 1) // B
    rows = torch.tensor([[b * L + n for n in range(L)] for b in range(B)])
    return cut(ids[rows], ids[rows + 1], T)


def cut(x, y, T):
    """x and y (B, L) in segments of T; the last may be shorter."""
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


def rowed(ids, B, L=None):
    """(B, L): row b is the b-th piece of the text."""
    L = L or (len(ids) - 1) // B
    return ids[: B * L].view(B, L)


def of_rows(make):
    """Segments of `make(ids, B, T)` -> x, y (B, L)."""
    return lambda ids, B, T: cut(*make(ids, B, T), T)


def shifted(by):
    """y so many symbols after x."""
    return of_rows(lambda ids, B, T: (rowed(ids, B), rowed(ids.roll(-by), B)))


def short_rows(ids, B, T):
    """Rows of N // B symbols; x all but the last of each, y all but the first."""
    rows = ids[: len(ids) // B * B].view(B, -1)
    return rows[:, :-1], rows[:, 1:]


def inside(ids, B, T):
    """y is made inside each segment, whose last target is lost."""
    return [(x[:, :-1], x[:, 1:]) for x, _ in right_segments(ids, B, T)]


def woven(ids, B, T):
    """Neighbours in the text stand in different rows."""
    L = (len(ids) - 1) // B
    return ids[: L * B].view(L, B).T, ids[1 : L * B + 1].view(L, B).T


def stacked(ids, B, T):
    """Segment after segment of the text, B of them in each batch."""
    starts = range(0, (len(ids) - 1) // (B * T) * B * T, B * T)
    return [(ids[s : s + B * T].view(B, T), ids[s + 1 : s + B * T + 1].view(B, T))
            for s in starts]


def gaps(ids, B, T):
    """Pieces of T + 1 symbols, x all but the last of each: what is between two is never asked."""
    return [(x[:, :-1], x[:, 1:]) for x in rowed(ids, B).split(T + 1, 1)]


def stepping(step):
    """Segments that begin every `step(T)` symbols."""
    def function(ids, B, T):
        x, y = (torch.cat(part, 1) for part in zip(*right_segments(ids, B, T), strict=True))
        return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, x.shape[1], step(T))]
    return function


def changed(change):
    """The right segments, each pair changed."""
    return lambda ids, B, T: [change(x, y) for x, y in right_segments(ids, B, T)]


def rolled_rows(ids, B, T):
    """The last target of a row is the first symbol of the same row."""
    x = rowed(ids, B)
    return x, x.roll(-1, 1)


def rolled_text(ids, B, T):
    """N // B symbols in a row; the text's last target is its first symbol."""
    L = len(ids) // B
    return rowed(ids, B, L), rowed(ids.roll(-1), B, L)


SEGMENT_MISTAKES = [
    ("y is x: it is to be one symbol later", shifted(0)),
    ("y is one symbol earlier than x: the next one is to be guessed", shifted(-1)),
    ("y is two symbols later than x: one step", shifted(2)),
    ("the last target of each segment is its own first symbol: y goes on with the text",
     changed(lambda x, y: (x, x.roll(-1, 1)))),
    ("the last target of each row is its own first symbol: it is the next symbol of the text",
     of_rows(rolled_rows)),
    ("the text's last target is its first symbol: a row has (N - 1) // B symbols",
     of_rows(rolled_text)),
    ("a symbol of each row is lost: the target of its last one is the first of the next row",
     of_rows(short_rows)),
    ("the last symbol of each segment is not read: y is cut from the text, not from x",
     inside),
    ("the last symbol of a piece is not read, and the next piece begins after it: a segment goes "
     "on where the one before ended", gaps),
    ("neighbours in the text stand in different rows: a row is one stretch of the text",
     of_rows(woven)),
    ("row b of a segment does not go on where row b of the last one ended: cut the text into B "
     "rows first, then the rows into segments", stacked),
    ("the last, shorter segment is missing",
     lambda ids, B, T: [pair for pair in right_segments(ids, B, T) if pair[0].shape[1] == T]),
    ("the segments overlap: the next begins where the last one ended",
     stepping(lambda T: max(T - 1, 1))),
    ("the segments overlap: the next begins where the last one ended", stepping(lambda T: 1)),
    ("the axes are swapped: one row for each of the B stretches",
     changed(lambda x, y: (x.T, y.T))),
    ("x and y are swapped: x comes first", changed(lambda x, y: (y, x))),
    ("only x is returned: each segment is a pair (x, y)", changed(lambda x, y: x)),
    ("the rows are not cut: segments of T symbols",
     lambda ids, B, T: right_segments(ids, B, len(ids))),
]


def segment_case(name, inputs, weight=1):
    """A case of the segments."""
    return Case(name, inputs, right_segments, SEGMENT_MISTAKES, weight=weight)


def different(draw, N):
    """N different ids, in a random order."""
    return torch.randperm(N, generator=draw.generator) + 10


def segment_cases(seed):
    """One row, two rows, a text that leaves some symbols over."""
    draw = Draw(seed + 36)
    return [segment_case("one row, segments of two", [(different(draw, 5), 1, 2)]),
            segment_case("two rows, segments of two; a shorter one comes last",
                         [(different(draw, 8), 2, 2)], 2),
            segment_case("the text has as many symbols as fit into the rows",
                         [(different(draw, 12), 3, 2)])]


def segment_hidden(seed):
    """Longer."""
    draw = Draw(seed + 37)
    return [segment_case("five rows", [(different(draw, 203), 5, 7)], 2)]
