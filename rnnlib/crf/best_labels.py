"""The best label sequence and the k best: the Viterbi algorithm, messages forward and then back."""

import torch
from torch import Tensor

from .chain_sizes import check_total, sizes
from .gathering import take_best
from .sums import messages

NONE = -1
"""Stands in place of a label in padding, and where there is no further sequence."""


@torch.no_grad()
def viterbi(emissions: Tensor, chain, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The label sequence of the highest score: labels (B, T), NONE in padding, and scores (B,).

    Forward, each message keeps only the best beginning; back, each label picks the one before it
    that it came from (cs421, bristol).

    Raises:
        ValueError: sizes that do not fit, NaN, or constraints that forbid every sequence.
    """
    mask = sizes(emissions, chain, mask)
    transitions, _, end = chain
    best = messages(emissions, chain, mask, take_best)
    total, label = (best[:, -1] + end).max(1)
    check_total(total, emissions, chain)
    labels = [label]
    for t in range(emissions.shape[1] - 1, 0, -1):
        before = (best[:, t - 1] + transitions[:, label].T).argmax(1)
        label = before.where(mask[:, t], label)
        labels.append(label)
    return torch.stack(labels[::-1], 1).where(mask, NONE), total


@torch.no_grad()
def k_best(emissions: Tensor, chain, k: int, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The k label sequences of the highest scores, best first: (B, k, T) and scores (B, k).

    NONE fills the padding, and the places of sequences that do not exist, whose score is -inf:
    K labels and T tokens make only K ** T sequences, constraints fewer.  Each message keeps k
    beginnings instead of one.

    Raises:
        ValueError: as `viterbi`, or k below 1.
    """
    if k < 1:
        raise ValueError(f"expected k of at least 1, got {k}: how many sequences are wanted?")
    mask = sizes(emissions, chain, mask)
    best, came_from = _k_messages(emissions, chain, k, mask)
    total, place = (best + chain[2][:, None]).flatten(1).topk(k)
    check_total(total[:, 0], emissions, chain)
    labels = [place // k]
    for t in range(emissions.shape[1] - 1, 0, -1):
        place = came_from[t - 1].gather(1, place)
        labels.append(place // k)
    labels = torch.stack(labels[::-1], 2)
    return labels.where(mask[:, None] & total.isfinite()[..., None], NONE), total


def _k_messages(emissions, chain, k, mask):
    """The k best beginnings for each last label (B, K, k), and where each came from.

    A place i * k + n is beginning number n of label i; came_from[t - 1] is (B, K * k).
    """
    transitions, start, _ = chain
    B, T, K = emissions.shape
    best = torch.full((B, K, k), -torch.inf, dtype=emissions.dtype, device=emissions.device)
    best[..., 0] = start + emissions[:, 0]
    stay = torch.arange(K * k, device=emissions.device)
    came_from = []
    for t in range(1, T):
        before = best[..., None] + transitions[:, None]  # (B, K, k, K): from i, n to j
        new, place = before.flatten(1, 2).topk(k, dim=1)  # (B, k, K)
        new = new.mT + emissions[:, t, :, None]
        best = new.where(mask[:, t, None, None], best)
        came_from.append(place.mT.flatten(1).where(mask[:, t, None], stay))
    return best, came_from
