"""Breadth-first search with a beam: what is kept of all continuations is a rule, fixed or variable.

A hypothesis is a beginning of a text with its log-probability.  At each step all hypotheses of all
sentences read their last token in one call of `step`; the rule chooses among their continuations.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from .reading import NOTHING, check_first, check_length, read
from .state_rows import rows

MOST = 1000
"""So many hypotheses a variable beam keeps at most: a safety limit."""


@dataclass(frozen=True)
class Layer:
    """One step of a search, for B sentences: K hypotheses before it, M of their continuations kept.

    Args:
        total: (B, K, V), the log-probability of every continuation.
        parents: (B, M), which hypothesis of the step before each kept one continues.
        tokens: (B, M), the token it adds.
        scores: (B, M), its log-probability, falling; -inf where a place is empty.
        ended: (B, M) bool, where that token is the end marker: it is complete, not continued.
    """

    total: Tensor
    parents: Tensor
    tokens: Tensor
    scores: Tensor
    ended: Tensor


def fixed(width: int) -> Callable:
    """The rule of the fixed-width beam (cs447): the best ones, one less for each that has ended."""
    if width < 1:
        raise ValueError(f"expected a beam of width at least 1, got {width}: 1 is greedy decoding")

    def keep(total: Tensor, done: Tensor) -> tuple:
        scores, index = total.topk(min(width, total.shape[1]))
        left = width - (done > NOTHING).sum(1, keepdim=True)
        rank = torch.arange(scores.shape[1], device=scores.device)
        return scores.masked_fill(rank >= left, NOTHING), index

    return keep


def within(factor: float, most: int = MOST) -> Callable:
    """The rule of the variable-width beam (cs447): all whose probability is within a factor of the
    best, `log p >= best + log(factor)`, of all hypotheses so far, complete ones included.

    factor 0.1 keeps what is at least a tenth as probable as the best one; 1 is greedy; towards 0
    everything is kept, up to the safety limit `most`.
    """
    if not 0 < factor <= 1:
        raise ValueError(
            f"expected a factor above 0 and at most 1, got {factor}: 0.1 keeps hypotheses "
            "at least a tenth as probable as the best"
        )
    if most < 1:
        raise ValueError(f"expected a safety limit of at least 1, got {most}: hypotheses to keep")

    def keep(total: Tensor, done: Tensor) -> tuple:
        scores, index = total.topk(min(most, total.shape[1]))
        best = torch.maximum(scores[:, :1], done.amax(1, keepdim=True))
        scores = scores.masked_fill(scores < best + math.log(factor), NOTHING)
        M = max(1, int((scores > NOTHING).sum(1).max()))
        return scores[:, :M], index[:, :M]

    return keep


@torch.no_grad()
def search(step, first: Tensor, state, keep, end: int | None, length: int) -> Iterator[Layer]:
    """The layers of a breadth-first search, until nothing is left to continue or at the limit.

    Args:
        step, first, state: as for `generate`, one row for each of B sentences.
        keep: `fixed(width)`, `within(factor)`, or any rule `keep(total (B, K V), done (B, N)) ->
            scores (B, M), index (B, M)` with falling scores; done holds the scores of the complete
            hypotheses so far, and -inf.
        end: the id of the end marker, None if there is none.
        length: the most tokens of a text, the end marker included.
    """
    check_first(first)
    check_length(length, 1)
    offset = torch.arange(len(first), device=first.device)[:, None]
    tokens, scores = first[:, None], torch.zeros(len(first), 1, device=first.device)
    done = torch.full_like(scores, NOTHING)
    for _ in range(length):
        log_probs, state = read(step, tokens.flatten(), state, (scores > NOTHING).flatten())
        total = scores[..., None] + log_probs.view(*tokens.shape, -1)  # (B, K, V)
        kept, index = keep(total.flatten(1), done)  # (B, M)
        parents = index.div(total.shape[2], rounding_mode="floor")
        state = rows(state, (offset * total.shape[1] + parents).flatten())
        tokens = index % total.shape[2]
        ended = (tokens == (-1 if end is None else end)) & (kept > NOTHING)
        yield Layer(total, parents, tokens, kept, ended)
        done = torch.cat([done, kept.masked_fill(~ended, NOTHING)], 1)
        scores = kept.masked_fill(ended, NOTHING)
        if (scores == NOTHING).all():
            return
