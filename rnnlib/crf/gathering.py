"""How messages are gathered from one token to the next, without leaving the logarithms.

In the plain form a step looks at all pairs of labels, (B, K, K).  A sum is also a matrix product
of exp(alpha) and exp(transitions), many times faster; it is used wherever the largest numbers do
not make the others vanish, which is looked up each time.
"""

import torch
from torch import Tensor

SPREAD = 40.0
"""How far, in nats, sums of maxima may lie above the total: less than e**-40 is then lost."""


def take_best(alpha: Tensor, transitions: Tensor) -> Tensor:
    """The best way to each label j (B, K): max over i of alpha[i] + transitions[i, j]."""
    return (alpha[:, :, None] + transitions).amax(1)


def add_up(alpha: Tensor, transitions: Tensor) -> Tensor:
    """All ways to each label j (B, K): log of the sum over i of exp(alpha[i] + transitions[i, j]).

    As a matrix product, exp(alpha) @ exp(transitions), unless a sum is so small beside the
    largest numbers that it would not be exact.
    """
    top, high = alpha.amax(1, keepdim=True), transitions.amax()
    total = (alpha - top).exp() @ (transitions - high).exp()
    kind = torch.finfo(total.dtype)
    if total.min() > kind.tiny / kind.eps:
        return total.log() + top + high
    return (alpha[:, :, None] + transitions).logsumexp(1)


def expected_pairs(alpha: Tensor, transitions: Tensor, after: Tensor, weights: Tensor) -> Tensor:
    """The sum over n of weights[n] exp(alpha[n, i] + transitions[i, j] + after[n, j]) (K, K).

    alpha and after are (N, K), weights (N, 1).  As a matrix product where that is exact.
    """
    left, right = alpha.amax(1, keepdim=True), after.amax(1, keepdim=True)
    high = transitions.amax().nan_to_num(neginf=0.0)  # where every pair is forbidden
    if (left + right + high > SPREAD).any():
        pairs = (alpha[:, :, None] + transitions + after[:, None]).exp_()
        return (weights[..., None] * pairs).sum(0)
    tops = (left + right + high).exp() * weights
    return ((alpha - left).exp() * tops).T @ (after - right).exp() * (transitions - high).exp()
