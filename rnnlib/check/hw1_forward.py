"""Homework 1, exercise 3: the forward pass of a batch of sentences of different lengths."""

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .core import Case
from .drawing import Draw
from .nb02 import STEP_MISTAKES

FORWARD_NAMES = ("h", "last")


def right_forward(x, lengths, h0, W, U, b):
    """What is expected: torch's own network, which reads packed sentences without padding."""
    rnn = torch.nn.RNN(W.shape[1], len(U), batch_first=True).to(x)
    with torch.no_grad():
        for weight, value in zip(rnn.parameters(), (W, U, b, torch.zeros_like(b)), strict=True):
            weight.copy_(value)
        packed = pack_padded_sequence(x, lengths, True, False)
        h, last = rnn(packed, h0[None].contiguous())
        return pad_packed_sequence(h, True, total_length=x.shape[1])[0], last[0]


def moved_on(x, h0, weights, term, choose):
    """The states (B, T, H) over all steps, padding included.

    term    from (x_t, h, W, U, b) to the new state
    choose  from (h0, new state) to what the next step is given
    """
    states, given = [], h0
    for x_t in x.unbind(1):
        states.append(term(x_t, given, *weights))
        given = choose(h0, states[-1])
    return torch.stack(states, 1)


def sigmoid_free(x, h, W, U, b):
    """One step."""
    return torch.tanh(torch.nn.functional.linear(x, W, b) + torch.nn.functional.linear(h, U))


def blanked(h, lengths, late=0):
    """The states with zeros after the end, or so many steps later."""
    after = torch.arange(h.shape[1]) >= lengths[:, None] + late
    return h.masked_fill(after[..., None], 0.0)


def ends(h, h0, lengths):
    """The state after so many steps of each row; h0 after none."""
    return torch.cat([h0[:, None], h], 1)[torch.arange(len(h)), lengths]


def varied(term=sigmoid_free, choose=lambda h0, h: h, start=lambda h0: h0):
    """A forward pass with another step, state to go on with, or start."""
    def function(x, lengths, h0, W, U, b):
        h = moved_on(x, start(h0), (W, U, b), term, choose)
        return blanked(h, lengths), ends(h, start(h0), lengths)
    return function


def finished(finish):
    """The right steps, and another way to end: `finish` takes all states, h0 and the lengths."""
    def function(x, lengths, h0, W, U, b):
        h = moved_on(x, h0, (W, U, b), sigmoid_free, lambda h0, h: h)
        return finish(h, h0, lengths)
    return function


def frozen(h, h0, lengths):
    """After the end the last state is repeated."""
    last = ends(h, h0, lengths)
    after = torch.arange(h.shape[1]) >= lengths[:, None]
    return torch.where(after[..., None], last[:, None], h), last


def carried_over(x, lengths, h0, W, U, b):
    """Each sentence begins with the last state of the one before."""
    found, state = [], h0[:1]
    for row, length in zip(x, lengths, strict=True):
        found.append(right_forward(row[None], length[None], state, W, U, b))
        state = found[-1][1]
    return tuple(torch.cat(values) for values in zip(*found, strict=True))


def turned_round(x, lengths, h0, W, U, b):
    """The sentences read from their end."""
    places = torch.arange(x.shape[1])
    places = torch.where(places < lengths[:, None], lengths[:, None] - 1 - places, places)
    return right_forward(x.gather(1, places[..., None].expand_as(x)), lengths, h0, W, U, b)


def read_as_zeros(x, lengths, h0, W, U, b):
    """The padding is set to 0 and then read as if it were words."""
    blank = x * (torch.arange(x.shape[1]) < lengths[:, None])[..., None]
    h = moved_on(blank, h0, (W, U, b), sigmoid_free, lambda h0, h: h)
    return h, h[:, -1]


PADDED_LAST = ("the last state is that of the padding: short sentences end earlier, at their own "
               "length")

FORWARD_MISTAKES = [
    (PADDED_LAST, finished(lambda h, h0, n: (blanked(h, n), h[:, -1]))),
    ("the last state is that of the padding, and the states after the end are not 0",
     finished(lambda h, h0, n: (h, h[:, -1]))),
    ("the last state is taken after the padding was set to 0: short sentences end earlier",
     finished(lambda h, h0, n: (blanked(h, n), blanked(h, n)[:, -1]))),
    ("the states after the end are not 0: nothing was read there",
     finished(lambda h, h0, n: (h, ends(h, h0, n)))),
    ("after the end the last state is repeated: h is 0 there", finished(frozen)),
    ("the padding is set to 0 and then read: a state moves on by U and b, whatever is read",
     read_as_zeros),
    ("h[:, lengths - 1] takes all the lengths in every row: pick one for each, "
     "h[torch.arange(B), lengths - 1]",
     finished(lambda h, h0, n: (blanked(h, n), h[:, n - 1]))),
    ("one step too early: the state after T words is h_T, at place T - 1",
     finished(lambda h, h0, n: (blanked(h, n), ends(h, h0, n - 1)))),
    ("one step too late: the state after T words is h_T, at place T - 1",
     finished(lambda h, h0, n: (blanked(h, n), ends(h, h0, (n + 1).clamp(max=h.shape[1]))))),
    ("one step of padding is kept: the step after the last word is already padding",
     finished(lambda h, h0, n: (blanked(h, n, 1), ends(h, h0, n)))),
    ("all sentences end where the shortest does",
     finished(lambda h, h0, n: (blanked(h, n), h[:, n.min() - 1]))),
    ("h_0 is used at every step: the new state has to be the old one of the next step",
     varied(choose=lambda h0, h: h0)),
    ("the old state is used at the first step and never again: with one step nobody notices",
     varied(choose=lambda h0, h: torch.zeros_like(h))),
    ("the state is set to zeros at the start: h_0 is an argument",
     varied(start=torch.zeros_like)),
    ("a sentence begins with the last state of the one before: each has its own", carried_over),
    ("all sentences share one state, their mean: each has its own",
     varied(choose=lambda h0, h: h.mean(0, keepdim=True).expand_as(h))),
    ("the sentences are read from their end", turned_round),
    ("h_0 is among the states: there are T of them, h_1 to h_T",
     finished(lambda h, h0, n: (torch.cat([h0[:, None], blanked(h, n)], 1), ends(h, h0, n)))),
    ("the steps are stacked along the first axis: time is the second, torch.stack(..., 1)",
     finished(lambda h, h0, n: (blanked(h, n).transpose(0, 1), ends(h, h0, n)))),
    ("the two values are swapped: return the states, then the last ones",
     lambda *given: right_forward(*given)[::-1]),
    *((what, varied(term)) for what, term in STEP_MISTAKES),
]


def forward_given(draw, lengths, D, H):
    """(x, lengths, h0, W, U, b), with padding that is not 0."""
    B, T = len(lengths), max(lengths)
    return (draw.normal(B, T, D), torch.tensor(lengths), torch.tanh(draw.normal(B, H)),
            draw.normal(H, D) / 2, draw.normal(H, H) / 2, draw.normal(H) / 2)


def forward_case(name, arguments, weight=1):
    """A case of the forward pass."""
    return Case(name, [arguments], right_forward, FORWARD_MISTAKES, returns=FORWARD_NAMES,
                weight=weight)


def forward_cases(seed):
    """From one step to a padded batch."""
    draw = Draw(seed + 24)
    return [
        forward_case("one step", forward_given(draw, [1], 3, 2)),
        forward_case("three steps, as many inputs as units", forward_given(draw, [3], 2, 2), 2),
        forward_case("two sentences of the same length",
                     forward_given(draw, [3, 3], 2, 2), 2),
        forward_case("a short sentence beside a long one", forward_given(draw, [2, 4], 2, 3), 2),
        forward_case("other sizes, one sentence of a single word",
                     forward_given(draw, [4, 1, 3], 3, 5)),
    ]


def forward_hidden(seed):
    """A larger batch."""
    return [forward_case("a large batch",
                         forward_given(Draw(seed + 25), [9, 2, 6, 1, 9, 4], 5, 7), 2)]
