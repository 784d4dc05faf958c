"""What more gates cost: seconds of a training step of each unit, as ratios to the simple RNN (K15).

    python -m rnnlib.experiments.unit_speed

The units take turns, and the shortest of many turns counts, so that other work on the machine
disturbs little.  What more gates bring is measured by `which_unit`.
"""

import time
from dataclasses import dataclass

import torch

from .. import bptt
from .record import append, measured
from .units import unit

UNITS = ("rnn", "simple_gru", "gru", "gru_reset_after", "lstm")
SHAPES = ((32, 16, 32, 48), (35, 20, 200, 200), (128, 16, 64, 256))
"""(T, B, D, H): the shape of `which_unit`, of a word model, of a character model."""


@dataclass(frozen=True)
class Timing:
    """One comparison: `turns` of every unit; another seed is another go."""

    shape: tuple
    turns: int = 15
    seed: int = 0


class Nothing:
    """The data of a timing: random inputs."""

    name, sha256 = "noise", ""


def step(cell, x):
    """Seconds of the processor for one forward and one second pass."""
    began = time.process_time()
    h, _ = bptt.run(cell, x)
    h.sum().backward()
    return time.process_time() - began


def shortest(timing):
    """dict unit -> the shortest of its turns, in seconds."""
    T, B, D, H = timing.shape
    x = torch.randn(B, T, D, generator=torch.Generator().manual_seed(timing.seed))
    cells = {name: unit(name, D, H, 1.0, timing.seed) for name in UNITS}
    best = dict.fromkeys(UNITS, float("inf"))
    for _ in range(timing.turns + 1):
        for name, cell in cells.items():
            best[name] = min(best[name], step(cell, x))
    return best


def compare(timing):
    """One comparison as records: `ratio` to the simple RNN for every unit."""
    best, found = shortest(timing), []
    T, B, D, H = timing.shape
    for name, seconds in best.items():
        setting = {"unit": name, "T": T, "B": B, "D": D, "H": H}
        values = {"ratio": seconds / best["rnn"], "seconds": seconds}
        found += measured("K15", setting, timing.seed, values, seconds, Nothing())
    return found


def main(seeds=(0, 1, 2, 3, 4)):
    """Every shape, appended as they come, on one thread."""
    torch.set_num_threads(1)
    for shape in SHAPES:
        for seed in seeds:
            append(compare(Timing(shape, seed=seed)))
        print(*shape, "done", flush=True)


if __name__ == "__main__":
    main()
