"""Homework 1, exercises 1 and 2: windows of a batch, and what a window net makes of them."""

import torch

from .core import Case
from .drawing import Draw

# --- windows ------------------------------------------------------------------------------------


def looked(places, fill):
    """Windows by places: for word t the words at t + j for all j of `places(n)`.

    fill  what stands there when t + j is outside of the row: a function of (row, t + j, edge)
    """
    def function(ids, n, edge):
        return torch.tensor([[[row[t + j] if 0 <= t + j < len(row) else fill(row, t + j, edge)
                               for j in places(n)] for t in range(len(row))]
                             for row in ids.tolist()], dtype=torch.long)
    return function


def around(n):
    """The places of a window from left to right, 0 in the middle."""
    return range(-n, n + 1)


right_windows = looked(around, lambda row, place, edge: edge)


def inside_only(ids, n, edge):
    """Windows that fit into the row, without edges."""
    return right_windows(ids, n, edge)[:, n : ids.shape[1] - n]


def run_together(ids, n, edge):
    """The batch as one long row."""
    return right_windows(ids.reshape(1, -1), n, edge).reshape(*ids.shape, -1)


def at(places):
    """Windows at other places, edges as they should be."""
    return looked(places, lambda row, place, edge: edge)


WINDOW_MISTAKES = [
    ("the windows at the edges are missing: one for each word, filled up with `edge`",
     inside_only),
    ("the rows run together: beyond the end of a sentence stands `edge`, not the next sentence",
     run_together),
    ("the row goes round: before its first word stands `edge`, not its last word",
     looked(around, lambda row, place, edge: row[place % len(row)])),
    ("before the first word stands `edge`: a negative index counts from the end of the row",
     looked(around, lambda row, place, edge: row[place] if -len(row) <= place < 0 else edge)),
    ("the first and the last word are repeated at the edges: there stands `edge`",
     looked(around, lambda row, place, edge: row[0 if place < 0 else -1])),
    ("0 stands at the edges: 0 is a word, the edge is an argument",
     looked(around, lambda row, place, edge: 0)),
    ("-1 stands at the edges: the edge is an argument",
     looked(around, lambda row, place, edge: -1)),
    ("words to the left only: n on either side", at(lambda n: range(-n, 1))),
    ("words to the right only: n on either side", at(lambda n: range(0, n + 1))),
    ("all 2 n neighbours stand to the left: the word belongs in the middle",
     at(lambda n: range(-2 * n, 1))),
    ("all 2 n neighbours stand to the right: the word belongs in the middle",
     at(lambda n: range(0, 2 * n + 1))),
    ("one place too far left: the word of the window belongs in the middle",
     at(lambda n: range(-n - 1, n))),
    ("one place too far right: the word of the window belongs in the middle",
     at(lambda n: range(-n + 1, n + 2))),
    ("the last place is missing: with the word itself it is 2 n + 1", at(lambda n: range(-n, n))),
    ("the word itself is missing: it stands in the middle of its window",
     at(lambda n: [j for j in around(n) if j])),
    ("each window is the wrong way round", at(lambda n: around(n)[::-1])),
    ("n words in all: the window has n on either side",
     at(lambda n: range(-(n // 2), n - n // 2))),
    ("two axes are exchanged: (B, T, 2 n + 1), a window for each word",
     lambda *given: right_windows(*given).transpose(1, 2)),
]


def window_case(name, *inputs, weight=1):
    """A case of windows."""
    return Case(name, list(inputs), right_windows, WINDOW_MISTAKES, weight=weight)


def window_cases(seed):
    """One word on either side, a text shorter than its window, a batch."""
    draw = Draw(seed + 20)
    return [
        window_case("n = 1, one sentence of three words", (draw.ids(8, 1, 3) + 1, 1, 9)),
        window_case("n = 2, a sentence shorter than its window", (draw.ids(5, 1, 2) + 1, 2, 7)),
        window_case("n = 1, two sentences do not look at each other",
                    (draw.ids(8, 2, 3) + 1, 1, 9), weight=2),
        window_case("n = 0: each word alone; n = 3", (draw.ids(8, 2, 3) + 1, 0, 9),
                    (draw.ids(8, 2, 8), 3, 8)),
    ]


def window_hidden(seed):
    """Larger, with an edge that is not the largest number."""
    draw = Draw(seed + 21)
    return [window_case("a large batch", (draw.ids(50, 6, 12) + 5, 2, 4),
                        (draw.ids(50, 4, 9) + 5, 4, 1))]


# --- the window net -----------------------------------------------------------------------------


def right_scores(e, W, b, V, c):
    """What is expected: two layers of torch, each place with its own rows of the weights."""
    first = torch.tensordot(e, W.T.reshape(e.shape[2], e.shape[3], -1), 2)
    return torch.nn.functional.linear(torch.tanh(first + b), V, c)


def varied(before=lambda e: e, g=torch.tanh, after=lambda z: z):
    """A window net with something done to the input, another g, something done to the scores."""
    def function(e, W, b, V, c):
        e = before(e)
        first = torch.tensordot(e, W.T.reshape(e.shape[2], e.shape[3], -1), 2)
        return after(torch.nn.functional.linear(g(first + b), V, c))
    return function


def other_biases(inner, outer):
    """The window net with each bias so many times."""
    return lambda e, W, b, V, c: right_scores(e, W, inner * b, V, outer * c)


def by_number(e, W, b, V, c):
    """First the first number of every word, then the second number of every word, and so on."""
    mixed = e.transpose(2, 3).reshape(e.shape)
    return right_scores(mixed, W, b, V, c)


SCORE_MISTAKES = [
    ("the numbers stand in the wrong order: the vector of the first word, then that of the second",
     by_number),
    ("the window is read from its end: the first columns of W belong to the leftmost word",
     varied(before=lambda e: e.flip(2))),
    ("the words are averaged and that mean stands at every place: a bag has no places",
     varied(before=lambda e: e.mean(2, keepdim=True).expand_as(e))),
    ("the tanh is missing: two layers without it are one", varied(g=lambda a: a)),
    ("ReLU in place of tanh", varied(g=torch.relu)),
    ("the sigmoid in place of tanh", varied(g=torch.sigmoid)),
    ("the scores go through a tanh too: z = V h + c", varied(after=torch.tanh)),
    ("softmax is already applied: scores are asked for", varied(
        after=lambda z: z.softmax(-1))),
    ("log-softmax is already applied: scores are asked for", varied(
        after=lambda z: z.log_softmax(-1))),
    ("the bias b of the hidden layer is missing", other_biases(0, 1)),
    ("the bias c of the output is missing", other_biases(1, 0)),
    ("both biases are missing", other_biases(0, 0)),
    ("the bias b is added after the tanh: it belongs into the sum",
     lambda e, W, b, V, c: right_scores(e, W, 0 * b, V, c) + b @ V.T),
    ("V is transposed: with a row for each word, V h is written h @ V.T",
     lambda e, W, b, V, c: right_scores(e, W, b, V.T, c)),
    ("W is transposed: with a row for each window, W e is written e @ W.T",
     lambda e, W, b, V, c: right_scores(e, W.T, b, V, c)),
    ("only the word in the middle is read: the others stand beside it", varied(
        before=lambda e: e * (torch.arange(e.shape[2]) == e.shape[2] // 2)[:, None])),
]


def net_given(draw, sizes, H, K):
    """(e (B, T, n, D), W (H, n D), b, V (K, H), c)."""
    n, D = sizes[2:]
    return (draw.normal(*sizes), draw.normal(H, n * D) / 2, draw.normal(H) / 2,
            draw.normal(K, H), draw.normal(K))


def net_case(name, arguments, weight=1):
    """A case of the window net."""
    return Case(name, [arguments], right_scores, SCORE_MISTAKES, weight=weight)


def net_cases(seed):
    """From a window of one word to a batch."""
    draw = Draw(seed + 22)
    return [
        net_case("one word, a window of one place", net_given(draw, (1, 1, 1, 2), 2, 2)),
        net_case("a window of two places, two numbers each",
                 net_given(draw, (1, 1, 2, 2), 2, 2), 2),
        net_case("as many units as numbers in the window", net_given(draw, (1, 2, 2, 2), 4, 4)),
        net_case("a batch of two sentences", net_given(draw, (2, 3, 3, 2), 4, 3), 2),
    ]


def net_hidden(seed):
    """Larger."""
    return [net_case("a large batch", net_given(Draw(seed + 23), (5, 7, 5, 3), 6, 4))]
