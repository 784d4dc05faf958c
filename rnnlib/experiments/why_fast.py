"""Why the hand-written pass is fast: the same work done in two ways, four times over.

`ratios()` measures on the spot.  Times depend on the machine and on what else it does, so these
numbers are printed in notebooks/03_training_through_time.ipynb and compared with nothing.
"""

import statistics
import timeit
from dataclasses import dataclass

import torch

from .. import bptt, cells


@dataclass(frozen=True)
class Sizes:
    """T steps of B sequences, D = H units, and how often the time is taken."""

    T: int = 128
    B: int = 32
    H: int = 64
    repeat: int = 9


def material(sizes, seed=0):
    """(cell, x, h, d): a simple RNN, inputs (B, T, H), states and errors (T, B, H)."""
    draw = torch.Generator().manual_seed(seed)
    x, h, d = (torch.randn(sizes.T, sizes.B, sizes.H, generator=draw) for _ in "xhd")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        cell = cells.RNNCell(sizes.H, sizes.H)
    return cell, x.transpose(0, 1), h, d


def pairs(cell, x, h, d):
    """dict reason -> (slow, fast): two functions without arguments that return the same numbers."""
    W, room = cell.W.detach(), torch.empty_like(h)
    steps, rows = list(zip(d, h, strict=True)), room.unbind(0)
    return {
        "one large product": (
            lambda: torch.stack([h_t @ W.T for h_t in h]),
            lambda: (h.flatten(0, 1) @ W.T).view_as(h),
        ),
        "dU in one product": (
            lambda: sum(d_t.T @ h_t for d_t, h_t in steps),
            lambda: d.flatten(0, 1).T @ h.flatten(0, 1),
        ),
        "nothing new": (
            lambda: torch.stack([d_t + h_t for d_t, h_t in steps]),
            lambda: into(rows, steps, room),
        ),
        "slopes at once": (
            lambda: torch.stack([d_t * (1 - h_t * h_t) for d_t, h_t in steps]),
            lambda: torch.stack([d_t * s_t for d_t, s_t in zip(d, 1 - h * h, strict=True)]),
        ),
        "all together": (
            lambda: both_passes(cells.loop, cell, x),
            lambda: both_passes(bptt.run, cell, x),
        ),
    }


def into(rows, steps, room):
    """Write every sum into its row of a buffer that is there already."""
    for row, (d_t, h_t) in zip(rows, steps, strict=True):
        torch.add(d_t, h_t, out=row)
    return room


def both_passes(run, cell, x):
    """The gradients of all weights by the sum of all states, one after the other in a row."""
    found = torch.autograd.grad(run(cell, x)[0].sum(), list(cell.parameters()))
    return torch.cat([gradient.flatten() for gradient in found])


def ratios(sizes=None):
    """dict reason -> how many times as fast the fast way is, from the best of several runs."""
    sizes = sizes or Sizes()

    def best(work):
        return min(timeit.repeat(work, number=2, repeat=sizes.repeat))

    return {name: best(a) / best(b) for name, (a, b) in pairs(*material(sizes)).items()}


def over_shapes(records):
    """dict (cell, threads) -> the geometric mean of the recorded ratios over all shapes."""
    groups = {}
    for r in records:
        groups.setdefault((r.setting["cell"], r.setting["threads"]), []).append(r.value)
    return {key: statistics.geometric_mean(values) for key, values in groups.items()}
