"""The checks of notebook 12 on the context: where a decoder starts, and the context at every step.
"""

import torch

from .core import Case, examine


def drawn(*shape, seed):
    """A tensor of these sizes, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def run(x, weights, h, g=torch.tanh):
    """The states (T, H) of h = g(W x + U h), from the state h on."""
    W, U = weights
    found = []
    for x_t in x:
        h = g(W @ x_t + U @ h)
        found.append(h)
    return torch.stack(found)


# --- two networks -------------------------------------------------------------------------------


def zeros(weights):
    """The state of all zeros."""
    return torch.zeros(len(weights[1]))


def right_handed_over(x, y, encoder, decoder):
    """What is expected: the decoder's states, from the encoder's last state on."""
    return run(y, decoder, run(x, encoder, zeros(encoder))[-1])


HANDED_MISTAKES = [
    ("the decoder starts at zeros: it knows nothing of the source",
     lambda x, y, e, d: run(y, d, zeros(d))),
    ("the decoder starts at the encoder's first state: it has seen one word only",
     lambda x, y, e, d: run(y, d, run(x, e, zeros(e))[0])),
    ("the decoder starts at the mean of the encoder's states: the last one is handed over",
     lambda x, y, e, d: run(y, d, run(x, e, zeros(e)).mean(0))),
    ("the encoder's weights write, too: the decoder has its own",
     lambda x, y, e, d: run(y, e, run(x, e, zeros(e))[-1])),
    ("the decoder's weights read the source: the encoder has its own",
     lambda x, y, e, d: run(y, d, run(x, d, zeros(d))[-1])),
    ("the two networks are swapped: the encoder reads the source",
     lambda x, y, e, d: run(y, e, run(x, d, zeros(d))[-1])),
    ("the source is read from its end",
     lambda x, y, e, d: run(y, d, run(x.flip(0), e, zeros(e))[-1])),
    ("the tanh is missing", lambda x, y, e, d: run(
        y, d, run(x, e, zeros(e), lambda a: a)[-1], lambda a: a)),
    ("W and U are swapped: W reads the word, U the state before",
     lambda x, y, e, d: right_handed_over(x, y, e[::-1], d[::-1])),
    ("the context is one of the states: return those after each word of the target",
     lambda x, y, e, d: torch.cat([run(x, e, zeros(e))[-1:], right_handed_over(x, y, e, d)])),
    ("only the last state is returned: one after each word of the target is wanted",
     lambda x, y, e, d: right_handed_over(x, y, e, d)[-1]),
    ("the encoder's states are returned, too: only the decoder's are wanted",
     lambda x, y, e, d: torch.cat([run(x, e, zeros(e)), right_handed_over(x, y, e, d)])),
]

HANDED_CASES = [
    Case(name, [(drawn(S, H, seed=n), drawn(T, H, seed=n + 1),
                 (drawn(H, H, seed=n + 2), drawn(H, H, seed=n + 3)),
                 (drawn(H, H, seed=n + 4), drawn(H, H, seed=n + 5)))],
         right_handed_over, HANDED_MISTAKES)
    for name, S, T, H, n in [("two words become three", 2, 3, 2, 10),
                             ("four words become two", 4, 2, 3, 30),
                             ("three words become three", 3, 3, 2, 50)]
]


def handed_over(function):
    """Report on `function(x (S, D), y (T, D), encoder (W, U), decoder (W, U)) -> (T, H)`."""
    return examine(function, HANDED_CASES)


# --- the context at every step ------------------------------------------------------------------


def stepped(begin=lambda c: c, given=lambda c, t: c, seen=lambda h, e, c: torch.cat([h, e, c]),
            g=torch.tanh):
    """What the output layer reads at each step, with the start, the context in the update and
    what is seen to choose."""
    def function(e, c, W, U, C):
        h, found = begin(c), []
        for t, e_t in enumerate(e):
            h = g(W @ e_t + U @ h + C @ given(c, t))
            found.append(seen(h, e_t, c))
        return torch.stack(found)
    return function


right_at_every_step = stepped()


def before(e, c, W, U, C):
    """The output reads the state before the word."""
    h, found = c, []
    for e_t in e:
        found.append(torch.cat([h, e_t, c]))
        h = torch.tanh(W @ e_t + U @ h + C @ c)
    return torch.stack(found)


EVERY_MISTAKES = [
    ("the context enters the first update only: it is given at every step",
     stepped(given=lambda c, t: c if t == 0 else 0 * c)),
    ("the context never enters the update", stepped(given=lambda c, t: 0 * c)),
    ("the decoder starts at zeros: it starts from the context, too",
     stepped(begin=lambda c: 0 * c)),
    ("the output reads the state alone: it reads [h; e; c]",
     stepped(seen=lambda h, e, c: h)),
    ("the output does not read the word: it reads [h; e; c]",
     stepped(seen=lambda h, e, c: torch.cat([h, c]))),
    ("the output does not read the context: it reads [h; e; c]",
     stepped(seen=lambda h, e, c: torch.cat([h, e]))),
    ("the parts stand in another order: [h; e; c] is wanted",
     stepped(seen=lambda h, e, c: torch.cat([h, c, e]))),
    ("the parts stand in another order: [h; e; c] is wanted, the context comes last",
     stepped(seen=lambda h, e, c: torch.cat([c, h, e]))),
    ("the state before the word is read: the word enters the state, then the output reads it",
     before),
    ("the tanh is missing", stepped(g=lambda a: a)),
    ("W and U are swapped: W reads the word, U the state before",
     lambda e, c, W, U, C: right_at_every_step(e, c, U, W, C)),
    ("U and C are swapped: U reads the state before, C the context",
     lambda e, c, W, U, C: right_at_every_step(e, c, W, C, U)),
]

EVERY_CASES = [
    Case(name, [(drawn(T, H, seed=n), drawn(H, seed=n + 1), drawn(H, H, seed=n + 2),
                 drawn(H, H, seed=n + 3), drawn(H, H, seed=n + 4))],
         right_at_every_step, EVERY_MISTAKES)
    for name, T, H, n in [("two words, two units", 2, 2, 110), ("four words, two units", 4, 2, 130),
                          ("three words, three units", 3, 3, 150)]
]


def at_every_step(function):
    """Report on `function(e (T, D), c (H,), W, U, C) -> (T, 2H + D)`."""
    return examine(function, EVERY_CASES)
