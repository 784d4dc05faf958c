"""Every text there is, with its probability: the answer that no search can beat, on toys."""

import torch
from torch import Tensor

from .beams import Hypothesis, ordered
from .reading import NOTHING, check_first, check_length, read
from .state_rows import rows

MOST_TEXTS = 2_000_000
"""Beginnings that may be held at once."""


@torch.no_grad()
def exhaustive(step, first: Tensor, state, end, length: int) -> list[list[Hypothesis]]:
    """All texts of at most `length` tokens for each of B sentences, the best first.

    Texts that end with the end marker, and the beginnings that the limit cuts off, unfinished;
    texts of probability zero are left out.  The work grows as V ** length.

    Raises:
        ValueError: more than two million beginnings; this is for toys.
    """
    check_first(first)
    check_length(length, 1)
    found = [[] for _ in first]
    origin, paths = torch.arange(len(first), device=first.device), first.new_zeros(len(first), 0)
    tokens, scores = first, torch.zeros(len(first), device=first.device)
    for t in range(length):
        log_probs, state = read(step, tokens, state)  # (N, V)
        total = scores[:, None] + log_probs
        if total.numel() > MOST_TEXTS:
            raise ValueError(f"expected at most {MOST_TEXTS:,} texts to list, got {total.numel():,}"
                             f" at token {t + 1}: use a smaller vocabulary or limit, or a beam")
        parent, tokens = (total > NOTHING).nonzero().unbind(1)
        origin, scores, state = origin[parent], total[parent, tokens], rows(state, parent)
        paths = torch.cat([paths[parent], tokens[:, None]], 1)
        done = torch.ones_like(tokens, dtype=torch.bool) if t == length - 1 else tokens == end
        for b, ids, score in zip(*(x[done].tolist() for x in (origin, paths, scores)), strict=True):
            found[b].append(Hypothesis(tuple(ids), score, ids[-1] == end))
        origin, paths, tokens, scores = (x[~done] for x in (origin, paths, tokens, scores))
        state = rows(state, (~done).nonzero()[:, 0])
        if not len(tokens):
            break
    return [ordered(one) for one in found]
