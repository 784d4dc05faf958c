"""States of layers, whatever the layer: as one vector, cut up again, and what they show outside.

A cell's state is a tensor or a tuple of them, a stack's is a tuple of such states, and so on; an
encoder hands all of it to a decoder that may be built quite differently.
"""

import torch
from torch import Tensor

from ..layers import Bidirectional, Normalised, Stacked


def leaves(state) -> list[Tensor]:
    """The tensors (B, n) of a state, in order."""
    if torch.is_tensor(state):
        return [state]
    return [tensor for part in state for tensor in leaves(part)]


def side_by_side(state) -> Tensor:
    """All tensors of a state as one vector for each sequence: (B, N)."""
    return torch.cat(leaves(state), 1)


def cut(vector: Tensor, like):
    """A vector (B, N) as a state built like the state `like`."""
    pieces = iter(vector.split([part.shape[1] for part in leaves(like)], 1))
    return _built(like, pieces)


def _built(like, pieces):
    if torch.is_tensor(like):
        return next(pieces)
    return tuple(_built(part, pieces) for part in like)


def shown(layer, state) -> Tensor:
    """The outputs (B, n) that belong to a state: of a stack those of its top layer, of two
    directions both, side by side."""
    if isinstance(layer, Bidirectional):
        sides = zip((layer.forwards, layer.backwards), state, strict=True)
        return torch.cat([shown(side, part) for side, part in sides], 1)
    if isinstance(layer, Stacked):
        return shown(layer.layers[-1], state[-1])
    if isinstance(layer, Normalised):
        return layer.norm(shown(layer.layer, state))
    inside = getattr(layer, "layer", None)  # a layer around another one, such as Backwards
    return layer.cell.output(state) if inside is None else shown(inside, state)


def reads(layer) -> int:
    """How many numbers a layer reads at each step."""
    if isinstance(layer, Bidirectional):
        return reads(layer.forwards)
    if isinstance(layer, Stacked):
        return reads(layer.layers[0])
    inside = getattr(layer, "layer", None)
    return layer.cell.D if inside is None else reads(inside)


def check_reads(layer, D: int, what: str) -> None:
    """Raise ValueError unless the layer reads D numbers, made of `what`."""
    if reads(layer) != D:
        raise ValueError(
            f"expected a layer that reads {D} numbers, {what}, got one that reads {reads(layer)}: "
            f"make its cell with D={D}"
        )
