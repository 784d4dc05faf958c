"""Beam search: the best hypotheses of a breadth-first search of fixed or variable width."""

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from .reading import NOTHING
from .searching import Layer, fixed, search, within


@dataclass(frozen=True)
class Hypothesis:
    """A text that a search returns.

    Args:
        ids: its tokens after the first one, the end marker included.
        score: its log-probability, the sum over its tokens.
        finished: whether it ends with the end marker; otherwise the limit cut it off.
    """

    ids: tuple
    score: float
    finished: bool


def beam(step, first: Tensor, state, width: int, end, length: int) -> list[list[Hypothesis]]:
    """Beam search of fixed width (cs447): for each of B sentences its hypotheses, the best first.

    Breadth first: of all continuations of the current hypotheses the best `width` are kept; each
    one that ends narrows the beam by one, so that at most `width` hypotheses come out.  Finished
    ones stand first, each kind by score.  Width 1 is greedy.  A wider beam is not always better.

    Args:
        step: `step(token (N,), state) -> (log_probs (N, V), state)`; N = B times hypotheses.
        first: the token read first, (B,).
        state: the state before it is read, B rows.
        width: how many hypotheses are kept.
        end: the id of the end marker, or None.
        length: the most tokens of a text, the end marker included; what is cut off there is
            returned unfinished.
    """
    return collect(search(step, first, state, fixed(width), end, length), len(first))


def variable_beam(step, first: Tensor, state, factor: float, end, length: int):
    """Beam search of variable width (cs447): keeps all hypotheses within a factor of the best.

    As `beam`, with `within(factor)` as the rule: many hypotheses where the model hesitates, one
    where it is sure.
    """
    return collect(search(step, first, state, within(factor), end, length), len(first))


def collect(layers: Iterable[Layer], B: int) -> list[list[Hypothesis]]:
    """The hypotheses of a search for each sentence, in the order of `ordered`."""
    found, live = [[] for _ in range(B)], [[()] for _ in range(B)]
    for layer in layers:
        every = zip(*(x.tolist() for x in (layer.parents, layer.tokens, layer.scores, layer.ended)),
                    strict=True)
        for b, places in enumerate(every):
            chains = [(live[b][parent], token) for parent, token, *_ in zip(*places, strict=True)]
            for chain, score, ended in zip(chains, *places[2:], strict=True):
                if ended:
                    found[b].append(Hypothesis(unchained(chain), score, True))
            live[b] = chains
    for b, places in enumerate(zip(layer.scores.tolist(), layer.ended.tolist(), strict=True)):
        for chain, score, ended in zip(live[b], *places, strict=True):
            if score > NOTHING and not ended:
                found[b].append(Hypothesis(unchained(chain), score, False))
    return [ordered(one) for one in found]


def unchained(ids: tuple) -> tuple:
    """The tokens of ((((), 5), 2), 7): (5, 2, 7)."""
    out = []
    while ids:
        ids, token = ids
        out.append(token)
    return tuple(out[::-1])


def ordered(hypotheses: list[Hypothesis], key=lambda hypothesis: hypothesis.score) -> list:
    """Finished ones first: an unfinished one is scored on a beginning only; then by the key."""
    return sorted(hypotheses, key=lambda one: (one.finished, key(one)), reverse=True)


def normalised(score: float, length: int, power: float = 1.0) -> float:
    """The log-probability divided by length ** power: 1 is the mean for each token, 0 the sum.

    A log-probability is negative and falls with each token, so the sum prefers short texts;
    dividing by the length moves long ones nearer to zero: up.  (Multiplying would push them down.)
    Source: Wu et al., Google's neural machine translation system (2016), whose divisor is
    ((5 + length) / 6) ** power.
    """
    if length < 1:
        raise ValueError(f"expected a length of at least 1, got {length}: count the end marker too")
    return score / length**power


def ranked(hypotheses: list[Hypothesis], power: float = 1.0) -> list[Hypothesis]:
    """The hypotheses of one sentence by their length-normalised score, finished ones first."""
    return ordered(hypotheses, lambda one: normalised(one.score, len(one.ids), power))
