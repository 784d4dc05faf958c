"""Whole stacks from a few sizes: how many layers, how wide, in which directions, how joined.

Every entry of `DIRECTIONS` is a function (cell, D, H, layers) to a layer; H is the size of each
direction.  Taught in notebooks/08_deep_and_bidirectional.ipynb.
"""

from .layers import (
    Backwards,
    Bidirectional,
    Normalised,
    OverTime,
    Stacked,
    add,
    concatenate,
    multiply,
)


def stacked(make, D, layers):
    """So many layers on top of one another, each `make(D)` for the D that the one below puts out.

    >>> stacked(lambda D: OverTime(RNNCell(D, 8)), 5, layers=3).size
    8
    """
    made = []
    for _ in range(layers):
        made.append(make(D))
        D = made[-1].size
    return Stacked(*made)


def from_left(cell, D, H, layers):
    """Layers that all read from the left."""
    return stacked(lambda D: OverTime(cell(D, H)), D, layers)


def from_right(cell, D, H, layers):
    """Layers that all read from the right."""
    return stacked(lambda D: Backwards(OverTime(cell(D, H))), D, layers)


def joined(merge):
    """Layers in both directions; each reads what the one below merged (bristol, cs505)."""

    def build(cell, D, H, layers):
        return stacked(lambda D: two_readers(cell, D, H, merge), D, layers)

    return build


def two_readers(cell, D, H, merge=concatenate):
    """One layer in both directions."""
    return Bidirectional(OverTime(cell(D, H)), OverTime(cell(D, H)), merge)


def apart(cell, D, H, layers):
    """Two separate stacks, one from each end, side by side at the top alone."""
    return Bidirectional(from_left(cell, D, H, layers), from_left(cell, D, H, layers))


def normalised(cell, D, H, layers):
    """Both directions side by side, every layer's output normalised (cs505)."""
    return stacked(lambda D: Normalised(two_readers(cell, D, H), 2 * H), D, layers)


DIRECTIONS = {
    "from the left": from_left,
    "from the right": from_right,
    "side by side": joined(concatenate),
    "added": joined(add),
    "multiplied": joined(multiply),
    "two stacks": apart,
}


def weights(layer) -> int:
    """How many numbers a layer learns."""
    return sum(weight.numel() for weight in layer.parameters())


def widest(network, budget, most=1024) -> int:
    """The largest H for which `network(H)` has at most `budget` weights.

    Raises:
        ValueError: even H = 1 has more.
    """
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if weights(network(middle)) <= budget else (low, middle)
    if not low:
        raise ValueError(f"expected a budget of at least {weights(network(1)):,} weights, what "
                         f"H = 1 takes, got {budget:,}")
    return low
