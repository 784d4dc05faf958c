"""Seconds of a training step of whole stacks, for the panel on which a network is built.

    python -m rnnlib.experiments.block_speed

Sixteen sentences of twenty words, forward and back, processor time of one thread; the shortest of
a few turns counts, so that other work on the machine disturbs little.
"""

import time

import torch

from ..cells import GRUCell, LSTMCell, RNNCell
from ..layers_built import DIRECTIONS
from .record import append, measured

CELLS = {"simple RNN": RNNCell, "GRU": GRUCell, "LSTM": LSTMCell}
LAYERS, SIZES = (1, 2, 3, 4), (16, 32, 64, 128)
TIMED = ("from the left", "side by side", "added", "two stacks")
LIKE = {"from the right": "from the left", "multiplied": "added"}
"""Kinds that do the same work as one that is timed."""
B, T, D = 16, 20, 100


class Noise:
    """The data of a timing: random inputs."""

    name, sha256 = "noise", ""


def step(layer, x):
    """Seconds of the processor for one forward pass and one back."""
    began = time.process_time()
    h, _ = layer(x)
    h.sum().backward()
    return time.process_time() - began


def shortest(layer, turns=4):
    """The shortest of some turns, in milliseconds; one more before them is not counted."""
    x = torch.randn(B, T, D, generator=torch.Generator().manual_seed(0))
    return 1000 * min([step(layer, x) for _ in range(turns + 1)][1:])


def grid():
    """The settings that are timed."""
    for unit in CELLS:
        for kind in TIMED:
            for layers in LAYERS:
                for H in SIZES:
                    yield {"unit": unit, "kind": kind, "layers": layers, "H": H}


def network(unit, kind, layers, H):
    """The stack of a setting, on words of D numbers."""
    return DIRECTIONS[kind](CELLS[unit], D, H, layers)


def run(setting, turns=4):
    """One setting as records: milliseconds of a training step."""
    began = time.process_time()
    found = shortest(network(**setting), turns)
    seconds = time.process_time() - began
    return measured("block_speed", setting, 0, {"milliseconds": found}, seconds, Noise())


def table(records):
    """dict (unit, kind, layers, H) -> milliseconds, for every kind of direction."""
    found = {tuple(r.setting[name] for name in ("unit", "kind", "layers", "H")): r.value
             for r in records}
    alike = {(unit, twin, layers, H): ms for (unit, kind, layers, H), ms in found.items()
             for twin, timed in LIKE.items() if timed == kind}
    return found | alike


def main():
    """Time every setting on one thread, and append."""
    torch.set_num_threads(1)
    append([record for setting in grid() for record in run(setting)])


if __name__ == "__main__":
    main()
