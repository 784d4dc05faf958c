"""Constraints: which label may stand first, follow another, or stand last."""

import torch
from torch import Tensor


def forbid(chain, rules):
    """The chain with -inf wherever the rules say False.

    Args:
        chain: transitions (K, K), start (K,), end (K,).
        rules: three bool tensors of the same sizes, True = allowed.
    """
    sizes = [tuple(part.shape) for part in chain]
    got = [tuple(rule.shape) for rule in rules]
    if got != sizes or any(rule.dtype != torch.bool for rule in rules):
        raise ValueError(
            f"expected bool rules of the sizes {', '.join(map(str, sizes))}, got "
            f"{', '.join(f'{r.dtype} {tuple(r.shape)}' for r in rules)}: True marks what is allowed"
        )
    return tuple(
        part.masked_fill(~rule.to(part.device), -torch.inf)
        for part, rule in zip(chain, rules, strict=True)
    )


def bio_rules(labels) -> tuple[Tensor, Tensor, Tensor]:
    """What valid BIO allows: I-X only after B-X or I-X, and never first; any label last.

    Args:
        labels: the K names O, B-X and I-X, in the order of their numbers.

    Raises:
        ValueError: a name outside the scheme.
    """
    parts = [_parts(label) for label in labels]
    follows = [
        [prefix != "I" or (before != "O" and kind == same) for prefix, kind in parts]
        for before, same in parts
    ]
    first = [prefix != "I" for prefix, _ in parts]
    return torch.tensor(follows), torch.tensor(first), torch.ones(len(parts), dtype=torch.bool)


def bio_chain(labels):
    """A chain that knows only the rules of BIO: 0 for what is allowed, -inf for the rest."""
    rules = bio_rules(labels)
    return forbid(tuple(torch.zeros(rule.shape) for rule in rules), rules)


def _parts(label):
    """B-PER to (B, PER); O to (O, '')."""
    prefix, dash, kind = label.partition("-")
    if label != "O" and (prefix not in ("B", "I") or not dash or not kind):
        raise ValueError(
            f"expected labels O, B-X and I-X, got {label!r}: BIO rules are only for such labels"
        )
    return prefix, kind
