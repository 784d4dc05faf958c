"""The checks of notebook 14: writing alone, mixing own words in; the rest in nb14_rewards."""

import torch

from .core import Case, examine
from .nb14_rewards import gradient, others, risk

__all__ = ["alone", "mix", "risk", "gradient", "others"]


# --- writing alone ------------------------------------------------------------------------------


def stepper(K, seed):
    """A model of K words whose guess depends on the word read and on how many were read before."""
    table = torch.randn(3, K, K, generator=torch.Generator().manual_seed(seed))

    def step(token, state):
        return table[state % 3, token].log_softmax(-1), state + 1

    return step


def run(step, state, before, choose, keep=True):
    """Guesses (B, T); `choose(t, before, guesses)` is what is read at place t."""
    found = []
    for t in range(before.shape[1]):
        log_probs, new = step(choose(t, before, found), state)
        state = new if keep else state
        found.append(log_probs.argmax(-1))
    return torch.stack(found, 1)


def own_words(t, before, found):
    """The begin marker, then what was guessed last."""
    return found[-1] if t else before[:, 0]


def right_alone(step, state, before):
    """What is expected: every guess is read at the next place."""
    return run(step, state, before, own_words)


def one_late(t, before, found):
    """The last guess but one."""
    return found[-2] if t > 1 else before[:, 0]


ALONE_MISTAKES = [
    ("gold words are read: after the begin marker the model reads its own guesses",
     lambda step, state, before: run(step, state, before, lambda t, x, found: x[:, t])),
    ("the begin marker is read at every place: read the last guess",
     lambda step, state, before: run(step, state, before, lambda t, x, found: x[:, 0])),
    ("the state is not carried on: give the new state to the next step",
     lambda step, state, before: run(step, state, before, own_words, keep=False)),
    ("the guess is read one place too late", lambda step, state, before: run(
        step, state, before, one_late)),
    ("this is what is read, not what is guessed: leave the begin marker out",
     lambda step, state, before: torch.cat(
         [before[:, :1], right_alone(step, state, before)[:, :-1]], 1)),
    ("the least probable word is taken: argmax, not argmin",
     lambda step, state, before: right_alone(
         lambda token, s: (-step(token, s)[0], step(token, s)[1]), state, before)),
]

ALONE_CASES = [
    Case(name, [(stepper(K, seed), torch.zeros(B, dtype=torch.long),
                 torch.cat([torch.zeros(B, 1), torch.arange(B * (T - 1)).view(B, T - 1) % K], 1)
                 .long())], right_alone, ALONE_MISTAKES)
    for name, K, B, T, seed in [("one text of four words", 3, 1, 4, 2),
                                ("two texts", 5, 2, 5, 11), ("four texts", 7, 4, 6, 5)]
]


def alone(function):
    """Report on `function(step, state, before (B, T)) -> guesses (B, T)`."""
    return examine(function, ALONE_CASES)


# --- own words among the gold ones --------------------------------------------------------------


def right_mix(y, own, u, epsilon, bos):
    """What is expected: begin marker, then gold words where u < epsilon, else own ones."""
    before = torch.where(u < epsilon, y, own)
    return torch.cat([torch.full_like(y[:, :1], bos), before[:, :-1]], 1)


MIX_MISTAKES = [
    ("the coin is the wrong way round: with chance epsilon the gold word is read",
     lambda y, own, u, epsilon, bos: right_mix(own, y, u, epsilon, bos)),
    ("the words are not moved: word t is read before word t + 1 is guessed, the begin marker first",
     lambda y, own, u, epsilon, bos: torch.where(u < epsilon, y, own)),
    ("the begin marker is missing: the first thing that is read is the begin marker",
     lambda y, own, u, epsilon, bos: torch.cat(
         [torch.where(u < epsilon, y, own)[:, :1], right_mix(y, own, u, epsilon, bos)[:, 1:]], 1)),
    ("one coin decides for a whole text: each word has a coin of its own",
     lambda y, own, u, epsilon, bos: right_mix(y, own, u[:, :1].expand_as(u), epsilon, bos)),
    ("one coin decides for a whole place: each text has coins of its own",
     lambda y, own, u, epsilon, bos: right_mix(y, own, u[:1].expand_as(u), epsilon, bos)),
    ("only gold words are read: that is teacher forcing",
     lambda y, own, u, epsilon, bos: right_mix(y, y, u, epsilon, bos)),
    ("only own words are read: the coin decides",
     lambda y, own, u, epsilon, bos: right_mix(own, own, u, epsilon, bos)),
    ("the moved words meet the coin of the next place: u[:, t] belongs to word t",
     lambda y, own, u, epsilon, bos: torch.cat(
         [torch.full_like(y[:, :1], bos), torch.where(u[:, 1:] < epsilon, y[:, :-1],
                                                      own[:, :-1])], 1)),
]


def words(B, T, seed):
    """Gold words, own words that all differ from them, and coins."""
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(2, 9, (B, T), generator=g)
    return y, y + 10, torch.rand(B, T, generator=g)


MIX_CASES = [
    Case(name, [(*words(B, T, seed), epsilon, 0)], right_mix, MIX_MISTAKES)
    for name, B, T, epsilon, seed in [("one text, epsilon = 0.5", 1, 5, 0.5, 3),
                                      ("three texts, epsilon = 0.7", 3, 4, 0.7, 8),
                                      ("two texts, epsilon = 0.25", 2, 6, 0.25, 4)]
]


def mix(function):
    """Report on `function(y (B, T), own (B, T), u (B, T), epsilon, bos) -> before (B, T)`."""
    return examine(function, MIX_CASES)
