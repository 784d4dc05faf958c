"""What the gates do to the gradient: the identity dc_t/dc_(t-1) = f_t, and norms by distance (K12).

    python -m rnnlib.experiments.gates

The norms are those of notebook 09, dh_T/dh_t by distance, for all four units and for several
biases of the gate that keeps the past (f of the LSTM, z of the GRUs), before and in training.
"""

import time
from dataclasses import asdict, dataclass

import torch

from .. import train
from ..datasets.synthetic import Stream
from .gradients import Noise, decades
from .long_memory import Recipe as Task
from .long_memory import loss
from .record import append, measured
from .units import GATED, unit

UNITS = ("rnn", "simple_gru", "gru", "lstm")
KEEPS = (-2.0, 0.0, 1.0, 2.0, 3.0, 5.0)


@dataclass(frozen=True)
class Start:
    """A unit at its start over random inputs; `keep` is the bias of the gate that keeps."""

    unit: str
    keep: float = 1.0
    H: int = 32
    D: int = 8
    T: int = 51
    B: int = 4
    seed: int = 0

    def cell(self):
        """The unit in float64."""
        return unit(self.unit, self.D, self.H, self.keep, self.seed).double()

    def x(self):
        """Inputs from a normal distribution, (B, T, D)."""
        generator = torch.Generator().manual_seed(self.seed + 1000)
        return torch.randn(self.B, self.T, self.D, generator=generator, dtype=torch.float64)


def at_start(start):
    """Norms by distance of an untrained unit, as records."""
    began = time.process_time()
    values = decades(start.cell(), start.x())
    setting = {"when": "start"} | {k: v for k, v in asdict(start).items() if k not in ("seed", "B")}
    seconds = time.process_time() - began
    return measured("K12", setting, start.seed, values, seconds, Noise())


def context_jacobians(cell, x, cut):
    """(dc_t/dc_(t-1) (B, H, H), f_t (B, H)) at the last of T steps, exactly, for x (B, T, D).

    cut   the state h that the step is given does not depend on the old context: only the additive
          path is left.  Otherwise h_(t-1) = o * tanh(c_(t-1)) is part of what is differentiated.
    """
    h, c = cell.start(len(x))
    with torch.no_grad():
        for x_t in x[:, :-1].unbind(1):
            seen = cell.parts(x_t, (h, c))
            h, c, o = seen["h"], seen["c"], seen["o"]

    def step(c_row, o_row, h_row, x_row):
        shown = h_row if cut else o_row * torch.tanh(c_row)
        seen = cell.parts(x_row[None], (shown[None], c_row[None]))
        return seen["c"][0], seen["f"][0]

    J, f = torch.func.vmap(torch.func.jacrev(step, has_aux=True))(c, o, h, x[:, -1])
    return J, f


def identity(H=32, D=8, keep=1.0, seed=0):
    """How far dc_t/dc_(t-1) is from diag(f_t), with the other paths cut and with all paths."""
    began = time.process_time()
    start = Start("lstm", keep, H, D, 20, seed=seed)
    found = {}
    for name, cut in {"cut": True, "all_paths": False}.items():
        J, f = context_jacobians(start.cell(), start.x(), cut)
        gap = J - torch.diag_embed(f)
        found[name] = gap.abs().max().item()
        found[f"{name}_share"] = (gap.norm() / J.norm()).item()
    seconds = time.process_time() - began
    setting = {"when": "identity", "keep": keep, "H": H}
    return measured("K12", setting, seed, found, seconds, Noise())


def followed(name, keep, seed, steps=600):
    """Norms by distance while a unit learns to add two numbers 60 steps apart, as records."""
    task = Task("adding", name, 60, lr=1e-3 if name == "rnn" else 1e-2, steps=steps, keep=keep,
                seed=seed)
    model, x = task.model(), Stream("adding", 4, 51, seed=77)[0][0]
    began, data = time.process_time(), Stream("adding", 64, 60)
    settings = train.Settings(steps, lr=task.lr, every=100, seed=seed)
    found, setting = [], {"when": "training", "unit": name, "keep": keep, "T": 60, "lr": task.lr}

    def note(step, values):
        seconds = time.process_time() - began
        return measured("K12", setting | {"updates": step}, seed, values, seconds, data)

    found += note(0, decades(model.cell, x))
    for record in train.fit(model, Stream("adding", 64, 60, seed), loss, settings):
        found += note(record.step, decades(model.cell, x) | {"loss": record.loss})
    return found


def main(seeds=(0, 1, 2, 3, 4)):
    """All three parts, appended as they come."""
    torch.set_num_threads(1)
    for seed in seeds:
        for keep in KEEPS:
            append(identity(keep=keep, seed=seed))
            for name in GATED:
                append(at_start(Start(name, keep, seed=seed)))
        append(at_start(Start("rnn", seed=seed)))
    print("at the start", flush=True)
    for name in UNITS:
        for keep in (0.0, 3.0) if name != "rnn" else (0.0,):
            for seed in seeds[:3]:
                append(followed(name, keep, seed))
            print(name, keep, "in training", flush=True)


if __name__ == "__main__":
    main()
