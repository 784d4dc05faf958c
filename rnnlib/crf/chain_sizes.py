"""What every function of the CRF checks first: sizes, masks, labels, and totals that exist."""

import torch
from torch import Tensor


def sizes(emissions: Tensor, chain, mask: Tensor | None) -> Tensor:
    """The mask (B, T), made when it is None, after a look at all sizes.

    Raises:
        ValueError: a size that does not fit, a mask that is not bool, an empty sentence, padding
            that does not stand at the right.
    """
    if emissions.dim() != 3 or 0 in emissions.shape:
        raise ValueError(
            f"expected emissions (B, T, K) with at least 1 of each, got {tuple(emissions.shape)}: "
            "one score for each label at each token, and no empty sentence"
        )
    B, T, K = emissions.shape
    got = tuple(tuple(part.shape) for part in chain)
    if got != ((K, K), (K,), (K,)):
        raise ValueError(
            f"expected transitions ({K}, {K}), start ({K},), end ({K},) for K={K} labels, got "
            f"{', '.join(map(str, got))}: do emissions and transitions know the same labels?"
        )
    if mask is None:
        return emissions.new_ones(B, T, dtype=torch.bool)
    if mask.dtype != torch.bool or mask.shape != (B, T):
        raise ValueError(
            f"expected a bool mask ({B}, {T}), got {mask.dtype} {tuple(mask.shape)}: "
            "True marks a real token"
        )
    if not mask[:, 0].all() or (mask[:, 1:] > mask[:, :-1]).any():
        raise ValueError(
            "expected a mask that is True from the first token to a sentence's last, got a gap or "
            "an empty sentence: pad at the right and leave empty sentences out"
        )
    return mask


def check_labels(labels: Tensor, K: int, mask: Tensor) -> Tensor:
    """The labels, of the mask's shape, with 0 in padding.

    Raises:
        ValueError: another shape, no whole numbers, or a real label that is not from 0 to K - 1.
    """
    if labels.shape != mask.shape or labels.dtype != torch.long:
        raise ValueError(
            f"expected labels {tuple(mask.shape)} of whole numbers, got {labels.dtype} "
            f"{tuple(labels.shape)}: one for each token, or each text"
        )
    labels = labels.where(mask, 0)
    low, high = labels.min().item(), labels.max().item()
    if low < 0 or high >= K:
        raise ValueError(
            f"expected labels from 0 to {K - 1}, got {low if low < 0 else high}: "
            "is it a label that was not there when the labels were numbered?"
        )
    return labels


def check_total(log_z: Tensor, emissions: Tensor, chain) -> None:
    """ValueError unless every sentence's log Z, or its best score, is a finite number."""
    wrong = (~log_z.isfinite()).nonzero()
    if not len(wrong):
        return
    if any((part.isnan() | (part == torch.inf)).any() for part in (emissions, *chain)):
        raise ValueError(
            "expected scores that are numbers or -inf, got NaN or +inf in the emissions or the "
            "transitions: did training diverge?"
        )
    raise ValueError(
        f"every label sequence of sentence {wrong[0].item()} of the batch is forbidden: "
        "allow a start, an end and enough transitions to reach it in as many tokens"
    )
