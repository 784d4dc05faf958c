"""How the gradient shrinks and grows with distance, before and in training (K11).

    python -m rnnlib.experiments.gradients

Measured is the norm of dh_T/dh_t, the most by which a change of the state at t can have grown at T:
as a power of ten, the mean over sequences, at several distances T - t.
"""

import time
from dataclasses import asdict, dataclass

import torch

from .. import trace, train
from ..cells import RNNCell
from ..datasets.synthetic import Stream
from .long_memory import Recipe as Task
from .long_memory import loss
from .record import append, measured

SCALES = (0.5, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0, 3.0)
DISTANCES = (1, 2, 5, 10, 20, 30, 40, 50)
FUNCTIONS = {"tanh": torch.tanh, "relu": torch.relu}
NOTHING = 1e-30  # stands for a norm of exactly zero


@dataclass(frozen=True)
class Start:
    """A simple RNN at its start: U is noise whose spectral radius (its largest eigenvalue in
    absolute value) is `scale`; inputs from a normal distribution, times `push`."""

    g: str
    scale: float
    push: float = 1.0
    H: int = 64
    D: int = 8
    T: int = 51
    B: int = 4
    seed: int = 0


def scaled_cell(start):
    """The cell of a Start, b = 0, in float64."""
    generator = torch.Generator().manual_seed(start.seed)
    cell = RNNCell(start.D, start.H, FUNCTIONS[start.g]).double()
    with torch.no_grad():
        cell.U.copy_(torch.randn(start.H, start.H, generator=generator))
        cell.U.mul_(start.scale / radius(cell.U))
        cell.W.copy_(torch.randn(start.H, start.D, generator=generator) / start.D**0.5)
        cell.b.zero_()
    return cell


def radius(U):
    """The spectral radius of a matrix."""
    return torch.linalg.eigvals(U.detach()).abs().max().item()


def decades(cell, x):
    """log10 of the norm of dh_T/dh_t by distance: dict "distance_10" -> mean over sequences."""
    norms = trace.jacobian(cell, x).clamp(min=NOTHING).log10().mean(0)
    far = norms.flip(0)
    return {f"distance_{k}": far[k].item() for k in DISTANCES if k < len(far)}


def at_start(start):
    """One cell before training, as records."""
    began = time.process_time()
    generator = torch.Generator().manual_seed(start.seed + 1000)
    x = start.push * torch.randn(start.B, start.T, start.D, generator=generator).double()
    values = decades(scaled_cell(start), x)
    setting = {name: value for name, value in asdict(start).items() if name not in ("seed", "B")}
    seconds = time.process_time() - began
    return measured("K11", {"when": "start", **setting}, start.seed, values, seconds, Noise())


class Noise:
    """The data of an untrained cell: random inputs."""

    name, sha256 = "noise", ""


def in_training(recipe, scale=None, every=200):
    """(updates, decades, loss) again and again while a unit learns.

    U is noise with spectral radius `scale`, or left as the unit has it.
    """
    model = recipe.model()
    if scale is not None:
        with torch.no_grad():
            model.cell.U.normal_()
            model.cell.U.mul_(scale / radius(model.cell.U))
    x = Stream(recipe.task, 4, 51, seed=77)[0][0]
    yield 0, decades(model.cell, x), float("nan")
    settings = train.Settings(recipe.steps, lr=recipe.lr, every=every, seed=recipe.seed)
    batches = Stream(recipe.task, recipe.B, recipe.T, recipe.seed)
    for record in train.fit(model, batches, loss, settings):
        yield record.step, decades(model.cell, x), record.loss


def followed(recipe, scale=None):
    """One unit in training, as records: one setting for each number of updates."""
    began, data = time.process_time(), Stream(recipe.task, 4, recipe.T)
    found = []
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        for step, values, mean in in_training(recipe, scale):
            setting = {"when": "training", "updates": step, "scale": scale, "unit": recipe.unit,
                       "T": recipe.T, "lr": recipe.lr}
            seconds = time.process_time() - began
            values = values | ({} if step == 0 else {"loss": mean})
            found += measured("K11", setting, recipe.seed, values, seconds, data)
    return found


def main(seeds=(0, 1, 2, 3, 4)):
    """Both halves, appended as they come."""
    torch.set_num_threads(1)
    for g in FUNCTIONS:
        for scale in SCALES:
            for push in (1.0, 0.1):
                for seed in seeds:
                    append(at_start(Start(g, scale, push, seed=seed)))
        print(g, "at the start", flush=True)
    for name, scales in {"rnn": (0.5, 1.0, 1.5), "relu": (0.5, 1.0, 1.4)}.items():
        for scale in scales:
            for seed in seeds[:3]:
                append(followed(Task("adding", name, 60, lr=1e-3, steps=1000, seed=seed), scale))
            print(name, scale, "in training", flush=True)


if __name__ == "__main__":
    main()
