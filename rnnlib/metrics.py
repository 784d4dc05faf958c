"""How good a model is: totals and counts first, means only at the end, so that batches add up.

A mean of batch means is wrong as soon as batches differ in size; every function here therefore
returns a total and a count, or turns a total and a count into one number.
Taught in notebooks/04_language_models.ipynb.
"""

import math
from functools import lru_cache
from statistics import fmean, stdev

import torch
import torch.nn.functional as F
from torch import Tensor

IGNORED = -100
"""Stands in the place of a target that does not count."""


def cross_entropy(
    logits: Tensor, targets: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, int]:
    """The summed negative log-probability of the targets in nats, and how many were counted.

    The total keeps its gradient; total / count is the mean loss (cs421, notes).

    Args:
        logits: scores before the softmax, (..., K).
        targets: ids, (...).
        mask: bool, (...), True = a real token.
    """
    _check(logits, targets, mask)
    if logits.dim() != targets.dim() + 1:
        raise ValueError(
            f"expected scores (..., K) for targets {tuple(targets.shape)}, got "
            f"{tuple(logits.shape)}: the last axis holds one score for each symbol"
        )
    count = targets.numel() if mask is None else int(mask.sum())
    targets = targets if mask is None else targets.masked_fill(~mask, IGNORED)
    flat = logits.flatten(0, -2), targets.flatten()
    return F.cross_entropy(*flat, reduction="sum", ignore_index=IGNORED), count


def perplexity(total: Tensor | float, count: int) -> float:
    """exp(total / count): how many equally likely symbols would be as hard to guess (notes)."""
    try:
        return math.exp(_mean(total, count))
    except OverflowError:
        return math.inf


def bits(total: Tensor | float, count: int) -> float:
    """total / count in bits instead of nats: for each token, or for whatever was counted.

    Bits per character of a model over words are its total divided by the characters of the text:
    so models that cut the same text differently can be compared, and perplexities cannot.
    """
    return _mean(total, count) / math.log(2)


def accuracy(predicted: Tensor, gold: Tensor, mask: Tensor | None = None) -> tuple[int, int]:
    """How many predicted ids (...) equal the gold ids (...), and how many were counted."""
    _check(predicted, gold, mask)
    if predicted.dim() != gold.dim():
        raise ValueError(
            f"expected ids of shape {tuple(gold.shape)}, got {tuple(predicted.shape)}: "
            "did you forget the argmax over the last axis?"
        )
    right = predicted == gold
    right = right if mask is None else right[mask]
    return int(right.sum()), right.numel()


def interval(values) -> tuple[float, float]:
    """The mean of the values (one for each seed) and half its 95 % Student-t interval.

    One value alone says nothing about its spread: the half width is then nan.
    """
    values = [float(value) for value in values]
    if not values:
        raise ValueError("expected at least one value, got none: which seeds were run?")
    if len(values) == 1:
        return values[0], math.nan
    half = student(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return fmean(values), half


@lru_cache
def student(freedom: int) -> float:
    """The t with P(|T| < t) = 0.95 for Student's T: 12.71 for freedom 1, 1.96 for many."""
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < 0.95 else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _inside(angle: float, freedom: int) -> float:
    """P(|T| < sqrt(freedom) tan(angle)): Simpson's rule over cos(angle) ** (freedom - 1)."""
    n, power = 400, freedom - 1
    weights = [1, *[4, 2] * (n // 2 - 1), 4, 1]
    area = sum(w * math.cos(angle * k / n) ** power for k, w in enumerate(weights)) * angle / n / 3
    log_scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    return 2 * area * math.exp(log_scale) / math.sqrt(math.pi)


def _mean(total: Tensor | float, count: int) -> float:
    if count < 1:
        raise ValueError(f"expected at least one counted token, got {count}: is the mask empty?")
    return (total.item() if isinstance(total, Tensor) else total) / count


def _check(scores: Tensor, targets: Tensor, mask: Tensor | None) -> None:
    if scores.shape[: targets.dim()] != targets.shape:
        raise ValueError(
            f"expected one row for each of the targets {tuple(targets.shape)}, got "
            f"{tuple(scores.shape)}: are both batch first and equally long?"
        )
    if mask is not None and (mask.dtype != torch.bool or mask.shape != targets.shape):
        raise ValueError(
            f"expected a bool mask of the targets' shape {tuple(targets.shape)}, got "
            f"{mask.dtype} {tuple(mask.shape)}: True marks a real token"
        )
