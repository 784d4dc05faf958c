"""Homework 4, exercise 4: the beam of variable width."""

import math

from .core import Case
from .drawing import Draw, telling
from .hw4_beams import as_found, complete_first, differs, model_of, searched, told


def near(factor, best=lambda grown, done: max(h[0] for h in [*grown, *done])):
    """All whose score is within a factor of the best."""
    return lambda grown, done: [h for h in grown if h[0] >= best(grown, done) + math.log(factor)]


def right_variable(model, first, state, end, length, factor):
    """What is expected of the variable width."""
    return searched(model, (first, state), end, length, near(factor))


def pruned(keep):
    """Another rule; `keep` takes the continuations, the complete texts and the factor."""
    return lambda model, first, state, end, length, factor: searched(
        model, (first, state), end, length, lambda grown, done: keep(grown, done, factor))


WITHOUT_COMPLETE = pruned(
    lambda grown, done, factor: near(factor, lambda g, d: g[0][0])(grown, done))
AMONG_THEMSELVES = pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
    g[0] for g in grown if g[1] == h[1]) + math.log(factor)])


def reported(order):
    """The right texts in another order."""
    return lambda *given: order(right_variable(*given), given)


VARIABLE_MISTAKES = [
    ("complete texts are forgotten: the best score may be that of one of them", WITHOUT_COMPLETE),
    ("the factor multiplies log-probabilities: it belongs to probabilities, so add its logarithm",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
         g[0] for g in [*grown, *done]) * factor])),
    ("the factor divides log-probabilities: it belongs to probabilities, so add its logarithm",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
         g[0] for g in [*grown, *done]) / factor])),
    ("the factor is taken for a probability: it is relative to the best",
     pruned(lambda grown, done, factor: [h for h in grown if math.exp(h[0]) >= factor])),
    ("the factor itself is subtracted: its logarithm is added",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
         g[0] for g in [*grown, *done]) - factor])),
    ("each text compares its continuations among themselves: the best of all counts",
     AMONG_THEMSELVES),
    ("nothing is pruned", pruned(lambda grown, done, factor: grown)),
    ("only the best continuation stays", pruned(lambda grown, done, factor: grown[:1])),
    ("what is exactly `factor` times as probable as the best stays too: at least, not more than",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] > max(
         g[0] for g in [*grown, *done]) + math.log(factor)])),
    ("texts that the limit cut off are thrown away: they are returned too",
     lambda *given: [(text, score) for text, score in right_variable(*given)
                     if text[-1] == given[3]]),
    ("complete texts stand before the others: sort all of them by log-probability",
     reported(complete_first)),
    ("the texts stand in the order in which they ended: sort all of them by log-probability",
     reported(as_found)),
    ("the worst stands first: sort from the most probable on",
     lambda *given: right_variable(*given)[::-1]),
]


def some_cut(*arguments):
    """Whether the limit cuts off a text that is more probable than a complete one."""
    return differs(right_variable, [reported(complete_first), reported(as_found)], arguments)


def rule_matters(*arguments):
    """Whether complete texts and the best of all count: without either other texts are found."""
    return differs(right_variable, [WITHOUT_COMPLETE, AMONG_THEMSELVES], arguments)


def variable_case(name, arguments, weight=1):
    """A case of the variable width."""
    return Case(name, [arguments], None, VARIABLE_MISTAKES, 1e-6, weight=weight,
                accepts=told(right_variable))


def variable_cases(seed):
    """Factor 1 is greedy; a third; a tenth, with texts that end."""
    draw = Draw(seed + 46)
    return [variable_case("factor 1 keeps the best alone", (model_of(draw, 4), 0, 0, 1, 3, 1.0)),
            variable_case("a third as probable as the best, two steps", telling(
                draw, lambda draw: (model_of(draw, 4), 0, 0, 1, 2, 0.33), some_cut), 2),
            variable_case("a fifth, and texts end", telling(
                draw, lambda draw: (model_of(draw, 4, 1.5), 0, 0, 1, 4, 0.2), rule_matters), 2)]


def variable_hidden(seed):
    """More tokens."""
    draw = Draw(seed + 47)
    return [variable_case("a tenth, many tokens", (model_of(draw, 7, 1.5), 0, 0, 1, 4, 0.1), 2)]
