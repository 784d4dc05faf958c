"""Checks of notebook 08: two directions joined, deep, counted; norm, convolution (nb08_between)."""

import torch

from .core import Case, examine
from .nb08_between import convolve, drawn, norm

__all__ = ["both", "joined", "count", "norm", "convolve"]


# --- both directions at every word, and at the end ----------------------------------------------


def turned(h, lengths):
    """Each sequence turned round inside its length, padding left in place."""
    rows = [torch.cat([row[:n].flip(0), row[n:]]) for row, n in zip(h, lengths.tolist(),
                                                                   strict=True)]
    return torch.stack(rows)


def at(h, steps):
    """The state of each sequence at a step of its own (B, H)."""
    return h[torch.arange(len(h)), steps]


def both_with(turn=turned, join=None, end=None):
    """Two directions joined, with another way to turn, to join or to take the last states."""
    join = join or (lambda f, b: torch.cat([f, b], 2))
    end = end or (lambda f, b, n: torch.cat([at(f, n - 1), b[:, 0]], 1))

    def function(h_f, h_b, lengths):
        back = turn(h_b, lengths)
        return join(h_f, back), end(h_f, back, lengths)

    return function


right_both = both_with()


def with_end(end):
    """The right states at every word with another last state; `end` takes f, b turned, lengths."""
    return both_with(end=end)


BOTH_MISTAKES = [
    ("the backward states are not turned round: its first state belongs to the last word",
     both_with(turn=lambda h, n: h)),
    ("the backward states are not turned round, and its last one is taken for the end: turn "
     "them first, then it stands at the first word",
     both_with(turn=lambda h, n: h, end=lambda f, b, n: torch.cat([at(f, n - 1), at(b, n - 1)],
                                                                  1))),
    ("the padding is turned round too: each sequence is turned inside its own length",
     both_with(turn=lambda h, n: h.flip(1))),
    ("the padding is turned round too, in the states at every word: turn inside the length",
     lambda h_f, h_b, n: (torch.cat([h_f, h_b.flip(1)], 2), right_both(h_f, h_b, n)[1])),
    ("stacked, not concatenated: side by side means one longer vector at each word",
     both_with(join=lambda f, b: torch.stack([f, b], 2))),
    ("one after the other in time: concatenate the numbers of each word, the last axis",
     both_with(join=lambda f, b: torch.cat([f, b], 1))),
    ("added, not concatenated: a sum cannot be taken apart again",
     both_with(join=lambda f, b: f + b, end=lambda f, b, n: at(f, n - 1) + b[:, 0])),
    ("the backward half comes first: the order is forward, backward",
     both_with(join=lambda f, b: torch.cat([b, f], 2),
               end=lambda f, b, n: torch.cat([b[:, 0], at(f, n - 1)], 1))),
    ("the end is taken at the last word for both: there the backward reader has read one word",
     with_end(lambda f, b, n: torch.cat([at(f, n - 1), at(b, n - 1)], 1))),
    ("the end is taken at the first word for both: there the forward reader has read one word",
     with_end(lambda f, b, n: torch.cat([f[:, 0], b[:, 0]], 1))),
    ("the end of the forward reader is taken from the padding: it ends at lengths - 1",
     with_end(lambda f, b, n: torch.cat([f[:, -1], b[:, 0]], 1))),
    ("the end of both is taken from the last column of the batch, padding or not",
     with_end(lambda f, b, n: torch.cat([f[:, -1], b[:, -1]], 1))),
    ("the end of the forward reader is off by one: the last word is lengths - 1",
     with_end(lambda f, b, n: torch.cat([at(f, (n - 2).clamp(min=0)), b[:, 0]], 1))),
    ("the end has the forward reader alone: put the backward one beside it",
     with_end(lambda f, b, n: at(f, n - 1))),
]


def directions(B, T, H, lengths, seed):
    """h_f, h_b and lengths: states of two readers, zeros after the end of each sequence."""
    lengths = torch.tensor(lengths)
    real = (torch.arange(T) < lengths[:, None])[..., None]
    h_f, h_b = (drawn(B, T, H, seed=seed + n) * real for n in range(2))
    return h_f, h_b, lengths


BOTH_CASES = [
    Case(name, [directions(*sizes, seed=10 * n)], right_both, BOTH_MISTAKES, returns=("h", "end"))
    for n, (name, *sizes) in enumerate([
        ("one sequence of two words", 1, 2, 1, [2]),
        ("a sequence with padding after it", 1, 3, 1, [2]),
        ("three sequences of different lengths", 3, 4, 2, [4, 1, 3])])
]


def both(function):
    """Report on `function(h_f, h_b, lengths) -> (h (B, T, 2H), end (B, 2H))`.

    h_b is as the backward reader made it: h_b[:, 0] after the last word of each sequence.
    """
    return examine(function, BOTH_CASES)


# --- both directions as input to the next layer -------------------------------------------------


def reader(seed, H=2):
    """A function that reads x (B, T, any D) from the left: states (B, T, H) of a simple RNN."""
    W, U = 2 * drawn(H, 8, seed=seed), 2 * drawn(H, H, seed=seed + 1)

    def read(x):
        h, states = x.new_zeros(len(x), H), []
        for x_t in x.unbind(1):
            h = torch.tanh(x_t @ W[:, : x_t.shape[1]].T + h @ U.T)
            states.append(h)
        return torch.stack(states, 1)

    read.__name__ = f"reader {seed}"
    return read


def backwards(read, x):
    """A reader from the left made to read from the right."""
    return read(x.flip(1)).flip(1)


def layer(x, pair, back=backwards):
    """One layer in both directions."""
    return torch.cat([pair[0](x), back(pair[1], x)], 2)


def right_joined(x, first, second):
    """What is expected: the second pair reads both directions of the first."""
    return layer(layer(x, first), second)


def apart(x, first, second):
    """Two separate stacks."""
    return torch.cat([second[0](first[0](x)), backwards(second[1], backwards(first[1], x))], 2)


def crossed(x, first, second):
    """Each direction reads the other one alone."""
    return torch.cat([second[0](backwards(first[1], x)), backwards(second[1], first[0](x))], 2)


def through(below, above):
    """Two layers whose backward readers are run in another way."""
    return lambda x, first, second: layer(layer(x, first, below), second, above)


def not_in(read, x):
    """Read from the left, turned round afterwards."""
    return read(x).flip(1)


def not_out(read, x):
    """Turned round before, not afterwards."""
    return read(x.flip(1))


def as_is(read, x):
    """Not turned at all."""
    return read(x)


TURNS = {
    as_is: "reads from the left like the forward one: turn its input round, and its output back",
    not_out: "is not turned back: its first state belongs to the last word",
    not_in: "reads from the left: turn its input round before it reads",
}
PLACES = {"in both layers": (True, True), "in the first layer": (True, False),
          "in the second layer": (False, True)}

JOINED_MISTAKES = [
    ("two separate stacks: the second layer of each direction reads both directions of the first",
     apart),
    ("the directions are crossed: the second layer reads both of them, side by side", crossed),
    *((f"{where} the backward reader {said}",
       through(*(wrong if here else backwards for here in places)))
      for wrong, said in TURNS.items() for where, places in PLACES.items()),
    ("this is the first layer: the second one reads it", lambda x, first, second: layer(x, first)),
    ("the second layer reads x: it reads what the first one put out",
     lambda x, first, second: layer(x, second)),
    ("the backward half stands first: the order is forward, backward",
     lambda x, first, second: right_joined(x, first, second).roll(2, 2)),
    ("the directions of the first layer are added: put them side by side",
     lambda x, first, second: layer(first[0](x) + backwards(first[1], x), second)),
    ("the directions of the second layer are added: put them side by side",
     lambda x, first, second: sum(right_joined(x, first, second).chunk(2, 2))),
    ("the readers of the second layer are the first one's: each layer has its own",
     lambda x, first, second: layer(layer(x, first), first)),
]

JOINED_CASES = [
    Case(name, [(drawn(B, T, D, seed=7 * n), (reader(n + 1), reader(n + 3)),
                 (reader(n + 5), reader(n + 7)))], right_joined, JOINED_MISTAKES)
    for n, (name, B, T, D) in enumerate([
        ("one sequence of two words", 1, 2, 1), ("a batch, five words", 2, 5, 3)])
]


def joined(function):
    """Report on `function(x, first, second) -> (B, T, 2H)`, each a pair (forward, backward)."""
    return examine(function, JOINED_CASES)


# --- how many weights ---------------------------------------------------------------------------


def counted(inputs=None, directions=2, square=None, biases=1, ends=True, bias_of_ends=True):
    """A count of the network with some part of it wrong."""
    inputs = inputs or (lambda F, H: 2 * H)
    square = square or (lambda H: H * H)

    def function(D, F, H, layers, K):
        reads = [F] + [inputs(F, H)] * (layers - 1)
        stack = sum(directions * (H * D_k + square(H) + biases * H) for D_k in reads)
        before, after = D * F + bias_of_ends * F, directions * H * K + bias_of_ends * K
        return stack + (before + after if ends else 0)

    return function


right_count = counted()

COUNT_MISTAKES = [
    ("one direction is counted: there are two, each with weights of its own",
     lambda D, F, H, layers, K: (right_count(D, F, H, layers, K) + D * F + F + 2 * H * K + K) // 2),
    ("one direction is counted, and V reads one: there are two side by side",
     counted(lambda F, H: H, directions=1)),
    ("every layer reads F numbers: a higher one reads both directions of the one below, 2H",
     counted(lambda F, H: F)),
    ("a higher layer reads 2H numbers, both directions of the one below, not H",
     counted(lambda F, H: H)),
    ("U is counted with 2H rows and columns: each direction has a U of its own, H x H",
     counted(square=lambda H: 4 * H * H)),
    ("U is missing: every layer reads its own old state", counted(square=lambda H: 0)),
    ("the biases are missing", counted(biases=0, bias_of_ends=False)),
    ("the biases of the recurrent layers are missing", counted(biases=0)),
    ("the biases of the feed-forward layers are missing", counted(bias_of_ends=False)),
    ("two biases in each recurrent layer: torch.nn has two, the equation has one",
     counted(biases=2)),
    ("the feed-forward layers are missing: one before the stack, V after it", counted(ends=False)),
    ("V reads 2H numbers: both directions stand side by side",
     lambda D, F, H, layers, K: right_count(D, F, H, layers, K) - H * K),
    ("the layer before the stack is missing: D x F, and a bias",
     lambda D, F, H, layers, K: right_count(D, F, H, layers, K) - D * F - F),
    ("V is missing: K x 2H, and a bias",
     lambda D, F, H, layers, K: right_count(D, F, H, layers, K) - 2 * H * K - K),
]

COUNT_CASES = [
    Case(name, [(5, 4, 3, layers, 7), (50, 40, 100, layers, 17)], right_count, COUNT_MISTAKES)
    for name, layers in [("one recurrent layer", 1), ("two recurrent layers", 2),
                         ("four recurrent layers", 4)]
]


def count(function):
    """Report on `function(D, F, H, layers, K) -> how many weights` of a whole network.

    Feed-forward D to F, simple RNNs in both directions side by side, V to K scores.
    """
    return examine(function, COUNT_CASES)
