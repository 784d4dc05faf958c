"""The checks of notebook 04 about weight tying: the scores, the number of weights."""

import torch

from .core import Case, examine


def numbers(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- tied scores --------------------------------------------------------------------------------


def right_scores(h, P, E, b):
    """What is expected: project the state to the width of the embedding, compare with every row."""
    return h @ P.T @ E.T + b


SCORE_MISTAKES = [
    ("E is not transposed: a score is the product of the state with a ROW of E, so h goes with E.T",
     lambda h, P, E, b: h @ P.T @ E + b),
    ("the projection is missing: P turns the state into something as wide as an embedding",
     lambda h, P, E, b: h @ E.T + b),
    ("P is transposed: P is (D, H), and states are rows, so h goes with P.T",
     lambda h, P, E, b: h @ P @ E.T + b),
    ("both are transposed: states are rows, so h goes with P.T and then with E.T",
     lambda h, P, E, b: h @ P @ E + b),
    ("the bias is missing", lambda h, P, E, b: h @ P.T @ E.T),
    ("these are probabilities: the softmax belongs to the loss",
     lambda h, P, E, b: right_scores(h, P, E, b).softmax(-1)),
    ("these are log-probabilities: the softmax belongs to the loss",
     lambda h, P, E, b: right_scores(h, P, E, b).log_softmax(-1)),
    ("the bias is taken away: it is added to the scores",
     lambda h, P, E, b: h @ P.T @ E.T - b),
]


def sizes(B, size, D, H):
    """h (B, H), P (D, H), E (size, D), b (size,)."""
    return (numbers(B, H, seed=1), numbers(D, H, seed=2), numbers(size, D, seed=3),
            numbers(size, seed=4))


SCORE_CASES = [
    Case("as many words as dimensions, so that a wrong order fits too", [sizes(2, 3, 3, 3)],
         right_scores, SCORE_MISTAKES),
    Case("five words, embeddings of 2, a state of 4", [sizes(3, 5, 2, 4)], right_scores),
]


def tied_scores(function):
    """Report on `function(h (B, H), P (D, H), E (size, D), b (size,)) -> scores (B, size)`."""
    return examine(function, SCORE_CASES)


# --- how many weights ---------------------------------------------------------------------------


def recurrent(D, H):
    """W, U and b of the simple network."""
    return H * D + H * H + H


def right_count(size, D, H, tied):
    """What is expected: each matrix once, wherever it is used."""
    output = (0 if H == D else H * D) if tied else size * H
    return size * D + recurrent(D, H) + output + size


COUNT_MISTAKES = [
    ("E is counted twice: tied, it stands in two places and is stored once",
     lambda size, D, H, tied: right_count(size, D, H, tied) + tied * size * D),
    ("a tied model has no V: its output matrix is E",
     lambda size, D, H, tied: size * D + recurrent(D, H) + size * H + size),
    ("the projection is missing: when H and D differ, a tied model has P (D, H)",
     lambda size, D, H, tied: size * D + recurrent(D, H) + (0 if tied else size * H) + size),
    ("no projection is needed when H = D",
     lambda size, D, H, tied: size * D + recurrent(D, H) + (H * D if tied else size * H) + size),
    ("the bias of the scores is missing: one number for each word",
     lambda size, D, H, tied: right_count(size, D, H, tied) - size),
    ("the bias of the state is missing: H numbers",
     lambda size, D, H, tied: right_count(size, D, H, tied) - H),
    ("both biases are missing: H numbers for the state, one for each word",
     lambda size, D, H, tied: right_count(size, D, H, tied) - H - size),
    ("W is missing: H x D numbers read the embedding",
     lambda size, D, H, tied: right_count(size, D, H, tied) - H * D),
    ("the output matrix reads the state: untied it is (size, H), not (size, D)",
     lambda size, D, H, tied: right_count(size, D, H, tied) - (not tied) * size * (H - D)),
    ("an untied model needs no projection: its own V reads the state as it is",
     lambda size, D, H, tied: right_count(size, D, H, tied) + (not tied) * (H != D) * H * D),
    ("this is an LSTM, with four times W, U and b: a simple network was asked for",
     lambda size, D, H, tied: right_count(size, D, H, tied) + 3 * recurrent(D, H)),
    ("U is missing: H x H numbers read the previous state",
     lambda size, D, H, tied: right_count(size, D, H, tied) - H * H),
]

COUNT_CASES = [
    Case(name, [arguments], right_count, COUNT_MISTAKES)
    for name, arguments in [("untied, small enough to count", (5, 2, 3, False)),
                            ("tied, H = D", (5, 3, 3, True)),
                            ("tied, H and D differ", (5, 2, 3, True)),
                            ("5000 words, untied", (5000, 96, 96, False)),
                            ("5000 words, tied", (5000, 96, 96, True))]
]


def parameters(function):
    """Report on `function(size, D, H, tied) -> number of weights` of a simple RNN model."""
    return examine(function, COUNT_CASES)
