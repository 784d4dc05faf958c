"""Homework 7: where a decoder looks, and one step of a decoder that looks."""

import torch

from .core import Case
from .drawing import Draw

# --- attention ----------------------------------------------------------------------------------


def weights(s, h, real, scale=1.0):
    """The weights (B, S), symbol by symbol."""
    scores = torch.einsum("bh,bsh->bs", s, h) * scale
    return scores.masked_fill(~real, -torch.inf).softmax(1)


def seen(a, h):
    """The weighted sum (B, H)."""
    return torch.einsum("bs,bsh->bh", a, h)


def right_attend(s, h, real):
    """What is expected: the context and the weights."""
    a = weights(s, h, real)
    return seen(a, h), a


def weighed(change):
    """Another way to get the weights; the context follows from them."""
    def mistake(s, h, real):
        a = change(s, h, real)
        return seen(a, h), a
    return mistake


def context(change):
    """The right weights, another context; `change` takes weights, s and h."""
    def mistake(s, h, real):
        a = weights(s, h, real)
        return change(a, s, h), a
    return mistake


def raw(s, h):
    """The scores."""
    return torch.einsum("bh,bsh->bs", s, h)


ATTEND_NAMES = "c", "a"
ATTEND_MISTAKES = [
    ("without the encoder's states: the context is the weighted sum of h, not of s",
     context(lambda a, s, h: s * a.sum(1, keepdim=True))),
    ("without the encoder's states: the context is the weighted sum of h, not of s",
     lambda s, h, real: (s, weights(s, h, real))),
    ("padding is looked at: its scores are -inf before the softmax",
     weighed(lambda s, h, real: raw(s, h).softmax(1))),
    ("masked after the softmax: what is left does not sum to one",
     weighed(lambda s, h, real: raw(s, h).softmax(1) * real)),
    ("scores of 0 in padding: exp(0) is 1, so it is looked at; the scores must be -inf",
     weighed(lambda s, h, real: raw(s, h).masked_fill(~real, 0.0).softmax(1))),
    ("the softmax runs over the batch: it runs over the symbols of one source",
     weighed(lambda s, h, real: raw(s, h).masked_fill(~real, -torch.inf).softmax(0))),
    ("no softmax: the weights of a source are positive and sum to one",
     weighed(lambda s, h, real: raw(s, h) * real)),
    ("divided by the sum of the scores: the softmax takes exp first",
     weighed(lambda s, h, real: raw(s, h) * real / (raw(s, h) * real).sum(1, keepdim=True))),
    ("the context is the plain mean: each state is weighed",
     context(lambda a, s, h: seen((a > 0) / (a > 0).sum(1, keepdim=True), h))),
    ("the context is the state of the largest weight alone: all states count, each with its weight",
     context(lambda a, s, h: h[torch.arange(len(h)), a.argmax(1)])),
    ("the weighted states are averaged: the weights sum to one already, so add up",
     context(lambda a, s, h: seen(a, h) / h.shape[1])),
    ("the weighted states are not added up",
     context(lambda a, s, h: a[..., None] * h)),
    ("divided by the square root of the size: that is another score, here it is the dot product",
     weighed(lambda s, h, real: weights(s, h, real, h.shape[2] ** -0.5))),
    ("the sign of the scores: the larger the dot product, the larger the weight",
     weighed(lambda s, h, real: weights(s, h, real, -1.0))),
    ("the two values are swapped: the context comes first",
     lambda s, h, real: right_attend(s, h, real)[::-1]),
]


def looked_at(draw, lengths, H):
    """(s, h, real); what stands in padding is as random as the rest."""
    S = max(lengths)
    real = torch.arange(S) < torch.tensor(lengths)[:, None]
    return draw.normal(len(lengths), H), draw.normal(len(lengths), S, H), real


def attend_case(name, given, weight=1):
    """A case of attention."""
    return Case(name, [given], right_attend, ATTEND_MISTAKES, returns=ATTEND_NAMES, weight=weight)


def attend_cases(seed):
    """One source, a batch with padding, the state of one symbol changes."""
    draw = Draw(seed + 74)
    return [attend_case("one source of two symbols", looked_at(draw, [2], 2)),
            attend_case("two sources, the first one is padded", looked_at(draw, [2, 3], 2), 2),
            attend_case("four sources with padding", looked_at(draw, [5, 1, 3, 4], 4), 2)]


def attend_hidden(seed):
    """Larger."""
    return [attend_case("six sources", looked_at(Draw(seed + 75), [7, 2, 9, 9, 1, 4], 6))]


# --- one step of the decoder --------------------------------------------------------------------


def stepped(given, new=None, ask=None, see=None):
    """(scores, new state) with parts replaced: new(e, s, c, w), ask(s, new) and see(new, c)."""
    e, s, h, real, w = given
    c, _ = right_attend(s, h, real)
    state = (new or grown)(e, s, c, w)
    if ask:
        c, _ = right_attend(ask(s, state), h, real)
    return (see or beside)(state, c) @ w["V"].T + w["d"], state


def grown(e, s, c, w):
    """The new state."""
    return torch.tanh(e @ w["W"].T + s @ w["U"].T + c @ w["C"].T + w["b"])


def beside(state, c):
    """What the output layer reads."""
    return torch.cat([state, c], 1)


def right_step(e, s, h, real, weights):
    """What is expected."""
    return stepped((e, s, h, real, weights))


def replaced(new=None, ask=None, see=None):
    """The step with one part replaced."""
    return lambda *given: stepped(given, new, ask, see)


def of_other_states(change):
    """The step with other states to look at; `change` takes s, h and real, returns h and real."""
    return lambda e, s, h, real, w: stepped((e, s, *change(s, h, real), w))


def looking(weigh):
    """The step with a context from other weights, which `weigh` makes of s, h and real."""
    def function(e, s, h, real, w):
        c = seen(weigh(s, h, real), h)
        state = grown(e, s, c, w)
        return beside(state, c) @ w["V"].T + w["d"], state
    return function


def no_context(e, s, c, w):
    """Without what was seen."""
    return torch.tanh(e @ w["W"].T + s @ w["U"].T + w["b"])


STEP_NAMES = "scores", "new state"
STEP_MISTAKES = [
    ("without the encoder's states: the context is made of h, not of s",
     of_other_states(lambda s, h, real: (s[:, None].expand_as(h), real))),
    ("the context does not enter the new state", replaced(new=no_context)),
    ("the context does not reach the scores: the output layer reads [s; c]",
     replaced(see=lambda state, c: beside(state, 0 * c))),
    ("the output layer reads [c; s]: the state comes first",
     replaced(see=lambda state, c: torch.cat([c, state], 1))),
    ("the new state asks: the question comes from the state before this token",
     replaced(ask=lambda s, state: state)),
    ("the scores are made from the old state: the output layer reads the new one",
     lambda e, s, h, real, w: (beside(s, right_attend(s, h, real)[0]) @ w["V"].T + w["d"],
                               right_step(e, s, h, real, w)[1])),
    ("padding is looked at", of_other_states(lambda s, h, real: (h, torch.ones_like(real)))),
    ("padding gets scores of 0 in place of -inf: mend attend, or what looks here", looking(
        lambda s, h, real: raw(s, h).masked_fill(~real, 0.0).softmax(1))),
    ("padding is taken out after the softmax: mend attend, or what looks here", looking(
        lambda s, h, real: raw(s, h).softmax(1) * real)),
    ("tanh is missing", replaced(new=lambda e, s, c, w: (
        e @ w["W"].T + s @ w["U"].T + c @ w["C"].T + w["b"]))),
    ("the old state does not enter the new one", replaced(
        new=lambda e, s, c, w: grown(e, 0 * s, c, w))),
    ("the token that was read does not enter the new state", replaced(
        new=lambda e, s, c, w: grown(0 * e, s, c, w))),
    ("these are log-probabilities: scores before the softmax are asked for",
     lambda *given: (right_step(*given)[0].log_softmax(1), right_step(*given)[1])),
    ("these are probabilities: scores before the softmax are asked for",
     lambda *given: (right_step(*given)[0].softmax(1), right_step(*given)[1])),
    ("U is not turned: for rows of states U s is s @ U.T",
     lambda e, s, h, real, w: right_step(e, s, h, real, w | {"U": w["U"].T})),
    ("C is not turned: for rows of contexts C c is c @ C.T",
     lambda e, s, h, real, w: right_step(e, s, h, real, w | {"C": w["C"].T})),
    ("U and C are not turned: for rows of states U s is s @ U.T",
     lambda e, s, h, real, w: right_step(e, s, h, real, w | {"U": w["U"].T, "C": w["C"].T})),
    ("U and C are swapped: U belongs to the old state, C to the context",
     lambda e, s, h, real, w: right_step(e, s, h, real, w | {"U": w["C"], "C": w["U"]})),
    ("the two values are swapped: the scores come first",
     lambda *given: right_step(*given)[::-1]),
]


def step_given(draw, lengths, D, H, K):
    """(e, s, h, real, weights)."""
    s, h, real = looked_at(draw, lengths, H)
    sizes = {"W": (H, D), "U": (H, H), "C": (H, H), "b": (H,), "V": (K, 2 * H), "d": (K,)}
    made = {name: draw.normal(*size) / 2 for name, size in sizes.items()}
    return draw.normal(len(lengths), D), torch.tanh(s), h, real, made


def step_case(name, given, weight=1):
    """A case of one step."""
    return Case(name, [given], right_step, STEP_MISTAKES, returns=STEP_NAMES, weight=weight)


def step_cases(seed):
    """One source, a batch."""
    draw = Draw(seed + 76)
    return [step_case("one source of two symbols, two units", step_given(draw, [2], 1, 2, 2)),
            step_case("three sources with padding", step_given(draw, [3, 1, 2], 3, 3, 4), 2)]


def step_hidden(seed):
    """Larger."""
    return [step_case("six sources", step_given(Draw(seed + 77), [7, 2, 9, 9, 1, 4], 4, 6, 8))]
