"""Filters: log-probabilities in, log-probabilities out; one after the other is composition.

Each takes (..., V) and returns (..., V) whose probabilities sum to one again, so that the next
filter, or a draw, reads them like those of the model:

    top_p(temperature(log_probs, 0.8), 0.95)

The order matters: a temperature before top_p changes how many tokens reach p.
"""

import math

import torch
from torch import Tensor


def temperature(log_probs: Tensor, t: float) -> Tensor:
    """Log-probabilities divided by t: below 1 bolder, above 1 more varied, 1 unchanged.

    t = 0 is the limit, greedy: all probability on the most probable token, on the first of equals.

    Raises:
        ValueError: t below 0, or no probability anywhere.
    """
    if not t >= 0:
        raise ValueError(f"expected a temperature of at least 0, got {t}: 0 is greedy decoding")
    log_probs = checked(log_probs)
    if t == 0:
        only = torch.full_like(log_probs, -math.inf)
        return only.scatter(-1, log_probs.argmax(-1, keepdim=True), 0.0)
    return torch.log_softmax(log_probs / t, -1)


def top_k(log_probs: Tensor, k: int) -> Tensor:
    """The k most probable tokens alone; all of them if there are no more than k.

    Raises:
        ValueError: k below 1, or no probability anywhere.
    """
    if k < 1:
        raise ValueError(f"expected k of at least 1, got {k}: top_k keeps the k most probable")
    log_probs = checked(log_probs)
    best = log_probs.topk(min(k, log_probs.shape[-1]))
    kept = torch.full_like(log_probs, -math.inf).scatter(-1, best.indices, best.values)
    return torch.log_softmax(kept, -1)


def top_p(log_probs: Tensor, p: float) -> Tensor:
    """The smallest set of most probable tokens whose probability reaches p: the nucleus.

    The token that crosses p belongs to it, so at least one is left; p = 1 keeps all.
    Source: Holtzman et al., The curious case of neural text degeneration (2020).

    Raises:
        ValueError: p outside (0, 1], or no probability anywhere.
    """
    if not 0 < p <= 1:
        raise ValueError(
            f"expected p above 0 and at most 1, got {p}: it is the share of probability to keep"
        )
    ordered, order = checked(log_probs).sort(dim=-1, descending=True, stable=True)
    probs = torch.softmax(ordered.double(), -1)
    before = probs.cumsum(-1) - probs  # the probability of all that come earlier
    kept = ordered.masked_fill((before >= p) & (p < 1), -math.inf)
    return torch.log_softmax(torch.empty_like(kept).scatter(-1, order, kept), -1)


def checked(log_probs: Tensor, real: Tensor | None = None) -> Tensor:
    """The log-probabilities (..., V), if each row (each where `real` is True) has some probability.

    Raises:
        ValueError: a row without any, or with nan.
    """
    top = log_probs.amax(-1)
    if (top > -math.inf).all():  # false for nan too
        return log_probs
    bad = top == -math.inf
    bad = (bad if real is None else bad & real) | top.isnan()
    if bad.any():
        raise ValueError(
            "the model puts no probability on any next token (all log-probabilities are -inf, or "
            f"one is nan) in row {int(bad.flatten().nonzero()[0])}: "
            "is everything masked, or did training diverge?"
        )
    return log_probs
