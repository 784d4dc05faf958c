"""Homework 3, exercise 5: one pass of training over segments, state carried, perplexity counted."""

import math
from dataclasses import replace

import torch
from torch.nn import functional as F

from .core import Case
from .drawing import Draw
from .hw3_inside import Network, Tiny

VALUES = ("perplexity", "weights afterwards")


def losses(model, x, y, state):
    """(nats of each symbol (N,), the state after the segment)."""
    scores, state = model(x, state)
    return F.cross_entropy(scores.flatten(0, 1), y.flatten(), reduction="none"), state.detach()


def passed(network, segments, how):
    """(nats of each segment, weights) after one pass; `how` says what each part does."""
    with torch.enable_grad():
        model, state, seen = Tiny(network.E, network.W, network.U), None, []
        weights, older = list(model.parameters()), None
        for x, y, fresh in segments:
            begin = how["state"](state, fresh)
            nats, state = losses(model, x, y, begin)
            gradients = torch.autograd.grad(how["loss"](nats), weights)
            older = how["add"](gradients, older)
            move(weights, older, network.lr)
            seen.append(losses(model, x, y, begin)[0].detach() if how["late"] else nats.detach())
        return seen, torch.cat([w.detach().flatten() for w in weights])


def move(weights, gradients, lr):
    """One step against the gradients."""
    with torch.no_grad():
        for weight, gradient in zip(weights, gradients, strict=True):
            weight -= lr * gradient


RIGHT = {"state": lambda state, fresh: None if fresh else state, "loss": lambda nats: nats.mean(),
         "add": lambda new, older: new, "late": False}


def exponential(seen):
    """What is expected of the nats of the segments."""
    return torch.cat(seen).mean().exp().item()


def other(number=exponential, how=None):
    """A pass with some parts changed, or another number made of its nats."""
    def function(*given):
        seen, weights = passed(*given, RIGHT | (how or {}))
        return float(number(seen)), weights
    return function


def summed(new, older):
    """The gradients of all segments so far."""
    return [a + b for a, b in zip(new, older, strict=True)] if older else list(new)


def still(network, segments):
    """No update at all."""
    return other()(replace(network, lr=0.0), segments)


def at_the_end(network, segments):
    """One update after the pass, with the gradients of all segments."""
    first = {"found": None}

    def keep(new, older):
        first["found"] = summed(new, first["found"])
        return [0 * g for g in new]
    seen, _ = passed(network, segments, RIGHT | {"add": keep})
    weights = [network.E.clone(), network.W.clone(), network.U.clone()]
    move(weights, first["found"], network.lr)
    return exponential(seen), torch.cat([w.flatten() for w in weights])


def by_segments(seen):
    """The mean of the segments' perplexities."""
    return torch.stack([nats.mean().exp() for nats in seen]).mean()


right_epoch = other()
CARRIED, ADDED = {"state": lambda state, fresh: state}, {"add": summed}

MEANS = "a mean of the segments' perplexities: add up nats and symbols, divide once, then exp"

EPOCH_MISTAKES = [
    ("the state is carried into a text that it does not belong to: where `fresh` is true the rows "
     "begin anew, with None", other(how=CARRIED)),
    ("the state is thrown away after each segment: carry it where `fresh` is false",
     other(how={"state": lambda state, fresh: None})),
    ("turned round: the state is kept where the rows begin anew",
     other(how={"state": lambda state, fresh: state if fresh else None})),
    ("the gradients of all segments so far add up: zero_grad() before each backward()",
     other(how=ADDED)),
    ("one update at the end of the pass: each segment makes its own", at_the_end),
    ("nothing is learned: optimiser.step() is missing, or zero_grad() stands right before it",
     still),
    (MEANS, other(by_segments)),
    ("a mean of the segments' means: a short segment weighs as much as a long one; add up nats "
     "and symbols, divide once",
     other(lambda seen: torch.stack([n.mean() for n in seen]).mean().exp())),
    ("these are nats for each symbol: the perplexity is e to that power",
     other(lambda seen: torch.cat(seen).mean())),
    ("2 to the power of nats: e belongs to nats", other(lambda seen: 2 ** torch.cat(seen).mean())),
    ("this is the perplexity of the last segment", other(lambda seen: seen[-1].mean().exp())),
    ("the loss is divided twice: a mean is already divided by the number of symbols",
     other(how={"loss": lambda nats: nats.mean() / len(nats)})),
    ("the update uses a sum: the loss of a segment is the mean of its nats",
     other(how={"loss": lambda nats: nats.sum()})),
    ("measured after the update: the perplexity is that of the symbols when they were met",
     other(how={"late": True})),
    ("fresh is ignored, and " + MEANS, other(by_segments, CARRIED)),
    ("the gradients still add up (zero_grad belongs into the loop), and " + MEANS,
     other(by_segments, ADDED)),
    ("the gradients still add up (zero_grad belongs into the loop), and the state is carried into "
     "a text that it does not belong to", other(how=ADDED | CARRIED)),
    ("nothing is mended yet: look at the state where `fresh` is true, at the gradients of the "
     "segment before, and at the number that is returned", other(by_segments, ADDED | CARRIED)),
]


def a_segment(draw, V, B, T, fresh):
    """(x, y, fresh) of random ids."""
    ids = draw.ids(V, B, T + 1)
    return ids[:, :-1], ids[:, 1:], fresh


def epoch_case(name, draw, sizes, lengths, weight=1):
    """A case of segments; lengths are pairs (T, fresh), sizes those of vocabulary, D and batch."""
    V, D, B = sizes
    weights = [draw.normal(*shape).double() / math.sqrt(D) for shape in ((V, D), (D, D), (D, D))]
    made = [a_segment(draw, V, B, T, fresh) for T, fresh in lengths]
    return Case(name, [(Network(*weights, 0.5), made)], right_epoch, EPOCH_MISTAKES,
                returns=VALUES, weight=weight)


def epoch_cases(seed):
    """Two segments, a text that begins anew, a short last one."""
    draw = Draw(seed + 340)
    return [epoch_case("one segment", draw, (4, 2, 1), [(3, True)]),
            epoch_case("the second segment goes on, and is shorter", draw, (4, 2, 1),
                       [(3, True), (2, False)]),
            epoch_case("the third begins anew, the last is short", draw, (5, 3, 2),
                       [(4, True), (4, False), (4, True), (1, False)], 3)]


def epoch_hidden(seed):
    """More segments."""
    return [epoch_case("nine segments", Draw(seed + 341), (6, 4, 3),
                       [(5, n % 4 == 0) for n in range(8)] + [(2, False)], 2)]
