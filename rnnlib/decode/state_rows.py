"""Rows of a state, whatever the state is made of: tensors (B, ...), in tuples and lists or not."""

import torch
from torch import Tensor


def rows(state, index: Tensor):
    """The rows `index` (N,) of every tensor in a state, nested as the state is; None stays None."""
    return _each(lambda tensor: tensor[index], state)


def where(mask: Tensor, new, old):
    """A state with the rows of `new` where mask (B,) is True, and those of `old` elsewhere."""
    return _each(lambda a, b: torch.where(mask.view(-1, *[1] * (a.dim() - 1)), a, b), new, old)


def _each(function, *states):
    first = states[0]
    if isinstance(first, Tensor):
        return function(*states)
    if isinstance(first, (tuple, list)):
        parts = [_each(function, *part) for part in zip(*states, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if first is None:
        return None
    raise ValueError(
        f"expected a state of tensors (B, ...) or tuples of them, got a {type(first).__name__}: "
        "decoding has to choose rows of it"
    )
